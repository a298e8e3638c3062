"""What a search answers with: a page of hits, each with its snippet, and what is to be said of the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from indexer.catalog.about import IssueAbout
from indexer.catalog.facets import Count
from indexer.query.query import Query

HIT_FIELDS = (
    "id newsletter kind title url original_url source_url archived_url source author people section parent tree "
    "series version kernel outcome topics identifiers names"
).split()

Mark = tuple[int, int]


class Reason(NamedTuple):
    """A part of a score: "+" what a term adds, "×" what the sum is multiplied by, "=" what it comes to instead."""

    sign: str
    text: str
    value: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found: its record, its issue, its score, its short text, and which stretches to mark.

    `folded` counts the other entries of its series that were found and are not shown. `whole` is whether the short text
    is all of it, `reasons` what the score is made of, where that was asked for.
    """

    position: int
    record: dict[str, Any]
    issue: IssueAbout
    score: float
    snippet: str
    title_marks: tuple[Mark, ...]
    snippet_marks: tuple[Mark, ...]
    whole: bool = True
    folded: int = 0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class WayOut:
    """A query that finds something where the one asked for finds nothing: without which filter, and how much."""

    label: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class InferredFilter:
    """A filter inferred from words of the query, and the query that searches for these words instead."""

    field: str
    value: str
    label: str
    words: str
    query: Query


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a query: `query` is what was searched, its text without the filters that it named.

    `searched` says it in words, `words` are those that an entry should have, `closest` is true where none has them all,
    `total` counts entries, `results` the hits of all pages: a folded series counts once. `facets` are the counts of
    entries by facet name, `corrected` maps misspelt words to those searched instead, `suggestion` is the text with
    these, `unmentioned` are identifiers that the kernel has and no entry.
    """

    query: Query
    searched: str
    words: tuple[str, ...]
    total: int
    results: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[Count]]
    notices: tuple[str, ...]
    closest: bool
    corrected: dict[str, str]
    suggestion: str | None = None
    ways_out: tuple[WayOut, ...] = ()
    inferred: tuple[InferredFilter, ...] = ()
    unmentioned: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """The number of pages that all hits make."""
        return -(-self.results // self.query.limit)


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit as the JSON object that the API and `backissue search --json` answer with."""
    record = {name: hit.record[name] for name in HIT_FIELDS}
    issue = hit.issue
    return record | {
        "issue": {"number": issue.number, "title": issue.title, "date": issue.date, "url": issue.url},
        "score": hit.score,
        "folded": hit.folded,
        "snippet": hit.snippet,
        "marks": {"title": [list(m) for m in hit.title_marks], "snippet": [list(m) for m in hit.snippet_marks]},
        "reasons": [{"sign": sign, "text": text, "value": round(value, 4)} for sign, text, value in hit.reasons],
    }
