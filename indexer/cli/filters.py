"""The options of the filters, for every command that searches."""

from __future__ import annotations

from typing import Any

from indexer.catalog.facets import FACETS
from indexer.cli.command import option
from indexer.cli.completion import complete

GROUP = "Filters (repeat one for alternatives)"
LETTERS = {"kernel": "-k", "topic": "-t", "author": "-a", "issue": "-i"}


def filters(command: Any) -> Any:
    """Give a command an option for each filter, which may be repeated."""
    for facet in reversed(FACETS):
        names = (LETTERS[facet.name],) if facet.name in LETTERS else ()
        command = option(
            *names,
            f"--{facet.name}",
            multiple=True,
            metavar=facet.name.upper(),
            shell_complete=complete(facet.field),
            group=GROUP,
            help=f"Only entries {facet.help}.",
        )(command)
    return command
