"""What a search found: the entries of an intent, and those of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from indexer.catalog.facets import Count, Facet
from indexer.query.parser import Parsed
from indexer.query.query import Query
from indexer.search.facets import Narrowed
from indexer.search.intent import Intent
from indexer.search.matching import Matched
from indexer.search.similar import Similar
from indexer.storage.index import Ids


class Top(NamedTuple):
    """A hit on the page: its entry, its score, and the number of folded hits of its series.

    `similar` is true for a hit that is only similar in meaning.
    """

    doc: int
    score: float
    folded: int = 0
    similar: bool = False


class Answer(NamedTuple):
    """The entries that match an intent and the selected filters; `narrowed` counts the facets.

    `similar` are the entries with a similar meaning, if the page has room for them.
    """

    intent: Intent
    query: Query
    matched: Matched
    narrowed: Narrowed
    similar: Similar | None = None

    @property
    def versions(self) -> dict[str, tuple[str, ...]]:
        """The versions of each facet that are selected or inferred; empty if no filter is."""
        if not self.query.filters and not self.intent.inferred:
            return {}
        facets = self.narrowed.index.about.versions
        return {facet: (*self.query.selected(facet), *self.intent.values(facet)) for facet in facets}

    @property
    def asks_for_changes(self) -> bool:
        """Whether the query asks what is new in a version, so that merged features come first."""
        return self.intent.changes

    @property
    def total(self) -> int:
        """The number of entries."""
        return len(self.matched.scored.ids)


class Found(NamedTuple):
    """The result of a query: `query` including the filters in its text, the page's entries in order, and notices.

    `results` is the number of hits on all pages, where a folded series counts once. `full` are the entries with all
    words; `best` are those or, if there are none, the closest; with `few`, both.
    """

    query: Query
    parsed: Parsed
    full: Answer
    best: Answer
    top: list[Top]
    results: int
    notices: tuple[str, ...]
    few: bool = False

    def counts(self, facet: Facet, labels: Mapping[str, str]) -> list[Count]:
        """Return the values of a facet with their counts among the full matches, or else the closest."""
        if self.few:
            return self.best.narrowed.counts(facet, labels)
        if self.best is self.full or not len(self.full.narrowed.ids):
            return self.best.narrowed.counts(facet, labels)
        return self.best.narrowed.counts(facet, labels, sooner=self.full.narrowed.numbers(facet))

    @property
    def closest(self) -> bool:
        """Whether no entry has all the words."""
        lacking = self.matched.shares is not None and not self.full.total
        return bool(self.total or self.only_similar) and (lacking or bool(self.full.matched.read_as))

    @property
    def only_similar(self) -> bool:
        """Whether no entry has any of the words, but some are similar in meaning."""
        return not self.total and self.best.similar is not None and len(self.best.similar.ids) > 0

    @property
    def without_filters(self) -> Ids:
        """The entries that would match without the selected filters: those with all words, or else the closest."""
        full = self.full.narrowed.ids
        return full if len(full) or self.total else self.best.narrowed.ids

    @property
    def corrected(self) -> dict[str, str]:
        """The misspelt words with their corrections."""
        return self.full.matched.corrected

    @property
    def matched(self) -> Matched:
        """The entries that were found."""
        return self.best.matched

    @property
    def total(self) -> int:
        """The number of entries that were found."""
        return self.best.total
