"""What a shell completes: the values of a field that the index holds; nothing, and quietly, where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from indexer.archive.folders import default_data
from indexer.errors import BackissueError

MOST = 100

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(field: str, tables: tuple[str, ...] = ()) -> Completer:
    """Return what completes a value to those of a field of the index, and to the names of some of its tables."""

    def completed(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(value) for value in beginning(data_of(ctx), field, tables, incomplete)]

    return completed


def data_of(ctx: click.Context) -> Path:
    """Return the data folder that a command line, typed so far, is for."""
    return ctx.params.get("data_folder") or default_data()


def beginning(data: Path, field: str, tables: tuple[str, ...], start: str) -> list[str]:
    """Return the values that begin so and are one word to a shell."""
    from indexer.index.opening import open_index  # what defines the options needs no index

    try:
        index = open_index(data)
    except (BackissueError, OSError):
        return []
    try:
        named = (name for table in tables for name in index.about[table] if name.startswith(start))
        found = dict.fromkeys((*index.with_prefix(field, start, MOST), *named))
        return [value for value in found if not any(map(str.isspace, value))][:MOST]
    finally:
        index.close()
