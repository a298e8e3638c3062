"""Output for programs: an object a line, or chosen fields separated by tabs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from indexer.cli.command import option
from indexer.cli.terminal import put
from indexer.cli.wording import as_line

OUTPUT = "Output"

VERSION = ("version", "how")  # what a cell says of a version, whatever facet it is of
# What a cell says of an object, by the field that holds it.
SAID = {"names": ("written", "canonical"), "links": ("url",), "issue": ("number",)}


def split(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Return the names of --fields a,b,c."""
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


def with_fields(command: Any) -> Any:
    """Give a command --fields."""
    text = "Print only these fields, in this order: separated by tabs, or with --json in the objects."
    return option("-f", "--fields", metavar="A,B,C", callback=split, group=OUTPUT, help=text)(command)


def for_programs(command: Any) -> Any:
    """Give a command --json and --fields."""
    text = "Print one JSON object a line."
    return option("-j", "--json", "as_json", is_flag=True, group=OUTPUT, help=text)(with_fields(command))


def print_rows(rows: Iterable[Mapping[str, Any]], fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print objects as JSON Lines, or some of their fields separated by tabs."""
    for row in rows:
        some = chosen(row, fields)
        put(as_line(some) if as_json else "\t".join(cell(name, value) for name, value in some.items()))


def chosen(row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the chosen fields of an object, all where none are chosen; a name that it has not is a wrong use."""
    for name in fields:
        if name not in row:
            raise click.BadParameter(f"{name!r} is no field; there are {', '.join(row)}", param_hint="'--fields'")
    return {name: row[name] for name in fields} if fields else dict(row)


def cell(name: str, value: Any) -> str:
    """Return the value of a field as it stands between tabs, on one line."""
    return " ".join(flat(name, value).split())


def flat(name: str, value: Any) -> str:
    """Return the value of a field as one cell of a table; what a list holds is separated by semicolons."""
    if isinstance(value, list | tuple):
        return "; ".join(flat(name, each) for each in value)
    if isinstance(value, dict) and (name in SAID or value.keys() >= set(VERSION)):
        return " ".join(str(value[key]) for key in SAID.get(name, VERSION))
    if isinstance(value, dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
