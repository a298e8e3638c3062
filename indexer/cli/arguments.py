"""The command line as it was typed, which names the archive before its options are parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

ARGUMENTS = "backissue.arguments"


def remember(ctx: click.Context, args: Sequence[str]) -> None:
    """Keep the whole command line in the context of the `backissue` command."""
    ctx.meta[ARGUMENTS] = tuple(args)


def typed(ctx: click.Context) -> tuple[str, ...]:
    """Return the whole command line, as far as it is typed."""
    found: tuple[str, ...] = ctx.meta.get(ARGUMENTS, ())
    return found


def value_of(args: Sequence[str], option: str) -> str | None:
    """Return the value of an option on a command line: --name VALUE or --name=VALUE."""
    return next(values_of(args, option), None)


def values_of(args: Sequence[str], option: str) -> Iterator[str]:
    for at, given in enumerate(args):
        if given == "--":
            return
        if given == option and at + 1 < len(args):
            yield args[at + 1]
        elif given.startswith(f"{option}="):
            yield given.partition("=")[2]
