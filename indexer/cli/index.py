"""backissue index: build the index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from indexer.build.builder import NONE_PARSED, Built, Parsed, build
from indexer.build.workers import step_back
from indexer.cli.command import command, option
from indexer.cli.folders import folders
from indexer.cli.opened import where
from indexer.cli.terminal import progress, put, say
from indexer.cli.wording import counted
from indexer.sources.archive import Archive


@command(
    "index",
    examples=(
        ("index", "the shipped archive, with the originals that you added"),
        ("index --archive my-weekly", "your own archive"),
    ),
)
@option(
    "--parse",
    "only_parse",
    is_flag=True,
    help="Only parse issues for a build in a cluster, together with other machines.",
)
@folders
def index_command(archive: Archive, *, only_parse: bool) -> None:
    """Build the index.

    Only issues that have changed are read. The old index stays in use until the new one is complete.
    """
    if only_parse:
        parse(archive)
    else:
        index(archive)


def parse(archive: Archive) -> None:
    """Parse issues that no other machine has taken, and leave them in the cluster."""
    place = where(archive)
    if isinstance(place, Path):
        raise click.UsageError("--parse is for an index in a cluster. Name its nodes with --engine-url.")
    from indexer.engines.opensearch import building  # which needs an extra

    step_back()
    with progress("parsing") as show:
        done = building.parse(archive, place, show)
    put(f"Parsed {counted(done, 'issue')}. Run backissue index without --parse to publish.")


def index(
    archive: Archive,
    prepare: Callable[[], None] = lambda: None,
    parsed: Parsed = NONE_PARSED,
    *,
    quiet: Callable[[], bool] = lambda: False,
) -> None:
    """Build the index of an archive and print the result.

    `prepare` runs after locking, before the build; `parsed` provides the issues that it stores. Problems are not
    printed if `quiet()` is true after the build.
    """
    step_back()
    with progress("indexing") as show:
        place = where(archive)
        if isinstance(place, Path):
            built = build(archive, show, prepare, parsed)
        else:
            from indexer.engines.opensearch import building  # needs the extra `opensearch`

            built = building.build(archive, place, show, prepare, parsed)
    if quiet():
        put(built_line(built))
    else:
        say_built(built)


def say_built(built: Built) -> None:
    """Print what a build converted and its problems to standard error, and its summary."""
    if built.converted:
        say(built.converted, "backissue: ")
    for problem in built.problems:
        say(str(problem), "backissue: ")
    put(built_line(built))


def built_line(built: Built) -> str:
    """Return the summary of a build: the numbers of issues, entries and problems, and the duration."""
    numbers = ((built.issues, "issue"), (built.entries, "entry", "entries"), (len(built.problems), "problem"))
    return ", ".join((*(counted(*each) for each in numbers), f"{built.seconds:.1f} seconds"))
