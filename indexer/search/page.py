"""A query to a page: parsed, matched, filtered, ordered, counted, and put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.analysis import spans
from indexer.catalog.answers import HIT_FIELDS, Hit, Mark, Page, Reason, WayOut
from indexer.catalog.facets import FACETS, Facet, labels, version_key
from indexer.query.parser import Parsed, parse
from indexer.query.query import Query
from indexer.query.tree import And, Phrase, Word, leaves
from indexer.search import facets as facet
from indexer.search.expansion import Words, kernels_name
from indexer.search.facets import Narrowed
from indexer.search.matching import Matched, Matcher
from indexer.search.scoring import Scored, Scorer
from indexer.search.suggestions import Suggester
from indexer.storage.cache import Kept
from indexer.storage.index import Ids, Index, inverse
from indexer.storage.schema import SEARCHED

RANK_BITS = 32
FEW = 16  # entries that are sooner ordered one by one
MOST_LETTERS = 2_000_000  # of the bodies of records that were shown last, kept decoded
MOST_WORDS = 200_000  # words of entries that were marked last, kept analysed
LONGEST_SNIPPET = 420
BEFORE_MARK = 120
SHOWN = (*HIT_FIELDS, "issue", "body")

VERSION = re.compile(r"^v?\d\.\d{1,2}$")

Placed = tuple[int, int, frozenset[str]]


class Text(NamedTuple):
    """The words of an entry's title and of its body, with the terms that find them."""

    title: tuple[Placed, ...]
    body: tuple[Placed, ...]


class Top(NamedTuple):
    """One of the first entries that were found, and its score."""

    doc: int
    score: float


