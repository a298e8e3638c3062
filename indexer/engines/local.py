"""The local engine: a catalog over one generation of the index in a data folder."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from indexer import model
from indexer.catalog.about import About
from indexer.catalog.answers import Page
from indexer.catalog.facets import Facet
from indexer.catalog.memo import Memo
from indexer.catalog.protocol import Order, Term
from indexer.engines.conditions import field_of, meeting
from indexer.query.query import Query
from indexer.query.tree import ALL, Node
from indexer.records import from_stored
from indexer.search.page import Searcher
from indexer.storage.cache import LRU
from indexer.storage.index import Ids, Index, open_index
from indexer.storage.schema import is_exact

MOST_LETTERS = 4_000_000  # size of the cache of decoded entries, in characters


class LocalCatalog:
    """The entries of one generation of the index. Thread-safe."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.searcher = Searcher(index)
        self.about: About = index.about
        self.generation = index.folder.name
        self.memo = Memo()
        self._entries: LRU[model.Entry] = LRU(MOST_LETTERS, lambda entry: 4 * len(entry.body))

    def search(self, query: Query, facets: Iterable[Facet] | None = None, *, explain: bool = False) -> Page:
        """Return a page of hits with these facets counted, else all; raises `BadQuery` outside the bounds."""
        return self.searcher.search(query, facets, explained=explain)

    def get(self, entry_id: str) -> model.Entry | None:
        """Return the entry with an id, following redirects, or None."""
        found = self.index.postings("id", self.about.redirects.get(entry_id, entry_id))
        return self.entry(int(found.ids[0])) if found else None

    def find(
        self, where: Node = ALL, *, order: Order = "reading", limit: int | None = None, after: str | None = None,
        skip: int = 0,
    ) -> Iterator[model.Entry]:  # fmt: skip
        """Yield the entries that match a condition, reading each on demand."""
        ids = self.ordered(meeting(self.searcher.words, where), order, after)
        return map(self.entry, ids[skip : None if limit is None else skip + limit].tolist())

    def headings(self, where: Node, *, order: Order, limit: int | None) -> Iterator[tuple[str, str]]:
        """Yield the id and the title of each entry that `find` yields, without reading the rest of it."""
        return map(self.index.heading, self.ordered(meeting(self.searcher.words, where), order, None)[:limit].tolist())

    def firsts(
        self, field: str, where: Node = ALL, *, order: Order = "reading", limit: int | None = None
    ) -> Iterator[model.Entry]:
        """Yield the first entry with each value of a field, among those that match a condition, in an order."""
        ids = self.ordered(meeting(self.searcher.words, where), order, None)
        return map(self.entry, self.index.values(field_of(self.index, field)).firsts(ids)[:limit].tolist())

    def count(self, field: str, where: Node = ALL) -> Mapping[str, int]:
        """Count the values of a field over the entries that match a condition, without zeros."""
        return self.index.values(field_of(self.index, field)).counts(meeting(self.searcher.words, where))

    def terms(self, field: str, prefix: str = "", limit: int | None = None) -> Sequence[Term]:
        """Return the values of a field or terms of a text that begin with a prefix, sorted by code points."""
        name, most = field_of(self.index, field), sys.maxsize if limit is None else limit
        if not is_exact(name):
            return [Term(*each) for each in self.index.counted(name, prefix, most)]
        found = self.index.with_prefix(name, prefix, most)
        if name == "id":  # each id has one entry; looking that up would read the postings of every id
            return [Term(text, 1) for text in found]
        if len(found) == 1:
            return [Term(text, int(np.count_nonzero(self.index.marked(name, found)))) for text in found]
        counts = self.index.values(name).counts(self.index.all)
        return [Term(text, counts[text]) for text in found]

    def entry(self, doc: int) -> model.Entry:
        """Return an entry by its number in the index. Recently read entries are cached."""
        return self._entries.get(doc, lambda: from_stored(self.index.stored(doc)))

    def ordered(self, ids: Ids, order: Order, after: str | None) -> Ids:
        """Sort entries, given in ascending order, and drop those up to the id `after`."""
        places = {"newest": self.index.recency, "oldest": self.oldest}.get(order)
        keys = ids if places is None else places[ids]
        found = ids if places is None else ids[np.argsort(keys)]
        if after is None:
            return found
        last = self.index.postings("id", self.about.redirects.get(after, after))
        if last is None:
            return found[:0]
        doc = int(last.ids[0])
        return found[bisect_right(np.sort(keys), doc if places is None else int(places[doc])) :]

    @property
    def oldest(self) -> Ids:
        """The rank of each entry, the oldest issue first."""
        return self.searcher.orders["oldest"]

    def warm(self) -> None:
        """Preload data that many searches need, so that the first searches are fast."""
        self.searcher.warm()

    def forget(self) -> None:
        """Drop the entries and words that were read, to make room for those of another generation."""
        self._entries.clear()
        self.searcher.forget_entries()
        self.searcher.words.forget()

    def close(self) -> None:
        """Close the files of the index."""
        self.index.close()


def open_catalog(data: Path) -> LocalCatalog:
    """Open the catalog over the current generation in a data folder. Raises `IndexMissing` if there is none."""
    return LocalCatalog(open_index(data))
