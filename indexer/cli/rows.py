"""Output for programs: one JSON object per line, or chosen fields separated by tabs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from indexer.cli.command import option
from indexer.cli.terminal import put
from indexer.cli.wording import as_line

OUTPUT = "Output"

VERSION = ("version", "how")  # the parts of a version in a cell
# The parts of an object in a cell, by field.
SAID = {"names": ("written", "canonical"), "links": ("url",), "issue": ("number",)}


def split(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Split the names of --fields a,b,c."""
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


def with_fields(command: Any) -> Any:
    """Add --fields to a command."""
    text = "Print only these fields, in this order: tab-separated, or as JSON with --json."
    return option("-f", "--fields", metavar="A,B,C", callback=split, group=OUTPUT, help=text)(command)


def for_programs(command: Any) -> Any:
    """Add --json and --fields to a command."""
    text = "Print one JSON object per line."
    return option("-j", "--json", "as_json", is_flag=True, group=OUTPUT, help=text)(with_fields(command))


def print_rows(rows: Iterable[Mapping[str, Any]], fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print objects as JSON Lines, or some of their fields as tab-separated lines."""
    for row in rows:
        some = chosen(row, fields)
        put(as_line(some) if as_json else "\t".join(cell(name, value) for name, value in some.items()))


def chosen(row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the chosen fields of an object, or all if none are chosen. An unknown name is a usage error."""
    for name in fields:
        if name not in row:
            raise click.BadParameter(
                f"There is no field {name!r}. Choose from: {', '.join(row)}.", param_hint="'--fields'"
            )
    return {name: row[name] for name in fields} if fields else dict(row)


def cell(name: str, value: Any) -> str:
    """Return the value of a field as a tab-separated cell, on one line."""
    return " ".join(flat(name, value).split())


def flat(name: str, value: Any) -> str:
    """Return the value of a field as one cell. Values of a list are separated by semicolons."""
    if isinstance(value, list | tuple):
        return "; ".join(flat(name, each) for each in value)
    if isinstance(value, dict) and (name in SAID or value.keys() >= set(VERSION)):
        return " ".join(str(value[key]) for key in SAID.get(name, VERSION))
    if isinstance(value, dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
