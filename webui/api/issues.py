"""The issues, and what stands in each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field, create_model

from indexer.views import lookup
from indexer.views.issues import IssueAboutPage, IssueCount, newest
from webui.api.blueprint import api, listing, resource
from webui.api.paging import MOST, ListArgs, MostArgs, paged, shortened
from webui.api.records import record
from webui.api.schema import fields_of, listing_of, model_of
from webui.live import catalog


class IssueArgs(MostArgs):
    """The most sections of an issue, entries of a section, and patches below an entry."""

    limit: int = Field(MOST, ge=1, le=MOST, description="The most sections, and entries of each.")


IssuesAnswer = listing_of("issues", IssueCount, "IssuesAnswer", "The issues, the newest first.")
IssueAnswer = create_model(
    "IssueAnswer",
    __base__=model_of(IssueCount),
    __doc__="An issue with its contents, and the issues of its newsletter around it.",
    **{name: each for name, each in fields_of(IssueAboutPage).items() if name != "issue"},
)


class IssuePath(BaseModel):
    """An issue by its newsletter and number."""

    newsletter: str = Field(description="The id of a newsletter.", json_schema_extra={"example": "{newsletter}"})
    number: str = Field(
        description="The label of its issue, mostly a number.", json_schema_extra={"example": "{number}"}
    )


@api.get("/issues", summary="All issues", **listing(IssuesAnswer))
def all_issues(query: ListArgs) -> Response:
    """Answer with the issues, the newest first."""
    return jsonify(paged("issues", newest(catalog()), query))


@api.get("/issues/<newsletter>/<path:number>", summary="One issue", **resource(IssueAnswer))
def issue(path: IssuePath, query: IssueArgs) -> Response:
    """Answer with an issue: its sections and entries in reading order."""
    answer = record(lookup.issue(catalog(), path.newsletter, path.number))
    return jsonify(answer.pop("issue") | shortened(answer, query.limit))
