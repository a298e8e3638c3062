"""Identifiers in the entries, and the facts about each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.query.query import LONGEST
from indexer.views import lookup
from indexer.views.identifier_lookup import names
from indexer.views.identifiers import NameAbout, NameCount, names_like
from webui.api.addresses import identifier_url
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, page_of, paged
from webui.api.records import record
from webui.api.schema import listing_of, paged_model
from webui.live import catalog

IdentifiersAnswer = listing_of(
    "identifiers",
    NameCount,
    "IdentifiersAnswer",
    "The identifiers that contain a text: first those that begin with it, then those with the most entries.",
)


class IdentifierArgs(ListArgs):
    """A part of an identifier, and the page of the list."""

    q: str = Field(
        "",
        max_length=LONGEST,
        description="A part of the identifier, in any spelling. Leave it empty to list all identifiers.",
        json_schema_extra={"example": "{part}"},
    )


class IdentifierPath(BaseModel):
    """An identifier in any spelling: as an alias, without its prefix, or in another case."""

    name: str = Field(
        description="An identifier in any spelling: as an alias, without its prefix, or in another case.",
        json_schema_extra={"example": "{identifier}"},
    )


@api.get("/identifiers", summary="All identifiers", **listing(IdentifiersAnswer))
def identifiers(query: IdentifierArgs) -> Response:
    """Return the identifiers that contain a text."""
    return jsonify(paged("identifiers", names_like(catalog(), query.q), query))


@api.get("/identifiers/<name:name>", summary="One identifier", **resource(paged_model(NameAbout)))
def identifier(path: IdentifierPath, query: ListArgs) -> Response:
    """Return the kind and first release of an identifier, and the entries that mention it, in pages."""
    found = lookup.name(catalog(), path.name, (query.page - 1) * query.limit, query.limit)
    total = names(catalog()).often(found.name)
    return jsonify(record(found) | page_of(identifier_url(found.name), total, query))