class Found(NamedTuple):
    """What a query finds: `query` with the filters that its text named, the page's entries in order, and what was odd.

    `matched` are all entries that the filters leave, `narrowed` counts the facets.
    """

    query: Query
    parsed: Parsed
    matched: Matched
    narrowed: Narrowed
    top: list[Top]
    notices: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many entries were found."""
        return len(self.matched.scored.ids)


class Searcher:
    """Answers queries over one index; safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.scorer = Scorer(index)
        self.words = Words(self.scorer)
        self.labels = labels(index.said)
        self.suggester = Suggester(index, self.labels["topic"])
        self._records: Kept[dict[str, Any]] = Kept(MOST_LETTERS, lambda record: len(record["body"]))
        self._texts: Kept[Text] = Kept(MOST_WORDS, lambda text: len(text.title) + len(text.body))

    def warm(self) -> None:
        """Read what many searches need, so that the first ones are as quick as those that follow."""
        for name in SEARCHED:
            self.index.lengths(name)
            self.index.vocabulary(name)
        self.suggester.suggestions("warm")
        self.words.speller.candidates("warm", 1)
        self.search(Query(limit=1))

    def find(self, query: Query, *, explained: bool = False) -> Found:
        """Return what a query finds, without putting it into words; raises `BadQuery` outside the bounds."""
        parsed = parse(query.text)
        query, notices = facet.settled(self.index, merged(query, parsed))
        matched = Matcher(self.words, literal=query.literal, explained=explained).match(parsed.tree)
        narrowed = Narrowed(self.index, matched.scored.ids, query.filters)
        if narrowed.left is not None:
            matched.keep(narrowed.left)
        return Found(query, parsed, matched, narrowed, self.ranked(matched.scored, query), tuple(notices))

    def search(self, query: Query, facets: Iterable[Facet] = FACETS, *, explained: bool = False) -> Page:
        """Return the page that answers a query, with these facets counted; raises `BadQuery` outside the bounds.

        With `explained`, each hit says what its score is made of.
        """
        found = self.find(query, explained=explained)
        query, matched = found.query, found.matched
        start = (query.page - 1) * query.limit
        typed = words_of(found.parsed)
        known = self.known_facts(typed) if not found.total or matched.shares is not None else {}
        return Page(
            query=query,
            searched=in_words(found),
            words=typed,
            total=found.total,
            hits=tuple(self.hit(start + i, each, found, explained=explained) for i, each in enumerate(found.top, 1)),
            facets={each.name: found.narrowed.counts(each, self.labels[each.name]) for each in facets},
            notices=tuple(dict.fromkeys((*self.said(found), *known.values(), *self.versions_typed(typed)))),
            closest=matched.shares is not None,
            corrected=matched.corrected,
            suggestion=suggestion(found),
            ways_out=() if found.total else self.ways_out(query, found.narrowed.ids),
            unmentioned=tuple(known),
        )

    def ranked(self, scored: Scored, query: Query) -> list[Top]:
        """Return a page's entries in the order that was asked for.

        What an entry is worth in the end is that by its words, its kind, and how sure a version asked for is.
        """
        ids = scored.ids
        scores = scored.scores * self.scorer.prior[ids]
        if (surer := facet.surer(self.index, query.filters, ids)) is not None:
            scores = scores * surer
        by_score = query.sort == "relevance"
        places = self.orders["newest" if by_score else query.sort][ids]
        start, end = (query.page - 1) * query.limit, query.page * query.limit
        if len(ids) <= FEW:
            rows = zip(ids.tolist(), scores.tolist(), places.tolist(), strict=True)
            best = sorted(rows, key=(lambda row: (-row[1], row[2])) if by_score else itemgetter(2))
            return [Top(doc, score) for doc, score, _ in best[start:end]]
        # Bits of floats that are not negative sort as the floats do; below them what equal ones are ordered by.
        order = places - (scores.view(np.int32).astype(np.int64) << RANK_BITS) if by_score else places
        first = lowest(order, end)[start:]
        return list(map(Top._make, zip(ids[first].tolist(), scores[first].tolist(), strict=True)))

    @cached_property
    def orders(self) -> dict[str, npt.NDArray[np.int64]]:
        """For each way to sort the place of every entry; equal ones newest first, then in reading order."""
        index = self.index
        oldest = np.argsort(index.days, kind="stable")
        kernel = np.lexsort((index.recency, -newest_versions(index)))
        return {
            "newest": index.recency.astype(np.int64),
            "oldest": inverse(oldest).astype(np.int64),
            "kernel": inverse(kernel).astype(np.int64),
        }

    def said(self, found: Found) -> Iterator[str]:
        """Yield what there is to say of a search, what concerns all of it first."""
        if found.matched.shares is not None:
            yield "no entry has all of these words; these have the most of them"
        for word in found.matched.absent:
            yield f"no entry has {word}"
        for typed, meant in found.matched.corrected.items():
            yield f"no entry has {typed}; {meant} was searched"
        if found.query.text and found.parsed.tree == And(()):
            yield f"there is no word in {found.query.text}; all entries were searched"
        yield from (*found.parsed.notices, *found.matched.notices, *found.notices)

    def ways_out(self, query: Query, ids: Ids) -> tuple[WayOut, ...]:
        """Return the queries that find something: this one without one of its filters, or without all of them."""
        found = []
        for name, values in query.filters.items():
            less = replace(query, filters={k: v for k, v in query.filters.items() if k != name}, page=1)
            shown = " or ".join(self.labels[name].get(value, value) for value in values)
            found.append(WayOut(f"without {name} {shown}", less, self.total(less, ids)))
        if len(query.filters) > 1:
            found.append(WayOut("without all filters", query.without_filters(), len(ids)))
        return tuple(way for way in found if way.total)

    def total(self, query: Query, ids: Ids) -> int:
        return int(np.count_nonzero(facet.having(self.index, query.filters)[ids]))

    def versions_typed(self, words: Iterable[str]) -> Iterator[str]:
        """Yield, for each kernel version that was typed as a word, how many entries are of it."""
        for word in words:
            if VERSION.match(word):
                version = f"v{word.strip('v')}"
                if total := self.total(Query(filters={"kernel": (version,)}), self.index.all):
                    yield f"{word} was searched as a word; kernel:{version} finds the {total} entries of that kernel"

    def known_facts(self, words: Iterable[str]) -> dict[str, str]:
        """Return what is known of identifiers that the archive does not mention: when each was merged."""
        last = max((issue.date for issue in self.index.issues.values()), default="")[:10]
        found = {}
        for word in words:
            name = kernels_name(word)
            for each in (name, name.upper(), f"bpf_{name}"):
                landing = self.index.about["landings"].get(each)
                if landing and not len(self.words.resolve(Word(each), literal=True).scored.ids):
                    kind, version, commit, *_ = landing
                    found[each] = (
                        f"the archive does not mention {each}: a {kind} that landed in {version}"
                        f"{f', commit {commit}' if commit else ''}; the last issue is of {last}"
                    )
        return found

    def record(self, doc: int) -> dict[str, Any]:
        """Return what is shown of an entry, its body empty where it only says the title again; those last are kept."""
        return self._records.get(doc, lambda: shown(self.index.stored(doc)))

    def text(self, doc: int) -> Text:
        """Return the words of an entry; those last are kept."""
        return self._texts.get(doc, lambda: text_of(self.record(doc)))

    def hit(self, position: int, top: Top, found: Found, *, explained: bool) -> Hit:
        """Return what is shown of an entry that was found."""
        record, marked = self.record(top.doc), found.matched.marks
        text = self.text(top.doc) if marked else NO_WORDS
        body, marks = record["body"], marks_in(text.body, marked)
        start, end = window(body, marks)
        return Hit(
            position,
            record,
            self.index.issues[f"{record['newsletter']}/{record['issue']}"],
            round(top.score, 4),
            body[start:end],
            marks_in(text.title, marked),
            tuple((a - start, b - start) for a, b in marks if a >= start and b <= end),
            end == len(body),
            tuple(self.explanation(top.doc, found)) if explained else (),
        )

    def explanation(self, doc: int, found: Found) -> Iterator[Reason]:
        """Yield what the score of an entry is made of: what is added up, then by what the sum is multiplied."""
        matched = found.matched
        at = int(np.searchsorted(matched.scored.ids, doc))
        added = [
            Reason("+", f"{part.term} in {part.field}{f', {part.relation}' if part.relation else ''}", value)
            for part in matched.parts
            if (value := value_in(part.scored, doc))
        ]
        yield from sorted(added, key=lambda reason: -reason.value)
        if matched.shares is not None:
            share = f"{matched.shares[at]:.0%} of the words' weight, up to twice that by how well they match"
            yield Reason("=", share, float(matched.scored.scores[at]))
        yield Reason("×", f"kind {', '.join(self.index.values('kind').of(doc))}", float(self.scorer.kind_weights[doc]))
        if (nesting := float(self.scorer.nesting[doc])) != 1:
            yield Reason("×", "a patch below its cover letter", nesting)
        if (mending := float(self.scorer.mending[doc])) != 1:
            yield Reason("×", "a patch that mends something", mending)
        surer = facet.surer(self.index, found.query.filters, matched.scored.ids[at : at + 1])
        if surer is not None and surer[0] != 1:
            yield Reason("×", "a version asked for is stated or landed", float(surer[0]))


