"""Series of patches and their outcomes."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.series import SeriesAbout, SeriesCount, all_series
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, MostArgs, paged
from webui.api.records import record
from webui.api.schema import listing_of, model_of
from webui.live import catalog

SeriesListAnswer = listing_of("series", SeriesCount, "SeriesListAnswer", "The series, sorted by id.")


class SeriesPath(BaseModel):
    """The id of a series."""

    series_id: str = Field(description="The id of a series.", json_schema_extra={"example": "{series}"})


@api.get("/series", summary="All series of patches", **listing(SeriesListAnswer))
def series_list(query: ListArgs) -> Response:
    """Return the series of patches, sorted by id."""
    return jsonify(paged("series", all_series(catalog()), query))


@api.get("/series/<name:series_id>", summary="One series", **resource(model_of(SeriesAbout)))
def series(path: SeriesPath, query: MostArgs) -> Response:
    """Return a series: its versions in all issues, and its outcome."""
    return jsonify(record(lookup.series(catalog(), path.series_id), most=query.limit))
