"""What commands print of one thing, or of a list of things: lines, tables, or objects for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from indexer.cli.command import option
from indexer.cli.rows import OUTPUT, print_rows
from indexer.cli.terminal import Line, print_lines, print_table
from indexer.views.briefs import Brief

Lines = Iterator[Line]
ENTRIES = 10  # of each list of one thing, unless --limit says how many


def limited(command: Any) -> Any:
    """Give a command --limit."""
    text = f"How many entries of each list, or lines of a table, to print [default: {ENTRIES} entries, every line]."
    return option("-n", "--limit", type=click.IntRange(1), group=OUTPUT, help=text)(command)


def show(
    found: Any, lines: Callable[[Any, int], Lines], limit: int | None, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """Print what is known of one thing: in words, or as one whole object."""
    if as_json or fields:
        print_rows([asdict(found)], fields, as_json=as_json)
    else:
        print_lines(lines(found, limit or ENTRIES))


def show_all(
    found: Sequence[Any],
    header: tuple[str, ...],
    rows: Sequence[Sequence[str]],
    numbers: tuple[str, ...],
    limit: int | None,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Print a list of things, up to a limit: as a table, or as an object each."""
    if as_json or fields:
        print_rows(map(asdict, found[:limit]), fields, as_json=as_json)
    else:
        print_table(header, rows[:limit], numbers=numbers)


def briefly(entries: Iterable[Brief]) -> Lines:
    for entry in entries:
        yield from brief(entry)


def brief(entry: Brief, note: str = "") -> Lines:
    """Yield an entry in brief: its title, and below it its id."""
    yield Line(entry.title, 2, url=entry.url or "")
    yield Line(f"{entry.id}{f' ({note})' if note else ''}", 4, style="dim")


def some(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries or 'no'} entries"


def more(left: int, way: str) -> Sequence[Line]:
    """Return how many are left out, and the way to them."""
    return [Line(f"and {left} more: {way}", 2, style="dim")] if left > 0 else []
