"""The series of patches, and the story of each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.series import SeriesAbout, SeriesCount, all_series
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, MostArgs, paged, shortened
from webui.api.records import record
from webui.api.schema import listing_of, model_of
from webui.live import catalog

SeriesListAnswer = listing_of("series", SeriesCount, "SeriesListAnswer", "The series by their ids.")


class SeriesPath(BaseModel):
    """The id of a series."""

    series_id: str = Field(description="The id of a series.", json_schema_extra={"example": "{series}"})


@api.get("/series", summary="All series of patches", **listing(SeriesListAnswer))
def series_list(query: ListArgs) -> Response:
    """Answer with the series of patches, by their ids."""
    return jsonify(paged("series", all_series(catalog()), query))


@api.get("/series/<name:series_id>", summary="One series", **resource(model_of(SeriesAbout)))
def series(path: SeriesPath, query: MostArgs) -> Response:
    """Answer with the versions of a series over the issues, and what became of it."""
    return jsonify(shortened(record(lookup.series(catalog(), path.series_id)), query.limit))