def words_of(parsed: Parsed) -> tuple[str, ...]:
    """Return the words of a query that an entry should have, as typed."""
    return tuple(word for node in leaves(parsed.tree) if isinstance(node, Word | Phrase) for word in node.text.split())


def suggestion(found: Found) -> str | None:
    """Return the text with its misspelt words corrected, as it was searched; None where none was."""
    corrected = found.matched.corrected
    words = (node for node in leaves(found.parsed.tree) if isinstance(node, Word) and node.text in corrected)
    changes = {node.span: corrected[node.text] for node in words}
    return found.parsed.with_replaced(changes) if changes else None


def value_in(scored: Scored, doc: int) -> float:
    """Return what an entry is worth in a part, 0 where it is not in it."""
    at = int(np.searchsorted(scored.ids, doc))
    return float(scored.scores[at]) if at < len(scored.ids) and scored.ids[at] == doc else 0.0


def lowest(order: npt.NDArray[np.int64], count: int) -> Ids:
    """Return where the lowest of some numbers stand, `count` of them, the lowest first."""
    if count >= len(order):
        return order.argsort()
    first = np.argpartition(order, count)[:count]
    return first[order[first].argsort()]


def merged(query: Query, parsed: Parsed) -> Query:
    """Return the query with the filters that its text names moved to those that are chosen: one state for both."""
    if not parsed.filters:
        return query if query.text == parsed.text else replace(query, text=parsed.text)
    both = {
        name: tuple(dict.fromkeys((*query.chosen(name), *parsed.filters.get(name, ()))))
        for name in {**dict.fromkeys(query.filters), **dict.fromkeys(parsed.filters)}
    }
    return replace(query, text=parsed.text, filters=both)


def in_words(found: Found) -> str:
    """Return what was searched, in words: "bpf_getsockopt, also written bpf_getsockops; kernel v4.15"."""
    query, matched = found.query, found.matched
    text = [query.text or "all entries"]
    text += [f"{typed} read as {meant}" for typed, meant in matched.corrected.items()]
    text += [f"also written {name}" for name in dict.fromkeys(alias.shown for alias in matched.aliases)]
    parts = [", ".join(text)]
    parts += [f"{name} {' or '.join(values)}" for name, values in query.filters.items() if values]
    return "; ".join(parts)


def newest_versions(index: Index) -> npt.NDArray[np.int64]:
    """Return for each document the newest version that it belongs to, as a number that sorts."""
    values = index.values("version")
    keys = [version_key(version) for version in values.names]
    numbers = np.array([major * 1000 + minor for major, minor in keys], dtype=np.int64)
    newest = np.zeros(index.size, dtype=np.int64)
    np.maximum.at(newest, values.docs, numbers[values.ids] if len(numbers) else np.empty(0, np.int64))
    return newest


def shown(stored: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of what is stored of an entry."""
    record = {name: stored[name] for name in SHOWN}
    if record["body"] == record["title"]:
        record["body"] = ""
    return record


def text_of(record: dict[str, Any]) -> Text:
    return Text(words_in(record["title"]), words_in(record["body"]))


NO_WORDS = Text((), ())


def words_in(text: str) -> tuple[Placed, ...]:
    return tuple((start, end, token.findable) for token, start, end in spans(text))


def marks_in(words: Iterable[Placed], marked: set[str]) -> tuple[Mark, ...]:
    """Return the stretches whose terms were searched for."""
    return tuple((start, end) for start, end, findable in words if not marked.isdisjoint(findable))


def window(text: str, marks: Iterable[Mark]) -> Mark:
    """Return the part of a text to show: all of a short one, else a stretch around the first mark."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    first = next(iter(marks), (0, 0))[0]
    start = 0 if first < LONGEST_SNIPPET - BEFORE_MARK else text.rfind(" ", 0, max(1, first - BEFORE_MARK)) + 1
    end = text.rfind(" ", start, start + LONGEST_SNIPPET)
    return start, end if end > start else start + LONGEST_SNIPPET
