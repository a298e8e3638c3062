"""Print one thing or a list of things: as text, as a table, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from indexer.cli.command import option
from indexer.cli.rows import OUTPUT, print_rows
from indexer.cli.terminal import Line, print_lines, print_table
from indexer.cli.values import Number
from indexer.cli.wording import counted
from indexer.views.briefs import Brief

Lines = Iterator[Line]
ENTRIES = 10  # the default limit of lists within one thing


def limited(command: Any) -> Any:
    """Add --limit to a command."""
    text = f"Maximum number of entries of each list, or rows of a table [default: {ENTRIES} entries, all rows]."
    return option("-n", "--limit", type=Number(1), group=OUTPUT, help=text)(command)


def show(
    found: Any, lines: Callable[[Any, int], Lines], limit: int | None, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """Print one thing: as text, or as a complete JSON object."""
    if as_json or fields:
        print_rows([asdict(found)], fields, as_json=as_json)
    else:
        print_lines(lines(found, limit or ENTRIES))


def show_all(
    found: Sequence[Any],
    header: tuple[str, ...],
    row: Callable[[Any], Sequence[str]],
    numbers: tuple[str, ...],
    limit: int | None,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Print a list of things up to a limit: as a table with a `row` for each, or as one JSON object each."""
    if as_json or fields:
        print_rows(map(asdict, found[:limit]), fields, as_json=as_json)
    else:
        print_table(header, [row(each) for each in found[:limit]], numbers=numbers)


def briefly(entries: Iterable[Brief]) -> Lines:
    for entry in entries:
        yield from brief(entry)


def brief(entry: Brief, note: str = "") -> Lines:
    """Yield the title of an entry, and its id on the next line."""
    yield Line(entry.title, 2, url=entry.url or "")
    yield Line(f"{entry.id}{f' ({note})' if note else ''}", 4, style="dim")


def some(entries: int) -> str:
    return counted(entries, "entry", "entries") if entries else "no entries"


def more(left: int, way: str) -> Sequence[Line]:
    """Return the line with the number of omitted entries, and how to see them."""
    return [Line(f"and {left:,} more: {way}", 2, style="dim")] if left > 0 else []
