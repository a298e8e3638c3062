"""The query value and its limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from indexer.errors import BadQuery
from indexer.query.fields import PLAIN, Fields
from indexer.query.tokens import JOINS

LONGEST = 300
LAST_PAGE = 1_000
MOST_HITS = 100
MOST_VALUES = 50  # values of one filter
MOST_IN_ALL = 100  # values of all filters
MOST_LETTERS = 3_000  # characters of all values, which each link of a page repeats
LITERAL = "Search for the words as typed, without corrections, synonyms or inferred filters."
FOLD = "Show each series of patches as one result: its best entry, and the number of the others."


@dataclass(frozen=True, slots=True)
class Query:
    """A search: its text, the selected values of each filter, the order, and the page of hits.

    `literal` searches the words as typed, without corrections, synonyms or inferred filters. `fold` shows only the
    best patch of each series.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    sort: str = "relevance"
    limit: int = 20
    page: int = 1
    literal: bool = False
    fold: bool = False

    def selected(self, name: str) -> tuple[str, ...]:
        """Return the selected values of a filter."""
        return self.filters.get(name, ())

    def toggled(self, name: str, value: str) -> Query:
        """Return the first page of the query with a filter value selected, or deselected if it was."""
        chosen = self.selected(name)
        after = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        filters = {**self.filters, name: after}
        if value not in chosen and has_too_many(filters):  # a link to it would not work
            filters = {name: (value,)}
        return replace(self, filters=filters, page=1)

    def on_page(self, page: int) -> Query:
        """Return the query for another page of its hits."""
        return replace(self, page=page)

    def literally(self) -> Query:
        """Return the query for the words as typed."""
        return replace(self, literal=True, page=1)

    def unfolded(self) -> Query:
        """Return the query without folding of series."""
        return replace(self, fold=False, page=1)

    def within(self, condition: str) -> Query:
        """Return the query for the entries that also match a condition in the query language."""
        text = f"({self.text})" if set(JOINS).intersection(self.text.split()) else self.text
        return replace(self, text=f"{text} {condition}".strip(), page=1)

    def without_filters(self) -> Query:
        """Return the query for the same text with no filter selected."""
        return replace(self, filters={}, page=1)


def query_of(
    text: str, filters: Mapping[str, Collection[str]], fields: Fields = PLAIN,
    *, sort: str = "relevance", limit: int = 20, page: int = 1, literal: bool = False, fold: bool = False,
) -> Query:  # fmt: skip
    """Return a query with its filter values in the form of the index. Raises `BadQuery` beyond the limits.

    Filters that are not among `fields` are ignored. Series are folded only if there is a text.
    """
    if sort not in fields.sorts:
        raise BadQuery(f"sort={sort}: There is no such order. Use one of: {', '.join(fields.sorts)}.")
    text = text.strip()
    if len(text) > LONGEST:
        raise BadQuery(f"The query has {len(text):,} characters. The limit is {LONGEST:,}.")
    for name, value, most in (("limit", limit, MOST_HITS), ("page", page, LAST_PAGE)):
        if not 1 <= value <= most:
            raise out_of_bounds(name, str(value), most)
    check_number(filters)
    for name, values in filters.items():
        if longest := max((len(value) for value in values if len(value) > LONGEST), default=0):
            raise BadQuery(f"{name}: A value has {longest:,} characters. The limit is {LONGEST:,}.")
    chosen = {
        name: tuple(dict.fromkeys(fields.normal(name, value.strip()) for value in filters[name] if value.strip()))
        for name in fields.filters
        if name in filters
    }
    chosen = {name: values for name, values in chosen.items() if values}
    return Query(text, chosen, sort, limit, page, literal, fold=fold and text != "")


def has_too_many(filters: Mapping[str, Collection[str]]) -> bool:
    """Return whether a query has too many filter values."""
    try:
        check_number(filters)
    except BadQuery:
        return True
    return False


def check_number(filters: Mapping[str, Collection[str]]) -> None:
    """Raise `BadQuery` if a query has too many filter values."""
    for name, values in filters.items():
        if len(values) > MOST_VALUES:
            raise BadQuery(f"{name} has {len(values):,} values. The limit is {MOST_VALUES:,}.")
    if (count := sum(map(len, filters.values()))) > MOST_IN_ALL:
        raise BadQuery(f"The filters have {count:,} values in total. The limit is {MOST_IN_ALL:,}.")
    if (letters := sum(len(value) for values in filters.values() for value in values)) > MOST_LETTERS:
        raise BadQuery(f"The filter values have {letters:,} characters in total. The limit is {MOST_LETTERS:,}.")


def out_of_bounds(name: str, text: str, most: int) -> BadQuery:
    return BadQuery(f"{name}={text[:20]}: Use a number from 1 to {most:,}.")
