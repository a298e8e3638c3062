"""Make result pages: hits with snippets, facet counts and notices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np

from indexer.analysis import analysed, matches, token_pattern
from indexer.catalog.answers import HIT_FIELDS, Hit, Notice, Page, Reason, Relaxation
from indexer.catalog.facets import Facet
from indexer.query.address import fits
from indexer.query.parser import Parsed
from indexer.query.query import Query
from indexer.query.tree import And, Phrase, Word, leaves
from indexer.search import facets as facet
from indexer.search.explaining import explanations
from indexer.search.finding import FEW, Finder
from indexer.search.found import Found, Top
from indexer.search.snippets import Marker, snippet
from indexer.search.wording import day, in_words, inferred_filters, label_of, of_closest, of_nothing
from indexer.storage.cache import LRU
from indexer.storage.index import Ids, Index
from indexer.storage.schema import SEARCHED

MANY_TIMES = 10  # as many entries have the usual spelling of a word as have its misspelling
MOST_WARM = 500  # entries, and words, that are read before the first search
MOST_LETTERS = 2_000_000  # size of the cache of decoded records, in characters
SHOWN = (*HIT_FIELDS, "issue", "body")

VERSION = re.compile(r"^[a-z]?\d\.\d{1,2}$")


class Searcher(Finder):
    """Answers queries over one index. Thread-safe."""

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self._records: LRU[dict[str, Any]] = LRU(MOST_LETTERS, lambda record: len(record["body"]))

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The labels of values that are not shown as they are, by facet."""
        return self.index.about.labels

    def warm(self) -> None:
        """Preload data that many searches need, so that the first searches are fast."""
        for name in SEARCHED:
            self.scorer.norms(name)
            self.index.vocabulary(name)
        token_pattern(ascii_only=False)
        self.words.speller.warm()
        newest = (shown(self.index.stored(doc)) for doc in self.index.newest_first[:MOST_WARM].tolist())
        for term in self.common_terms(newest):
            self.scorer.of(term)
        self.index.alike("warm", 1)
        self.index.similarity("warm")
        self.search(Query(limit=1))

    def forget_entries(self) -> None:
        """Drop the records that were read."""
        self._records.clear()

    def common_terms(self, records: Iterable[dict[str, Any]]) -> set[str]:
        """Return the terms of the words that occur most often in some records."""
        texts = (text for record in records for text in (record["title"], record["body"]))
        words = Counter([match[0] for text in texts for match in matches(text)])
        return {term for word, _ in words.most_common(MOST_WARM) for term in analysed(word).findable}

    def search(self, query: Query, facets: Iterable[Facet] | None = None, *, explained: bool = False) -> Page:
        """Return the page for a query, with counts for `facets`, or for all facets by default.

        With `explained`, each hit has the parts of its score. Raises `BadQuery` beyond the limits.
        """
        found = self.find(query, explained=explained)
        reasons = self.explanations(found) if explained else repeat(())
        query, chosen = found.query, tuple(facets or ())
        start = (query.page - 1) * query.limit
        typed = words_of(found.parsed)
        known = self.known_facts(typed) if not found.total or found.closest else {}
        marker = Marker(found.matched.marks, self.index.about.languages)
        return Page(
            query=query,
            searched=in_words(found),
            words=typed,
            total=found.total,
            results=found.results,
            hits=tuple(self.hit(start + i, each, marker, next(reasons)) for i, each in enumerate(found.top, 1)),
            facets={
                each.name: found.counts(each, self.labels[each.name])
                for each in self.index.about.facets
                if facets is None or each in chosen
            },
            notices=Notice.unique((*self.notices(found), *known.values(), *self.versions_typed(found, typed))),
            closest=found.closest,
            corrected=found.corrected,
            suggestion=suggestion(found),
            relaxations=() if found.full.total or found.few else self.relaxations(query, found.without_filters),
            inferred=tuple(inferred_filters(found, self.index.about)),
            unmentioned=tuple(known),
        )

    def notices(self, found: Found) -> Iterator[str]:
        """Yield the notices of a search, the most general first."""
        if found.matched.shares is not None and (found.total or found.only_similar):
            yield of_closest(found)
        if wished := [label_of(each, self.index.about) for each in found.best.intent.wished]:
            yield f"Not filtered by {' and '.join(wished)}, since no entry there contains all your words."
        for name, known in found.full.matched.read_as.items():
            yield f"No entry contains {name}. Showing entries that contain {known}."
        for word in found.matched.absent if not found.full.total else ():
            yield f"No entry contains {word}."
        for typed, meant in found.corrected.items():
            yield Notice(f"Showing results for {meant}.", f"Search for {typed} instead.", found.query.literally())
        if found.query.text and found.parsed.tree == And(()):
            yield f"{found.query.text} contains no word. Showing all entries."
        yield from (*found.parsed.notices, *found.matched.notices, *found.notices, *self.usual_words(found))
        yield from of_nothing(found, self.index.about)

    def usual_words(self, found: Found) -> Iterator[Notice]:
        """Yield the offer of a similar word that many entries have, for each word that few have."""
        for node in leaves(found.parsed.tree) if found.full.total <= FEW else ():
            if isinstance(node, Word) and not node.prefix and node.text not in found.corrected:
                total = len(self.words.resolve(node, literal=True).scored.ids)
                near = self.words.speller.usual(node.text) if 0 < total <= FEW else None
                if near and (more := self.words.speller.holders(near)) >= MANY_TIMES * total:
                    have = "1 entry has" if total == 1 else f"{total} entries have"
                    offer = replace(found.query, text=found.parsed.with_replaced({node.span: near}), page=1)
                    yield Notice(f"Only {have} {node.text}.", f"Search for {near}, which {more:,} entries have.", offer)

    def relaxations(self, query: Query, ids: Ids) -> tuple[Relaxation, ...]:
        """Return broader queries with results: without one of the filters, or without all."""
        found = []
        for name, values in query.filters.items():
            less = replace(query, filters={k: v for k, v in query.filters.items() if k != name}, page=1)
            shown = " or ".join(self.labels[name].get(value, value) for value in values)
            label = self.index.about.facet[name].label
            found.append(Relaxation(f"without the filter {label}: {shown}", less, self.total(less, ids)))
        if len(query.filters) > 1:
            found.append(Relaxation("without all filters", query.without_filters(), len(ids)))
        return tuple(way for way in found if way.total)

    def total(self, query: Query, ids: Ids) -> int:
        return int(np.count_nonzero(facet.having(self.index, query.filters)[ids]))

    def versions_typed(self, found: Found, words: Iterable[str]) -> Iterator[str]:
        """Yield, for each version that was searched as a word, how many entries are of it."""
        for each in self.index.about.versions.values():
            for word in words if not found.best.intent.values(each.id) else ():
                if not VERSION.match(word):
                    continue
                version = each.form.normal(word)
                chosen = Query(filters={each.id: (version,)})
                if total := self.total(chosen, self.index.all):
                    offer = f"{each.id}:{version} finds the {total:,} entries of that version."
                    yield Notice(f"Searched for {word} as a word.", offer, chosen)

    def known_facts(self, words: Iterable[str]) -> dict[str, str]:
        """Return when identifiers that no entry mentions were merged."""
        newest = day(self.index.about.newest)
        found = {}
        for word in words:
            name = self.words.synonyms.bare_name(word)
            for each in (name, name.upper(), *(prefix + name for prefix in self.words.synonyms.prefixes)):
                known = self.words.synonyms.landing(each)
                if known and not len(self.words.resolve(Word(each), literal=True).scored.ids):
                    found[each] = (
                        f"The archive does not mention {each}, a {known.kind} that landed in {known.version}"
                        f"{f', commit {known.commit}' if known.commit else ''}. Its newest issue is dated {newest}."
                    )
        return found

    def record(self, doc: int) -> dict[str, Any]:
        """Return the displayed record of an entry, with an empty body if it only repeats the title. Cached."""
        return self._records.get(doc, lambda: shown(self.index.stored(doc)))

    def hit(self, position: int, top: Top, marker: Marker, reasons: tuple[Reason, ...]) -> Hit:
        """Return the hit of an entry."""
        record = self.record(top.doc)
        text, marks, whole = snippet(record["body"], marker.marks_in(record["body"]))
        return Hit(
            position,
            record,
            self.index.issues[f"{record['newsletter']}/{record['issue']}"],
            round(top.score, 4),
            text,
            tuple(marker.marks_in(record["title"])),
            marks,
            whole,
            top.folded,
            reasons,
            next((facet for facet in self.index.about.versions if facet in record), ""),
            self.index.about.kinds.get(record["kind"]),
            top.similar,
        )

    def explanations(self, found: Found) -> Iterator[tuple[Reason, ...]]:
        """Yield the parts of the score of each hit."""
        return explanations(self, found)


def words_of(parsed: Parsed) -> tuple[str, ...]:
    """Return the required words of a query, as typed."""
    return tuple(word for node in leaves(parsed.tree) if isinstance(node, Word | Phrase) for word in node.text.split())


def suggestion(found: Found) -> str | None:
    """Return the corrected text that was searched, or None."""
    corrected = found.corrected
    words = (node for node in leaves(found.parsed.tree) if isinstance(node, Word) and node.text in corrected)
    changes = {node.span: corrected[node.text] for node in words}
    text = found.parsed.with_replaced(changes) if changes else ""
    return text if text and fits(Query(text)) else None


def shown(stored: dict[str, Any]) -> dict[str, Any]:
    """Return the displayed part of a stored record."""
    versions = (stored["facet"],) if stored["facet"] else ()
    record = {name: stored[name] for name in (*SHOWN, *versions)}
    if record["body"] == record["title"]:
        record["body"] = ""
    return record
