"""The catalog protocol: search, get, find, count and terms over the entries of an archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from indexer import model
from indexer.catalog.about import About
from indexer.catalog.answers import Page
from indexer.catalog.facets import Facet
from indexer.catalog.memo import Memo
from indexer.query.query import Query
from indexer.query.tree import ALL, Node

Order = Literal["reading", "newest", "oldest"]
# The fields of a `Match` besides the filters, `id`, `series`, `before` and `after` of the query language:
# exact values of an entry. In addition, `title` and `body` match single terms.
EXACT_FIELDS = ("identifier", "posting", "merge", "page", "linked", "lead", "written", "introduces")


class Term(NamedTuple):
    """A value of a field or a term of a text, and the number of entries that have it."""

    text: str
    entries: int


class Catalog(Protocol):
    """The entries of an archive, as one engine serves them.

    Conditions are trees of the query language. In an `And`, filters on the same field are alternatives, and a version
    facet and `how` must match the same version; nest another `And` to keep two conditions apart. Values and words are
    matched exactly: no corrections, no ranges, no partial names.
    """

    about: About
    generation: str
    memo: Memo

    def search(self, query: Query, facets: Iterable[Facet] | None = None, *, explain: bool = False) -> Page:
        """Return a page of hits with counts for these facets. Raises `BadQuery` for queries beyond the limits."""

    def get(self, entry_id: str) -> model.Entry | None:
        """Return the entry with an id, following redirects, or None."""

    def find(
        self, where: Node = ALL, *, order: Order = "reading", limit: int | None = None, after: str | None = None,
        skip: int = 0,
    ) -> Iterator[model.Entry]:  # fmt: skip
        """Yield the entries that match a condition, reading each on demand.

        Only entries after the one with the id `after`, in the same order, are yielded, without the first `skip`.
        "newest" has the newest issue first, with each issue in reading order; "oldest" has the oldest issue first.
        """

    def headings(self, where: Node, *, order: Order, limit: int | None) -> Iterator[tuple[str, str]]:
        """Yield the id and the title of each entry that `find` yields, without reading the rest of it."""

    def firsts(
        self, field: str, where: Node = ALL, *, order: Order = "reading", limit: int | None = None
    ) -> Iterator[model.Entry]:
        """Yield the first entry with each value of a field, among those that match a condition, in an order.

        The field is one of which no entry has several values. Entries without a value are left out.
        """

    def count(self, field: str, where: Node = ALL) -> Mapping[str, int]:
        """Count the values of a field over the entries that match a condition, without zeros.

        The field is a filter, `series`, or one of `EXACT_FIELDS`.
        """

    def terms(self, field: str, prefix: str = "", limit: int | None = None) -> Sequence[Term]:
        """Return the values of a field or terms of a text that begin with a prefix, sorted by code points."""


def total(catalog: Catalog, where: Node = ALL) -> int:
    """Return the number of entries that match a condition."""
    return sum(catalog.count("newsletter", where).values())
