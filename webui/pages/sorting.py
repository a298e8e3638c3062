"""Sortable tables. The header of each column links to the page sorted by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from flask import request

Row = TypeVar("Row")


class Column(NamedTuple):
    """A sortable column: its parameter, label and sort key."""

    key: str
    label: str
    value: Callable[[Any], Any]
    largest_first: bool = False
    number: bool = False


class Head(NamedTuple):
    """The header of a column: its label, the URL that sorts by it, and its present order in ARIA's words."""

    label: str
    url: str
    order: str
    number: bool


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """Sorted rows and the headers of their columns."""

    heads: tuple[Head, ...]
    rows: Sequence[Row]


def table(rows: Iterable[Row], columns: Sequence[Column]) -> Table[Row]:
    """Return rows sorted by the request's parameter `sort`, by default by the first column.

    The parameter is the key of a column, with a minus to reverse the order.
    """
    requested = request.args.get("sort", "")
    column = next((each for each in columns if each.key == requested.removeprefix("-")), columns[0])
    backwards = column.largest_first != requested.startswith("-")
    by_first = sorted(rows, key=columns[0].value, reverse=columns[0].largest_first)
    ordered = sorted(by_first, key=column.value, reverse=backwards)
    return Table(tuple(head(each, column, backwards=backwards) for each in columns), ordered)


def sorted_path(path: str) -> str:
    """Return the URL of a table with the present order."""
    requested = request.args.get("sort", "")
    return f"{path}?{urlencode({'sort': requested})}" if requested else path


def head(column: Column, by: Column, *, backwards: bool) -> Head:
    """Return the header of a column. Rows are sorted by the column `by`."""
    if column.key != by.key:
        return Head(column.label, f"{quote(request.path)}?sort={column.key}", "", column.number)
    turned = "" if backwards != column.largest_first else "-"
    order = "descending" if backwards else "ascending"
    return Head(column.label, f"{quote(request.path)}?sort={turned}{column.key}", order, column.number)
