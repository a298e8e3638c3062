"""The command line as it was typed, which names the archive before its options are parsed."""

from __future__ import annotations

from collections.abc import Sequence

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
    for at, given in enumerate(args):
        if given == "--":
            break
        if given == option and at + 1 < len(args):
            return args[at + 1]
        if given.startswith(f"{option}="):
            return given.partition("=")[2]
    return None
