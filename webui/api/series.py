"""The series of patches, and the story of each."""

from __future__ import annotations

from typing import Literal

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.series import all_series
from webui.api.blueprint import api, listing, resource
from webui.api.models import Author, Brief, Landing, People
from webui.api.paging import ListArgs, MostArgs, Paged, paged, shortened
from webui.api.records import record
from webui.live import catalog


class Series(BaseModel):
    """A series, and how many patches and covers of it the issues have."""

    id: str
    author: Author
    people: People
    subject: str = Field(description="That of its last version.")
    versions: list[int] = Field(description="Those that the issues have.")
    entries: int
    series_url: str
    search_url: str
    page_url: str


class SeriesVersion(BaseModel):
    """A version of a series as an issue has it."""

    version: int
    rfc: bool
    issue: str = Field(description="The issue, newsletter/number.")
    date: str
    tree: str | None
    cover: Brief | None
    patches: list[Brief]
    issue_url: str


class Outcome(BaseModel):
    """An entry that tells of a series, and how that is known."""

    entry: Brief
    why: str


class SeriesLanding(BaseModel):
    """Where a name landed that a series introduces, and which of its patches introduces it."""

    landing: Landing
    why: str


class SeriesResult(BaseModel):
    """What became of a series as a whole."""

    outcome: Literal["merged", "superseded", "not merged", "unknown"]
    version: int = Field(description="Which version was merged, else the last one.")
    merged: int = Field(description="How many of its patches are known to be merged.")
    patches: int
    repository: str | None
    release: str | None
    commit: str | None = Field(description="The merge of the series, or its only patch.")
    commit_url: str | None
    why: str


class SeriesListAnswer(Paged):
    """The series by their ids."""

    series: list[Series]


class SeriesAnswer(BaseModel):
    """A series, its versions from the oldest on, and what became of it."""

    id: str
    author: Author
    people: People
    subject: str = Field(description="That of its last version.")
    versions: list[SeriesVersion]
    outcomes: list[Outcome]
    landings: list[SeriesLanding]
    result: SeriesResult
    series_url: str
    author_url: str | None = Field(description="Of the first of its people.")
    search_url: str
    page_url: str


class SeriesPath(BaseModel):
    """The id of a series."""

    series_id: str = Field(
        description="The id of a series.", json_schema_extra={"example": "arm-ebpf-jit-compiler-shubham-bansal"}
    )


@api.get("/series", summary="All series of patches", **listing(SeriesListAnswer))
def series_list(query: ListArgs) -> Response:
    """Answer with the series of patches, by their ids."""
    return jsonify(paged("series", all_series(catalog()), query))


@api.get("/series/<name:series_id>", summary="One series", **resource(SeriesAnswer))
def series(path: SeriesPath, query: MostArgs) -> Response:
    """Answer with the versions of a series over the issues, and what became of it."""
    return jsonify(shortened(record(lookup.series(catalog(), path.series_id)), query.limit))
