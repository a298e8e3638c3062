"""The catalog of one generation in a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from indexer.catalog.about import About
from indexer.catalog.answers import Page
from indexer.catalog.facets import Facet
from indexer.catalog.memo import Memo
from indexer.catalog.protocol import Order, Term
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.conditions import field_of, meeting
from indexer.engines.opensearch.finding import SORTS, ClusterMatcher
from indexer.engines.opensearch.index import ClusterIndex
from indexer.engines.opensearch.requests import ALL as EVERY
from indexer.engines.opensearch.requests import BATCH, Dsl, batches
from indexer.engines.opensearch.searching import ClusterSearcher
from indexer.model import Entry
from indexer.query.query import Query
from indexer.query.tree import ALL, Node
from indexer.records import from_stored
from indexer.storage.schema import SEARCHED

READING: list[Dsl] = [{"place": "asc"}, {"n": "asc"}]
ORDERS: dict[Order, list[Dsl]] = {"reading": READING, "newest": SORTS["newest"], "oldest": SORTS["oldest"]}


class ClusterCatalog:
    """The entries of one generation. Thread-safe."""

    def __init__(self, index: ClusterIndex, generation: str) -> None:
        self.index = index
        self.requests = index.requests
        self.searcher = ClusterSearcher(index)
        self.about: About = index.about
        self.generation = generation
        self.memo = Memo()

    def search(self, query: Query, facets: Iterable[Facet] | None = None, *, explain: bool = False) -> Page:
        """Return a page of hits, with these facets counted, or all. Raises `BadQuery` outside the limits."""
        return self.searcher.search(query, facets, explained=explain)

    def get(self, entry_id: str) -> Entry | None:
        """Return the entry with an id, following redirects, or None."""
        hit = self.hit(entry_id)
        return from_stored(self.index.keep(hit)) if hit else None

    def hit(self, entry_id: str, sort: Sequence[Dsl] = READING) -> Dsl | None:
        """Return the cluster's hit for an id, with its sort values."""
        wanted = self.about.redirects.get(entry_id, entry_id)
        body: Dsl = {"size": 1, "query": {"term": {"id": ready.value(wanted)}}, "sort": list(sort)}
        found = self.requests.search(body)["hits"]["hits"]
        return dict(found[0]) if found else None

    def find(
        self, where: Node = ALL, *, order: Order = "reading", limit: int | None = None, after: str | None = None,
        skip: int = 0,
    ) -> Iterator[Entry]:  # fmt: skip
        """Yield the entries that match a condition, in batches read on demand."""
        last: Sequence[Any] | None = None
        if after is not None:
            hit = self.hit(after, ORDERS[order])
            if hit is None:
                return
            last = hit["sort"]
        most = None if limit is None else skip + limit
        for hit in islice(self.requests.each(self.condition(where), ORDERS[order], last, most), skip, None):
            yield from_stored(hit["_source"]["record"])

    def headings(self, where: Node, *, order: Order, limit: int | None) -> Iterator[tuple[str, str]]:
        """Yield the id and the title of each entry that `find` yields."""
        return ((entry.id, entry.title) for entry in self.find(where, order=order, limit=limit))

    def firsts(
        self, field: str, where: Node = ALL, *, order: Order = "reading", limit: int | None = None
    ) -> Iterator[Entry]:
        """Yield the first entry with each value of a field, among those that match a condition, in an order."""
        name = field_of(self.about, field)
        for hit in islice(self.requests.firsts(name, self.condition(where), ORDERS[order], limit), limit):
            yield from_stored(hit["_source"]["record"])

    def count(self, field: str, where: Node = ALL) -> Mapping[str, int]:
        """Count the values of a field over the entries that match a condition, without zeros."""
        name = field_of(self.about, field)
        return {self.whole(name, text): n for text, n in self.requests.values(name, self.condition(where)).items()}

    def terms(self, field: str, prefix: str = "", limit: int | None = None) -> Sequence[Term]:
        """Return the values of a field or terms of a text that begin with a prefix, sorted by code points."""
        name = field_of(self.about, field)
        if name == "id":
            return [Term(text, 1) for text in self.ids(prefix, limit)]
        if name not in SEARCHED:
            counts = self.requests.values(name, EVERY, ready.value(prefix))
            return [Term(self.whole(name, text), n) for text, n in list(counts.items())[:limit]]
        found: list[Term] = []
        listed = self.index.with_prefix(name, prefix, self.index.size * 100 if limit is None else limit)
        for some in batches(listed, BATCH):
            self.index.prefetch(some)
            found += [Term(text, self.index.holders(name, text)) for text in some]
        return found

    def ids(self, prefix: str, limit: int | None) -> Iterator[str]:
        """Yield the sorted ids of entries with a prefix."""
        beginning: Dsl = {"prefix": {"id": {"value": ready.value(prefix)}}} if prefix else EVERY
        for hit in self.requests.each(beginning, [{"id": "asc"}], None, limit):
            yield hit["_source"]["record"]["id"]

    def whole(self, field: str, text: str) -> str:
        """Return the full value. A cut one is read from the first entry that has it."""
        if not ready.is_cut(text):
            return text
        from indexer.storage.documents import to_document

        found = self.requests.search({"size": 1, "query": {"term": {field: text}}})["hits"]["hits"]
        values = to_document(from_stored(found[0]["_source"]["record"]), b"")[field] if found else []
        return next((each for each in values if ready.value(each) == text), text)

    def condition(self, where: Node) -> Dsl:
        """Return the query for the entries that match a condition."""
        return meeting(ClusterMatcher(self.searcher.words, literal=True), where)

    def warm(self) -> None:
        """Preload data that many searches need."""
        self.searcher.warm()

    def forget(self) -> None:
        """Drop the entries that were read, to make room for those of another generation."""
        self.index.forget_entries()
        self.searcher.forget_entries()

    def close(self) -> None:
        """Do nothing: other catalogs may share the connections."""
