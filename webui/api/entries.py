"""An entry, with its evidence and related entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.model import Entry
from indexer.records import to_record
from indexer.views import lookup
from indexer.views.briefs import issue_about, issue_key
from indexer.views.issues import seen_in
from indexer.views.related import Related as RelatedEntry
from indexer.views.related import related_to
from indexer.views.reported_series import ReportedSeries, reported_series
from webui.api.addresses import identifier_url, issue_url, topic_url, version_url
from webui.api.blueprint import api, resource
from webui.api.models import Author, Edition, FacetEntryVersion, FieldCorrection, Name, PatchOutcome, People
from webui.api.paging import MOST
from webui.api.records import of_entry, record, where
from webui.api.schema import model_of
from webui.live import catalog
from webui.pages import rendering

if TYPE_CHECKING:
    Related: TypeAlias = BaseModel
    SeriesOutcome: TypeAlias = BaseModel
else:
    Related = model_of(RelatedEntry)
    SeriesOutcome = model_of(ReportedSeries)


class Link(BaseModel):
    """A link of an entry."""

    url: str = Field(description="The URL as written in the issue.")
    current_url: str = Field(description="The current URL, if the page has moved.")
    archived_url: str
    issue: str | None = Field(description="The id of the issue that the link leads to (newsletter/number).")
    issue_url: str | None


class EntryCore(BaseModel):
    """The fields that search results and entries have in common."""

    id: str
    newsletter: str
    kind: str
    title: str
    url: str | None = Field(description="The page that the entry links to.")
    author: Author
    people: People
    section: list[str]
    parent: str | None
    identifiers: list[str] = Field(description="The identifiers in the entry, as written.")
    names: list[Name]
    facet_versions: list[FacetEntryVersion]
    outcome: PatchOutcome | None = Field(description="The outcome of a patch, if it is known.")
    topics: list[str]
    tree: str | None
    series: str | None
    version: int | None
    source: Edition
    original_url: str | None = Field(description="The URL of the entry in the original issue.")
    source_url: str | None = Field(description="The URL of the line in the source of the original issue.")
    archived_url: str | None
    entry_url: str
    parent_url: str | None
    series_url: str | None
    author_url: str | None = Field(description="The URL of the first person in `people`.")
    page_url: str


class EntryAnswer(EntryCore):
    """An entry, with its evidence and related entries."""

    issue: int | str = Field(description="The number or other label of the issue.")
    n: int = Field(description="The position in the issue, from 1.")
    body: str
    helpers: list[str]
    series_outcomes: list[SeriesOutcome] = Field(
        description="The outcomes of the series that a patch belongs to, or that a report is about."
    )
    corrections: list[FieldCorrection]
    locator: str
    links: list[Link]
    line: int = Field(description="The line of the source on which the entry begins.")
    seen_in: list[str] = Field(description="The issues with an entry about the same page (newsletter/number).")
    related: list[Related] = Field(description="The most related first.")
    issue_url: str
    topic_urls: dict[str, str]
    identifier_urls: dict[str, str]


class EntryPath(BaseModel):
    """The id of an entry."""

    entry_id: str = Field(
        description="The id of an entry, or an earlier id.",
        json_schema_extra={"example": "{entry}"},
    )


@api.get("/entries/<path:entry_id>", summary="One entry", **resource(EntryAnswer))
def entry(path: EntryPath) -> Response:
    """Return an entry: its text, links, versions with their evidence, and related entries."""
    found = lookup.entry(catalog(), path.entry_id)
    source = issue_about(catalog(), found).edition
    return jsonify(with_links(to_record(found)) | {"source": source} | beyond(found))


def beyond(entry: Entry) -> dict[str, Any]:
    """Return the resources related to an entry, and their URLs."""
    return {
        "seen_in": seen_in(catalog(), entry.url)[:MOST] if entry.url else [],
        "series_outcomes": record(reported_series(catalog(), entry)),
        "related": record(related_to(catalog(), entry)),
        "issue_url": issue_url(issue_key(entry)),
        "topic_urls": {topic: topic_url(topic) for topic in entry.topics},
        "identifier_urls": {name: identifier_url(name) for name in entry.identifiers},
        "links": [
            {
                "url": link.url,
                "current_url": link.current_url,
                "archived_url": link.archived_url,
                "issue": link.issue,
                "issue_url": where(issue_url, link.issue),
            }
            for link in entry.links
        ],
    }


def with_links(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the record of an entry or a result, with its URLs."""
    links = of_entry(entry["id"], entry["parent"], entry["series"], entry["people"])
    facets = [facet for facet in catalog().about.versions if facet in entry]
    return (
        entry
        | links
        | {
            facet: [each | {f"{facet}_url": version_url(facet, each["version"])} for each in entry[facet]]
            for facet in facets
        }
        | {
            "names": [each | {"identifier_url": identifier_url(each["canonical"])} for each in entry["names"]],
            "page_url": rendering.entry_path(entry["id"]),
        }
    )
