"""Search results: a page of hits with snippets, facet counts and notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from indexer.catalog.about import IssueAbout
from indexer.catalog.facets import Count
from indexer.catalog.profiles import KindAbout
from indexer.query.query import Query

HIT_FIELDS = (
    "id newsletter kind title url original_url source_url archived_url source author people section parent tree "
    "series version outcome topics identifiers names"
).split()
BEFORE_VERSIONS = HIT_FIELDS.index("outcome")

Mark = tuple[int, int]


class Reason(NamedTuple):
    """A part of a score: "+" a term's share, "×" a factor, "=" a replacement of the sum."""

    sign: str
    text: str
    value: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit: the record, issue, score and snippet of an entry, and the ranges to highlight.

    `folded` is the number of other hits of its series, which are not shown. `similar` is true for a hit that is only
    similar in meaning. `whole` is true if the snippet is the whole text. `reasons` explain the score, on request.
    `facet` is the id of the entry's version facet, `kind` describes its kind, if a profile declares it.
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
    facet: str = ""
    kind: KindAbout | None = None
    similar: bool = False

    @property
    def versions(self) -> Sequence[Mapping[str, Any]]:
        """The versions of the entry, which its record holds by the id of their facet."""
        found: Sequence[Mapping[str, Any]] = self.record.get(self.facet, ())
        return found


class Notice(str):
    """A sentence about a search, optionally followed by one that offers another search.

    `statement` and `offer` are the two sentences, and `query` is the offered search. `why` is evidence, which pages
    fold away.
    """

    statement: str
    offer: str
    query: Query | None
    why: str

    def __new__(cls, statement: str, offer: str = "", query: Query | None = None, why: str = "") -> Notice:
        made = super().__new__(cls, f"{statement} {offer}".strip())
        made.statement, made.offer, made.query, made.why = statement, offer, query, why
        return made

    @classmethod
    def unique(cls, sentences: Iterable[str]) -> tuple[Notice, ...]:
        """Return sentences as notices, each once."""
        return tuple(each if isinstance(each, cls) else cls(each) for each in dict.fromkeys(sentences))


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A broader query for an empty result: the filter to drop, and the number of entries it finds."""

    label: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class InferredFilter:
    """A filter inferred from words of the query, and the query that searches for these words literally."""

    field: str
    value: str
    label: str
    words: str
    query: Query


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a query. `query` is the interpreted query; filters in its text are moved to its filters.

    `searched` is the query in words, and `words` are its words. `closest` is true if no entry has all of them. `total`
    is the number of entries, `results` the number of hits on all pages, where a folded series counts once. `facets`
    are the counts of entries by facet name. `corrected` maps misspelt words to those searched instead, and
    `suggestion` is the corrected text. `unmentioned` are known identifiers that no entry mentions.
    """

    query: Query
    searched: str
    words: tuple[str, ...]
    total: int
    results: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[Count]]
    notices: tuple[Notice, ...]
    closest: bool
    corrected: dict[str, str]
    suggestion: str | None = None
    relaxations: tuple[Relaxation, ...] = ()
    inferred: tuple[InferredFilter, ...] = ()
    unmentioned: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """The number of pages of hits."""
        return -(-self.results // self.query.limit)

    @property
    def is_empty(self) -> bool:
        """Whether no entry matches, and none on the page is similar in meaning."""
        return not self.total and not self.hits

    @property
    def filtered(self) -> tuple[str, ...]:
        """The notice of the inferred filters, for answers that do not show them otherwise; none without any."""
        labels = " and ".join(dict.fromkeys(each.label for each in self.inferred))
        return (f"Filtered by {labels}, from words of the query.",) if labels else ()


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return the JSON object of a hit, for the API and `backissue search --json`."""
    versions = [hit.facet] if hit.facet else []
    names = [*HIT_FIELDS[:BEFORE_VERSIONS], *versions, *HIT_FIELDS[BEFORE_VERSIONS:]]
    record = {name: hit.record[name] for name in names}
    issue = hit.issue
    return record | {
        "issue": {"number": issue.number, "title": issue.title, "date": issue.date, "url": issue.url},
        "score": hit.score,
        "folded": hit.folded,
        "similar": hit.similar,
        "snippet": hit.snippet,
        "marks": {"title": [list(m) for m in hit.title_marks], "snippet": [list(m) for m in hit.snippet_marks]},
        "reasons": [{"sign": sign, "text": text, "value": round(value, 4)} for sign, text, value in hit.reasons],
    }
