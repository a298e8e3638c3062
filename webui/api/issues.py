"""Issues and their contents."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify
from pydantic import BaseModel, Field, create_model

from indexer.views import lookup
from indexer.views.issues import IssueAboutPage, IssueCount, newest, rows, sections_of
from webui.api.addresses import issue_url
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, Paged, items, page_of, paged
from webui.api.records import record
from webui.api.schema import fields_of, listing_of, model_of
from webui.live import catalog

MOST_ENTRIES = 300  # on a page


class IssueArgs(ListArgs):
    """The page of an issue's entries."""

    limit: int = Field(MOST_ENTRIES, ge=1, le=MOST_ENTRIES, description="The maximum number of entries on a page.")


IssuesAnswer = listing_of("issues", IssueCount, "IssuesAnswer", "The issues, the newest first.")
IssueAnswer = create_model(
    "IssueAnswer",
    __base__=(model_of(IssueCount), Paged),
    __doc__="An issue with its entries, and the previous and the next issue of the newsletter.",
    **{name: each for name, each in fields_of(IssueAboutPage).items() if name != "issue"},
)


class IssuePath(BaseModel):
    """An issue by its newsletter and number."""

    newsletter: str = Field(description="The id of a newsletter.", json_schema_extra={"example": "{newsletter}"})
    number: str = Field(
        description="The label of the issue, usually a number.", json_schema_extra={"example": "{number}"}
    )


@api.get("/issues", summary="All issues", **listing(IssuesAnswer))
def all_issues(query: ListArgs) -> Response:
    """Return the issues, the newest first."""
    return jsonify(paged("issues", newest(catalog()), query))


@api.get("/issues/<newsletter>/<path:number>", summary="One issue", **resource(IssueAnswer))
def issue(path: IssuePath, query: IssueArgs) -> Response:
    """Return an issue: its sections and entries in reading order, in pages."""
    found = lookup.issue(catalog(), path.newsletter, path.number)
    entries = rows(found.sections)
    shown = replace(found, sections=tuple(sections_of(items(entries, query))))
    answer = record(shown)
    page = page_of(issue_url(found.issue.id), len(entries), query)
    return jsonify(answer.pop("issue") | answer | page)
