"""The API for scripts: JSON over the same functions as the pages, described by the models that check requests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from flask import Response, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from indexer.records import to_record
from indexer.search.facet import BY_NAME
from indexer.search.page import Page, Searcher, hit_record
from indexer.search.parse import LAST_PAGE, LONGEST, MOST_HITS, Query, from_args
from webui.live import live
from webui.rendering import address

PREFIX = "/api/v1"
SEARCH = f"{PREFIX}/search"


class Problem(BaseModel):
    """A problem as RFC 9457 describes one."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class KernelVersion(BaseModel):
    """A kernel version of an entry: how it is known, the evidence in words, and a commit or release behind it."""

    version: str
    how: Literal["stated", "landed", "issue"]
    evidence: str
    url: str | None


class Name(BaseModel):
    """A name as an issue writes it, the kernel's name for the same thing, and why they are one."""

    written: str
    canonical: str
    reason: str


class IssueOfHit(BaseModel):
    """The issue that an entry is from; `date` is UTC."""

    number: int
    title: str
    date: str
    url: str | None


class Marks(BaseModel):
    """Stretches that the query's words mark, each from its first character to the one behind it."""

    title: list[list[int]]
    snippet: list[list[int]]


class Reason(BaseModel):
    """A part of a score: "+" is added, "×" multiplies the sum, "=" stands in its place."""

    sign: Literal["+", "×", "="]
    text: str
    value: float


class Hit(BaseModel):
    """An entry that was found; `reasons` say what its score is made of, where that was asked for."""

    id: str
    newsletter: str
    issue: IssueOfHit
    kind: str
    title: str
    url: str | None
    original_url: str | None
    source_url: str | None
    archived_url: str | None
    source: Literal["retold", "original"]
    author: str | None
    section: list[str]
    parent: str | None
    tree: str | None
    series: str | None
    version: int | None
    kernel: list[KernelVersion]
    topics: list[str]
    identifiers: list[str]
    names: list[Name]
    score: float
    snippet: str
    marks: Marks
    reasons: list[Reason]


class FacetValue(BaseModel):
    """A value of a facet: how many entries there are when it alone is chosen, and where choosing it leads."""

    value: str
    label: str
    count: int
    selected: bool
    toggle_url: str


class SearchAnswer(BaseModel):
    """The answer to a search: `query` is what was searched, in words."""

    query: str
    total: int
    page: int
    pages: int
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]
    suggestion: str | None
    notices: list[str]


class Link(BaseModel):
    """A link of an entry: as written, what it is known to be now, its archived copy, the issue that it leads to."""

    url: str
    current_url: str
    archived_url: str
    issue: str | None


class EntryAnswer(BaseModel):
    """An entry with all that is known of it."""

    id: str
    newsletter: str
    issue: int
    n: int
    kind: str
    title: str
    url: str | None
    author: str | None
    section: list[str]
    parent: str | None
    body: str
    identifiers: list[str]
    helpers: list[str]
    names: list[Name]
    kernel: list[KernelVersion]
    topics: list[str]
    locator: str
    tree: str | None
    series: str | None
    version: int | None
    links: list[Link]
    line: int
    seen_in: list[str]
    source: Literal["retold", "original"]
    original_url: str | None
    source_url: str | None
    archived_url: str | None


def of(name: str) -> str:
    """Return what a filter is for, in one sentence."""
    return f"Only entries {BY_NAME[name].help}."


class SearchArgs(BaseModel):
    """What a search asks for; each filter may be repeated, its values are alternatives."""

    q: str = Field("", max_length=LONGEST, description="Words, phrases, fields; empty for all entries.")
    kernel: list[str] = Field([], description=of("kernel"))
    how: list[str] = Field([], description=of("how"))
    topic: list[str] = Field([], description=of("topic"))
    kind: list[str] = Field([], description=of("kind"))
    issue: list[str] = Field([], description=of("issue"))
    author: list[str] = Field([], description=of("author"))
    tree: list[str] = Field([], description=of("tree"))
    newsletter: list[str] = Field([], description=of("newsletter"))
    sort: Literal["relevance", "newest", "oldest", "kernel"] = "relevance"
    limit: int = Field(20, ge=1, le=MOST_HITS)
    page: int = Field(1, ge=1, le=LAST_PAGE)
    literal: bool = Field(default=False, description="No correction, no word of the same meaning.")
    explain: bool = Field(default=False, description="Say of each hit what its score is made of.")


class SuggestArgs(BaseModel):
    """What was typed so far."""

    q: str = Field("", max_length=LONGEST)


class Suggested(BaseModel):
    """Something to search for."""

    group: Literal["identifier", "author", "topic", "title"]
    text: str
    count: int


class SuggestAnswer(BaseModel):
    """What begins like what was typed, by groups."""

    query: str
    suggestions: list[Suggested]


class EntryPath(BaseModel):
    """The id of an entry, as in bpf-updates/13/new-helper-function-bpf-getsockops."""

    entry_id: str


api = APIBlueprint("api", __name__, url_prefix=PREFIX)
TAG = Tag(name="search", description="Find entries and read them.")


@api.get("/search", summary="Search the entries", tags=[TAG], responses={200: SearchAnswer, 400: Problem, 503: Problem})
def search(query: SearchArgs) -> Response:
    """Answer with the entries that match, best first, and the facets."""
    searcher = live().searcher()
    page = searcher.search(from_args(request.args.items(multi=True)), explained=query.explain)
    return jsonify(answer(page, searcher))


@api.get("/suggest", summary="Suggestions as one types", tags=[TAG], responses={200: SuggestAnswer, 400: Problem})
def suggest(query: SuggestArgs) -> Response:
    """Answer with identifiers, authors, topics and titles that begin like what was typed."""
    searcher = live().searcher()
    found = searcher.suggester.suggestions(query.q)
    return jsonify(query=query.q, suggestions=[asdict(each) for each in found])


@api.get(
    "/entries/<path:entry_id>",
    summary="One entry",
    tags=[TAG],
    responses={200: EntryAnswer, 404: Problem, 503: Problem},
)
def entry(path: EntryPath) -> Response:
    """Answer with an entry."""
    index = live().searcher().index
    found, edition = index.entry(path.entry_id)
    return jsonify(to_record(found) | {"source": edition, "seen_in": index.seen_in(found.url) if found.url else []})


def answer(page: Page, searcher: Searcher) -> dict[str, Any]:
    """Return a page of hits as the API answers with it."""
    return {
        "query": page.searched,
        "total": page.total,
        "page": page.query.page,
        "pages": page.pages,
        "hits": [hit_record(hit) for hit in page.hits],
        "facets": {
            name: [
                {
                    "value": count.value,
                    "label": count.label,
                    "count": count.count,
                    "selected": count.selected,
                    "toggle_url": toggle_url(page.query, name, count.value),
                }
                for count in values
            ]
            for name, values in page.facets.items()
        },
        "suggestion": suggestion(page),
        "notices": list(page.notices),
    }


def suggestion(page: Page) -> str | None:
    """Return the query that was searched in place of one with misspelt words, None where none was."""
    if not page.corrected:
        return None
    return " ".join(page.corrected.get(word, word) for word in page.query.text.split())


def toggle_url(query: Query, name: str, value: str) -> str:
    return address(query.toggled(name, value), SEARCH)
