"""A query in a URL, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from indexer.errors import BadQuery
from indexer.query.fields import PLAIN, Fields
from indexer.query.parser import parse
from indexer.query.query import LAST_PAGE, MOST_HITS, Query, out_of_bounds, query_of

NO = ("0", "false", "off", "no", "n", "f")
USUAL = tuple((name, getattr(Query(), name)) for name in ("sort", "limit", "page"))
YES = ("1", "true", "on", "yes", "y", "t")


def to_args(query: Query) -> list[tuple[str, str]]:
    """Return the URL parameters of a query: sorted, without those that have their default value."""
    args = [(name, value) for name, values in query.filters.items() for value in sorted(values)]
    args += [("q", query.text)] if query.text else []
    args += [("literal", "1")] if query.literal else []
    args += [("fold", "0")] if query.text and not query.fold else []
    args += [(name, str(value)) for name, usual in USUAL if (value := getattr(query, name)) != usual]
    return sorted(args)


def from_args(args: Iterable[tuple[str, str]], fields: Fields = PLAIN) -> Query:
    """Return the query of URL parameters. Unknown ones are ignored. A text folds series, unless `fold` is 0.

    Raises `BadQuery` for a value outside the limits or an invalid number.
    """
    given: dict[str, list[str]] = {}
    for name, value in args:
        given.setdefault(name, []).append(value)
    last = {name: values[-1].strip() for name, values in given.items()}
    return query_of(
        " ".join(given.get("q", [])),
        {name: given[name] for name in fields.filters if name in given},
        fields,
        sort=given.get("sort", [""])[-1] or "relevance",
        limit=number(last, "limit", 20, MOST_HITS),
        page=number(last, "page", 1, LAST_PAGE),
        fold=last.get("fold", "").lower() not in NO,
        literal=last.get("literal", "").lower() in YES,
    )


def fits(query: Query) -> bool:
    """Return whether the text of a query is within the limits, so that a link to the query works."""
    try:
        parse(query.text)
    except BadQuery:
        return False
    return True


def of_series(query: Query, series: str) -> Query:
    """Return the query for the patches of one series, unfolded: without its text, if that has no room for more."""
    found = query.within(f"series:{series}").unfolded()
    return found if fits(found) else replace(found, text=f"series:{series}")


def number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise out_of_bounds(name, text, most)
    return int(text or default)
