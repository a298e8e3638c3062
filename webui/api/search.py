"""Search and suggestions in the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from flask import Response, jsonify, request
from pydantic import BaseModel, Field

from indexer.catalog.answers import Hit as FoundHit
from indexer.catalog.answers import Page, hit_record
from indexer.catalog.facets import first_and_selected
from indexer.catalog.protocol import Catalog
from indexer.query.address import from_args
from indexer.query.nearest import MISSPELT, nearest
from indexer.query.query import LAST_PAGE, LONGEST, MOST_HITS, Query
from indexer.views.identifiers import NameCount
from indexer.views.suggestions import Suggestion, suggestions
from indexer.views.typed import names_typed
from webui.api.addresses import SEARCH, issue_url
from webui.api.blueprint import SEARCHING, Args, api, listing
from webui.api.entries import EntryCore, with_links
from webui.api.paging import Paged
from webui.api.records import record
from webui.api.schema import model_of
from webui.live import catalog
from webui.pages.rendering import (
    address,
    author_path,
    entry_path,
    issue_path,
    name_path,
    series_path,
    topic_path,
    version_path,
)

if TYPE_CHECKING:
    Identifier: TypeAlias = BaseModel
else:
    Identifier = model_of(NameCount)

MOST_VALUES = 1_000  # of each facet


class IssueOfHit(BaseModel):
    """The issue of an entry. The date is in UTC."""

    number: int | str
    title: str
    date: str
    url: str | None
    issue_url: str


class Marks(BaseModel):
    """The ranges of characters that match the query, as pairs of start and end."""

    title: list[list[int]]
    snippet: list[list[int]]


class Reason(BaseModel):
    """A part of a score: "+" adds its value, "×" multiplies the sum by it, "=" replaces the sum with it."""

    sign: Literal["+", "×", "="]
    text: str
    value: float


class Hit(EntryCore):
    """A result. `reasons` are the parts of its score, and empty unless `explain` is set."""

    issue: IssueOfHit
    score: float
    folded: int = Field(
        description="The number of other matching entries of the same series. `fold=0` lists them as results."
    )
    similar: bool = Field(description="Whether the entry is only similar in meaning (needs the extra `semantic`).")
    snippet: str
    marks: Marks
    reasons: list[Reason]


class FacetValue(BaseModel):
    """A value of a facet, with its number of entries. `toggle_url` selects or deselects it."""

    value: str
    label: str
    count: int
    selected: bool
    toggle_url: str


class Relaxation(BaseModel):
    """A search with fewer filters that has results, and its number of entries."""

    label: str
    total: int
    search_url: str


class InferredFilter(BaseModel):
    """A filter inferred from words of the query. `words_url` searches for the words instead."""

    field: str
    value: str
    label: str
    words: str
    words_url: str


class SearchAnswer(Paged):
    """The answer to a search."""

    total: int = Field(description="The number of matching entries, including folded ones.")
    query: str = Field(description="The query and its filters in words.")
    names: list[Identifier] = Field(description="The identifiers in the query.")
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]
    suggestion: str | None
    results: int = Field(description="The number of results on all pages. A series counts as one, unless `fold` is 0.")
    closest: bool = Field(description="True if no entry contains all words. The closest matches are listed then.")
    inferred: list[InferredFilter]
    notices: list[str]
    ways_out: list[Relaxation]


class SearchArgs(Args):
    """The parameters of a search, without the filters, which `webui.api.facets` describes."""

    q: str = Field(
        "",
        max_length=LONGEST,
        description="Words, phrases and fields. Leave it empty to list all entries.",
        json_schema_extra={"example": "{words}"},
    )
    sort: str = Field("relevance", description="The order of the results.")
    limit: int = Field(20, ge=1, le=MOST_HITS, description="The maximum number of results on a page.")
    page: int = Field(1, ge=1, le=LAST_PAGE, description="The number of the page. A page past the end is empty.")
    literal: bool = Field(
        default=False, description="Search for the words exactly as typed, without corrections and synonyms."
    )
    fold: bool = Field(default=True, description="List each series of patches once, by its best entry.")
    values: int = Field(
        200,
        ge=0,
        le=MOST_VALUES,
        description="The maximum number of values of each facet. Selected values are always listed.",
    )
    explain: bool = Field(default=False, description="Add the parts of the score to each result.")


class SuggestArgs(Args):
    """The text typed so far."""

    q: str = Field(
        "", max_length=LONGEST, description="The text typed so far.", json_schema_extra={"example": "{typed}"}
    )


class Suggested(BaseModel):
    """A suggestion."""

    group: Literal["field", "version", "issue", "topic", "identifier", "series", "author", "title"]
    text: str
    count: int
    target: str = Field(description="The suggested id, name or version. For a field, the completed query.")
    page_url: str


class SuggestAnswer(BaseModel):
    """Suggestions by group."""

    query: str
    suggestions: list[Suggested]


@api.get("/search", summary="Search the entries", **listing(SearchAnswer, SEARCHING))
def search(query: SearchArgs) -> Response:
    """Return the matching entries, best first, and the facets."""
    page = catalog().search(from_args(request.args.items(multi=True), catalog().about.fields), explain=query.explain)
    made = answer(page, catalog(), query.values)
    made["notices"] += misspelt(request.args)
    return jsonify(made)


@api.get("/suggest", summary="Suggest while typing", **listing(SuggestAnswer, SEARCHING))
def suggest(query: SuggestArgs) -> Response:
    """Return versions, issues, topics, identifiers, series, authors and titles that begin with the typed text."""
    found = suggestions(catalog(), query.q)
    return jsonify(query=query.q, suggestions=[asdict(each) | {"page_url": destination(each)} for each in found])


def destination(each: Suggestion) -> str:
    """Return the URL of the page for a suggestion."""
    paths = {"version": version_page, "topic": topic_path, "identifier": name_path, "series": series_path}
    paths |= {"author": author_path, "title": entry_path}
    if each.group == "issue":
        newsletter, _, number = each.target.partition("/")
        return issue_path(newsletter, number)
    return paths[each.group](each.target) if each.group in paths else address(Query(each.target, fold=True))


def version_page(target: str) -> str:
    """Return the URL of the page of a suggested version. The target contains the facet if there are several."""
    facet, slash, version = target.partition("/")
    return version_path(facet, version) if slash else version_path(next(iter(catalog().about.versions)), target)


def misspelt(names: Iterable[str]) -> Iterator[str]:
    """Yield a notice for each parameter that is probably misspelled. Other unknown parameters are ignored."""
    known = (*catalog().about.fields.filters, *SearchArgs.model_fields)
    for name in names:
        if name not in known and (near := nearest(name, known, most=1, farthest=MISSPELT)):
            yield f"There is no parameter {name}, so it was ignored. Did you mean {near[0]}?"


def answer(page: Page, catalog: Catalog, most: int) -> dict[str, Any]:
    """Return the answer for a page of results, with at most `most` values of each facet."""
    return {
        "query": page.searched,
        "total": page.total,
        "page": page.query.page,
        "pages": page.pages,
        "previous_url": at(page, page.query.page - 1),
        "next_url": at(page, page.query.page + 1),
        "names": record(names_typed(catalog, page.words, page.corrected)),
        "hits": [with_addresses(hit) for hit in page.hits],
        "facets": {
            name: [
                record(count) | {"toggle_url": toggle_url(page.query, name, count.value)}
                for count in first_and_selected(values, most)
            ]
            for name, values in page.facets.items()
        },
        "suggestion": page.suggestion,
        "results": page.results,
        "closest": page.closest,
        "inferred": [
            {
                "field": each.field,
                "value": each.value,
                "label": each.label,
                "words": each.words,
                "words_url": address(each.query, SEARCH),
            }
            for each in page.inferred
        ],
        "notices": list(page.notices),
        "ways_out": [
            {"label": way.label, "total": way.total, "search_url": address(way.query, SEARCH)}
            for way in page.relaxations
        ],
    }


def at(page: Page, number: int) -> str | None:
    """Return the URL of another page of results, or None if there is no such page."""
    return address(page.query.on_page(number), SEARCH) if 1 <= number <= min(page.pages, LAST_PAGE) else None


def with_addresses(hit: FoundHit) -> dict[str, Any]:
    """Return a result with its URLs."""
    found = with_links(hit_record(hit))
    return found | {"issue": found["issue"] | {"issue_url": issue_url(hit.issue.key)}}


def toggle_url(query: Query, name: str, value: str) -> str:
    return address(query.toggled(name, value), SEARCH)
