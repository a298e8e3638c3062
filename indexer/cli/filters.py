"""The filter options of every command that searches, as the archive declares them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from indexer.cli.command import Command, Option
from indexer.cli.completion import complete
from indexer.cli.declared import declared
from indexer.cli.values import Choice

GROUP = "Filters (repeat one for alternatives)"
LETTERS = {"topic": "-t", "author": "-a", "issue": "-i"}
SORT = "The order of the results."


class Searching(Command):
    """A command with a repeatable option for each filter of the archive, and one for the order of results."""

    def __init__(self, *args: Any, sort: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort = sort

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the filter options, followed by the command's own."""
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
    """Return the option for the order of results."""
    text = SORT if default else "The order [default: relevance with a QUERY, else the order of the issues]."
    return Option(["-s", "--sort"], type=Choice(sorts), default=default, show_default=bool(default), help=text)
