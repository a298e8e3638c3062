"""The names of the kernel, and what is known of each."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.query.query import LONGEST
from indexer.views import lookup
from indexer.views.identifiers import names_like
from webui.api.addresses import identifier_url
from webui.api.blueprint import api, listing, resource
from webui.api.models import Claim, Mention
from webui.api.paging import ListArgs, Paged, items, page_of, paged
from webui.api.records import record
from webui.live import catalog


class Identifier(BaseModel):
    """A name, what it is and where it landed (null where no table of facts has it), how many entries mention it."""

    name: str
    kind: str | None
    version: str | None
    mentions: int
    identifier_url: str
    kernel_url: str | None
    search_url: str
    page_url: str


class Written(BaseModel):
    """Another way in which a name is written, and why it is the same."""

    name: str
    why: str


class Outside(BaseModel):
    """A page elsewhere about a name, and what it is."""

    label: str
    url: str


class IdentifiersAnswer(Paged):
    """The names that a text is a part of: those that begin so first, then those that most entries mention."""

    identifiers: list[Identifier]


class IdentifierAnswer(Paged):
    """What is known of a name; what it is and where it landed are null where no table of facts has it."""

    name: str = Field(description="As the kernel has it, however it was asked for.")
    kind: str | None
    version: str | None
    commit: str | None
    commit_url: str | None
    aliases: list[Written]
    claims: list[Claim]
    disputed: bool
    checked: bool | None
    note: str
    mentions: list[Mention] = Field(description="On this page, in reading order.")
    links: list[Outside]
    identifier_url: str
    kernel_url: str | None
    search_url: str
    page_url: str


class IdentifierArgs(ListArgs):
    """A part of a name, and which page."""

    q: str = Field(
        "",
        max_length=LONGEST,
        description="A part of the name, in any of its forms; empty for all.",
        json_schema_extra={"example": "sockopt"},
    )


class IdentifierPath(BaseModel):
    """A name in any form: case, an alias, BPF_FUNC_x, without its prefix."""

    name: str = Field(
        description="A name in any form: an alias, BPF_FUNC_x, without its prefix, in any case.",
        json_schema_extra={"example": "bpf_getsockopt"},
    )


@api.get("/identifiers", summary="Names of the kernel", **listing(IdentifiersAnswer))
def identifiers(query: IdentifierArgs) -> Response:
    """Answer with the names that a text is a part of."""
    return jsonify(paged("identifiers", names_like(catalog(), query.q), query))


@api.get("/identifiers/<name:name>", summary="One name", **resource(IdentifierAnswer))
def identifier(path: IdentifierPath, query: ListArgs) -> Response:
    """Answer with what a name is, where it landed, and the entries that mention it, in pages."""
    found = lookup.name(catalog(), path.name)
    about = record(replace(found, mentions=tuple(items(found.mentions, query))))
    return jsonify(about | page_of(identifier_url(found.name), len(found.mentions), query))
