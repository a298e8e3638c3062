"""The issues, and what stands in each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.issues import newest
from webui.api.blueprint import api, listing, resource
from webui.api.models import Brief, Edition
from webui.api.paging import MOST, ListArgs, MostArgs, Paged, paged, shortened
from webui.api.records import record
from webui.live import catalog


class Issue(BaseModel):
    """An issue and how many entries it has."""

    id: str = Field(description="newsletter/number")
    newsletter: str
    number: int | str
    title: str
    date: str = Field(description="Its day, YYYY-MM-DD.")
    url: str | None = Field(description="Where it was published.")
    edition: Edition
    entries: int
    problems: int = Field(description="How much of it was not understood.")
    kinds: dict[str, int] = Field(description="How many entries of each kind.")
    issue_url: str
    search_url: str
    page_url: str


class Nested(BaseModel):
    """An entry of an issue, and the patches below it."""

    entry: Brief
    below: list[Brief]


class Section(BaseModel):
    """A stretch of an issue under the same headings."""

    path: list[str] = Field(description="The headings, outermost first; none before the first.")
    entries: list[Nested]


class IssuesAnswer(Paged):
    """The issues, the newest first."""

    issues: list[Issue]


class IssueArgs(MostArgs):
    """The most sections of an issue, entries of a section, and patches below an entry."""

    limit: int = Field(MOST, ge=1, le=MOST, description="The most sections, and entries of each.")


class IssueAnswer(Issue):
    """An issue with its contents, and the issues of its newsletter around it."""

    sections: list[Section]
    previous: str | None
    next: str | None
    previous_url: str | None
    next_url: str | None


class IssuePath(BaseModel):
    """An issue by its newsletter and number."""

    newsletter: str = Field(description="The id of a newsletter.", json_schema_extra={"example": "bpf-updates"})
    number: str = Field(description="The label of its issue, mostly a number.", json_schema_extra={"example": "13"})


@api.get("/issues", summary="All issues", **listing(IssuesAnswer))
def all_issues(query: ListArgs) -> Response:
    """Answer with the issues, the newest first."""
    return jsonify(paged("issues", newest(catalog()), query))


@api.get("/issues/<newsletter>/<number>", summary="One issue", **resource(IssueAnswer))
def issue(path: IssuePath, query: IssueArgs) -> Response:
    """Answer with an issue: its sections and entries in reading order."""
    answer = record(lookup.issue(catalog(), path.newsletter, path.number))
    return jsonify(answer.pop("issue") | shortened(answer, query.limit))
