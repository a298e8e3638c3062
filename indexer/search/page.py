"""A query to a page: parsed, matched, filtered, ordered, counted, and put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.index.analysis import part_terms, terms
from indexer.index.opening import Index, IssueAbout
from indexer.search import facet
from indexer.search.facet import FACETS, Count
from indexer.search.match import Matcher
from indexer.search.parse import Parsed, Query, parse
from indexer.search.score import Scorer
from indexer.search.suggest import Speller

LONGEST_SNIPPET = 420
BEFORE_MARK = 120
HOW_WORDS = {"stated": "stated", "landed": "landed", "issue": "during (by date)"}
KIND_WORDS = {
    "helper": "Helper functions",
    "feature": "Kernel features",
    "talk": "Talks",
    "project": "Projects",
    "article": "Articles",
    "patch": "Patches",
    "note": "Notes",
    "commentary": "Commentary",
}

HIT_FIELDS = (
    "id newsletter kind title url original_url source_url archived_url source author section parent tree "
    "series version kernel topics identifiers names"
).split()

VERSION = re.compile(r"^v?\d\.\d{1,2}$")

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found: its record, its issue, its score, its short text, and which stretches to mark."""

    position: int
    record: dict[str, Any]
    issue: IssueAbout
    score: float
    snippet: str
    title_marks: tuple[Mark, ...]
    snippet_marks: tuple[Mark, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class WayOut:
    """A query that finds something where the one asked for finds nothing: without which filter, and how much."""

    label: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a query: `query` is what was searched, its text without the filters that it named.

    `searched` says it in words, `closest` that no entry had all words, `facets` the counts by facet name,
    `corrected` the words that no entry has, with those that were searched in place of them.
    """

    query: Query
    searched: str
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[Count]]
    notices: tuple[str, ...]
    closest: bool
    corrected: dict[str, str]
    ways_out: tuple[WayOut, ...] = ()

    @property
    def pages(self) -> int:
        """The number of pages that all hits make."""
        return -(-self.total // self.query.limit)


class Searcher:
    """Answers queries over one index; safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.scorer = Scorer(index)
        self.speller = Speller(index)
        self.labels = labels(index)
        self.newest = newest_versions(index)

    def search(self, query: Query) -> Page:
        """Return the page that answers a query; raises `BadQuery` for one outside the bounds."""
        parsed = parse(query.text)
        query, notices = facet.settled(self.index, merged(query, parsed))
        matched = Matcher(self.scorer, self.speller, literal=query.literal).match(parsed.tree)
        left = facet.having(self.index, query.filters)
        docs = np.flatnonzero(matched.mask & left)
        scores = matched.scores * facet.surer(self.index, query.filters)
        ranked = self.ranked(docs, scores, query.sort)
        start = (query.page - 1) * query.limit
        shown = ranked[start : start + query.limit]
        hits = tuple(
            self.hit(start + i + 1, int(doc), float(scores[doc]), matched.marks) for i, doc in enumerate(shown)
        )
        said = (*parsed.notices, *matched.notices, *notices, *(self.known_facts(query.text) if not len(docs) else ()))
        said = (*said, *self.versions_typed(query))
        said = (*(f"no entry has {typed}; {meant} was searched" for typed, meant in matched.corrected.items()), *said)
        if matched.closest:
            said = ("no entry has all of these words; these have the most of them", *said)
        counted = {
            each.name: facet.counts(self.index, matched.mask, query.filters, each.name, self.labels[each.name])
            for each in FACETS
        }
        return Page(
            query=query,
            searched=in_words(query),
            total=len(docs),
            hits=hits,
            facets=counted,
            notices=tuple(dict.fromkeys(said)),
            closest=matched.closest,
            corrected=matched.corrected,
            ways_out=self.ways_out(query, matched.mask) if not len(docs) else (),
        )

    def ways_out(self, query: Query, mask: npt.NDArray[np.bool_]) -> tuple[WayOut, ...]:
        """Return the queries that find something: this one without one of its filters, or without all of them."""
        found = []
        for name, values in query.filters.items():
            less = replace(query, filters={k: v for k, v in query.filters.items() if k != name}, page=1)
            shown = " or ".join(self.labels[name].get(value, value) for value in values)
            found.append(WayOut(f"without {name} {shown}", less, self.total(less, mask)))
        if len(query.filters) > 1:
            found.append(WayOut("without all filters", query.without_filters(), int(mask.sum())))
        return tuple(way for way in found if way.total)

    def total(self, query: Query, mask: npt.NDArray[np.bool_]) -> int:
        return int((mask & facet.having(self.index, query.filters)).sum())

    def versions_typed(self, query: Query) -> Iterator[str]:
        """Yield, for each kernel version that was typed as a word, how many entries are of it."""
        for word in query.text.split():
            version = f"v{word.strip('v')}"
            total = self.total(Query(filters={"kernel": (version,)}), np.ones(self.index.size, bool))
            if VERSION.match(word) and total:
                yield f"{word} was searched as a word; kernel:{version} finds the {total} entries of that kernel"

    def known_facts(self, text: str) -> Iterator[str]:
        """Yield what is known of the names in a text that the archive has nothing about: when each landed."""
        last = max((issue.date for issue in self.index.issues.values()), default="")[:10]
        for token in text.split():
            name = token.strip('()"').removeprefix("BPF_FUNC_")
            for each in (name, f"bpf_{name}"):
                if landing := self.index.about["landings"].get(each):
                    kind, version, commit = landing
                    yield (
                        f"the archive does not mention {each}: a {kind} that landed in {version}"
                        f"{f', commit {commit}' if commit else ''}; the last issue is of {last}"
                    )

    def ranked(self, docs: npt.NDArray[np.int64], scores: npt.NDArray[np.float32], sort: str) -> npt.NDArray[np.int64]:
        """Return documents in the order that was asked for; equal ones newest first, then in reading order."""
        days = self.index.days[docs]
        keys = {
            "relevance": (docs, -days, -scores[docs]),
            "newest": (docs, -days),
            "oldest": (docs, days),
            "kernel": (docs, -days, -self.newest[docs]),
        }
        order: npt.NDArray[np.int64] = docs[np.lexsort(keys[sort])]
        return order

    def hit(self, position: int, doc: int, score: float, marked: set[str]) -> Hit:
        record = self.index.stored(doc)
        issue = self.index.issues[f"{record['newsletter']}/{record['issue']}"]
        title = record["title"]
        body = record["body"] if record["body"] != title else ""
        marks = marks_in(body, marked)
        start, end = window(body, marks)
        inside = tuple((a - start, b - start) for a, b in marks if a >= start and b <= end)
        return Hit(
            position, record, issue, round(score, 4), body[start:end], marks_in(title, marked), inside, end == len(body)
        )


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit as the JSON object that the API and `backissue search --json` answer with."""
    record = {name: hit.record[name] for name in HIT_FIELDS}
    issue = hit.issue
    return record | {
        "issue": {"number": issue.number, "title": issue.title, "date": issue.date, "url": issue.url},
        "score": hit.score,
        "snippet": hit.snippet,
        "marks": {"title": [list(m) for m in hit.title_marks], "snippet": [list(m) for m in hit.snippet_marks]},
    }


def merged(query: Query, parsed: Parsed) -> Query:
    """Return the query with the filters that its text names moved to those that are chosen: one state for both."""
    both = {
        name: tuple(dict.fromkeys((*query.chosen(name), *parsed.filters.get(name, ()))))
        for name in {**dict.fromkeys(query.filters), **dict.fromkeys(parsed.filters)}
    }
    return replace(query, text=parsed.text, filters=both)


def in_words(query: Query) -> str:
    """Return what was searched, in words."""
    parts = [query.text or "all entries"]
    parts += [f"{name} {' or '.join(values)}" for name, values in query.filters.items() if values]
    return "; ".join(parts)


def labels(index: Index) -> dict[str, dict[str, str]]:
    """Return the words for the values of each facet, where they are not shown as they are."""
    several = len(index.values["newsletter"].names) > 1
    names = {name: about["name"] for name, about in index.about["newsletters"].items()}
    issues = {
        key: f"{names.get(issue.newsletter, issue.newsletter)} {issue.number}" if several else f"{issue.number}"
        for key, issue in index.issues.items()
    }
    return {each.name: {} for each in FACETS} | {
        "topic": {topic["id"]: topic["label"] for topic in index.about["topics"]},
        "kind": KIND_WORDS,
        "how": HOW_WORDS,
        "issue": issues,
        "newsletter": names,
    }


def newest_versions(index: Index) -> npt.NDArray[np.int64]:
    """Return for each document the newest version that it belongs to, as a number that sorts."""
    values = index.values["kernel"]
    keys = [facet.version_key(version) for version in facet.split(values)[0]]
    numbers = np.array([major * 1000 + minor for major, minor in keys], dtype=np.int64)
    newest = np.zeros(index.size, dtype=np.int64)
    np.maximum.at(newest, values.docs, numbers[values.ids] if len(numbers) else np.empty(0, np.int64))
    return newest


def marks_in(text: str, marked: set[str]) -> tuple[Mark, ...]:
    """Return the stretches of a text whose terms were searched for."""
    found: list[Mark] = []
    for term in terms(text):
        hit = term.text in marked or ("_" in term.text and not marked.isdisjoint(part_terms(term.text)))
        if hit and (not found or found[-1] != (term.start, term.end)):
            found.append((term.start, term.end))
    return tuple(found)


def window(text: str, marks: Iterable[Mark]) -> Mark:
    """Return the part of a text to show: all of a short one, else a stretch around the first mark."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    first = next(iter(marks), (0, 0))[0]
    start = 0 if first < LONGEST_SNIPPET - BEFORE_MARK else text.rfind(" ", 0, max(1, first - BEFORE_MARK)) + 1
    end = text.rfind(" ", start, start + LONGEST_SNIPPET)
    return start, end if end > start else start + LONGEST_SNIPPET
