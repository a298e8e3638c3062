"""The names in code that entries mention, and what is known of each."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.query.query import LONGEST
from indexer.views import lookup
from indexer.views.identifiers import NameAbout, NameCount, names_like
from webui.api.addresses import identifier_url
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, items, page_of, paged
from webui.api.records import record
from webui.api.schema import listing_of, paged_model
from webui.live import catalog

IdentifiersAnswer = listing_of(
    "identifiers",
    NameCount,
    "IdentifiersAnswer",
    "The names that a text is a part of: those that begin so first, then those that most entries mention.",
)


class IdentifierArgs(ListArgs):
    """A part of a name, and which page."""

    q: str = Field(
        "",
        max_length=LONGEST,
        description="A part of the name, in any of its forms; empty for all.",
        json_schema_extra={"example": "{part}"},
    )


class IdentifierPath(BaseModel):
    """A name in any form: an alias, without its prefix, in any case."""

    name: str = Field(
        description="A name in any form: an alias, without its prefix, in any case.",
        json_schema_extra={"example": "{identifier}"},
    )


@api.get("/identifiers", summary="Names in code", **listing(IdentifiersAnswer))
def identifiers(query: IdentifierArgs) -> Response:
    """Answer with the names that a text is a part of."""
    return jsonify(paged("identifiers", names_like(catalog(), query.q), query))


@api.get("/identifiers/<name:name>", summary="One name", **resource(paged_model(NameAbout)))
def identifier(path: IdentifierPath, query: ListArgs) -> Response:
    """Answer with what a name is, where it landed, and the entries that mention it, in pages."""
    found = lookup.name(catalog(), path.name)
    about = record(replace(found, mentions=tuple(items(found.mentions, query))))
    return jsonify(about | page_of(identifier_url(found.name), len(found.mentions), query))
