"""The options of the filters, for every command that searches: those that the archive declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from indexer.cli.command import Command, Option
from indexer.cli.completion import complete
from indexer.cli.declared import declared

GROUP = "Filters (repeat one for alternatives)"
LETTERS = {"topic": "-t", "author": "-a", "issue": "-i"}
SORT = "The order of the hits."


class Searching(Command):
    """A command with an option for each filter of the archive, which may be repeated, and one for the order of hits."""

    def __init__(self, *args: Any, sort: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort = sort

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options of the command, those of the filters before its own."""
        about = declared(ctx)
        first = [param for param in self.params if isinstance(param, click.Argument)]
        own = [param for param in super().get_params(ctx) if param not in first]
        return [*first, *filters(ctx), sort_option(about.fields.sorts, self.sort), *own]


def filters(ctx: click.Context) -> Iterator[Option]:
    """Yield the option of each filter."""
    taken: set[str] = set()
    versions = declared(ctx).versions
    for facet in declared(ctx).facets:
        letter = f"-{facet.name[0]}" if facet.name in versions else LETTERS.get(facet.name)
        names = (letter,) if letter and letter not in taken | {"-s", "-n", "-p", "-j", "-f", "-h", "-o"} else ()
        taken |= set(names)
        yield Option(
            [*names, f"--{facet.name}"],
            multiple=True,
            metavar=facet.name.upper(),
            shell_complete=complete(facet.name),
            group=GROUP,
            help=f"Only entries {facet.help}.",
        )


def sort_option(sorts: tuple[str, ...], default: str | None) -> Option:
    """Return the option for the order of the hits."""
    text = SORT if default else "The order [default: that of the issues; for a QUERY, relevance]."
    return Option(["-s", "--sort"], type=click.Choice(sorts), default=default, show_default=bool(default), help=text)
