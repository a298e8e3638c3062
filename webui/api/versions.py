"""The versions of each version facet, and what is new in each version."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.errors import NotFound
from indexer.query.nearest import nearest
from indexer.views import lookup
from indexer.views.versions import VersionAbout, VersionCount, versions
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, MostArgs, paged
from webui.api.records import record
from webui.api.schema import listing_of, model_of
from webui.live import catalog

VersionsAnswer = listing_of(
    "facet_list", VersionCount, "FacetVersionsAnswer", "The versions in the archive, the newest first."
)


class FacetPath(BaseModel):
    """The plural of a version facet."""

    plural: str


class VersionPath(FacetPath):
    """A version of a facet, with or without its prefix."""

    version: str = Field(description="A version, with or without its prefix.", json_schema_extra={"example": "{facet}"})


@api.get("/<plural>", summary="All versions", **listing(VersionsAnswer))
def all_versions(path: FacetPath, query: ListArgs) -> Response:
    """Return the versions in the archive, the newest first."""
    facet = facet_of(path.plural)
    return jsonify(paged(path.plural, versions(catalog(), facet), query, facet))


@api.get("/<plural>/<name:version>", summary="One version", **resource(model_of(VersionAbout)))
def one_version(path: VersionPath, query: MostArgs) -> Response:
    """Return a version: its dates, what landed in it, and its entries."""
    facet = facet_of(path.plural)
    return jsonify(record(lookup.version(catalog(), facet, path.version, query.limit), facet, query.limit))


def facet_of(plural: str) -> str:
    """Return the id of the version facet with this plural. Raises `NotFound` if there is none."""
    known = {facet.plural: facet.id for facet in catalog().about.versions.values()}
    if plural not in known:
        raise NotFound("The API has no such URL.", nearest(plural, known))
    return known[plural]
