"""backissue index: the archive indexed anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from indexer.build.builder import Built, build
from indexer.build.workers import step_back
from indexer.cli.command import command
from indexer.cli.opened import where
from indexer.cli.root import folders
from indexer.cli.terminal import progress, put, say
from indexer.sources.archive import Archive


@command("index")
@folders
def index_command(archive: Archive) -> None:
    """Build the index.

    Only issues that changed are read. The old index is used until the new one is complete.
    """
    index(archive)


def index(
    archive: Archive, prepare: Callable[[], None] = lambda: None, *, quiet: Callable[[], bool] = lambda: False
) -> None:
    """Index an archive and say what came of it; what else runs, such as a server, goes before this process.

    Problems are left out where `quiet` says so in the end.
    """
    step_back()
    with progress("indexing") as show:
        place = where(archive)
        if isinstance(place, Path):
            built = build(archive, show, prepare=prepare)
        else:
            from indexer.engines.opensearch import building  # which needs an extra

            built = building.build(archive, place, show, prepare=prepare)
    if quiet():
        put(built_line(built))
    else:
        say_built(built)


def say_built(built: Built) -> None:
    """Print what a build did: its problems on standard error, and the one line."""
    for problem in built.problems:
        say(str(problem), "backissue: ")
    put(built_line(built))


def built_line(built: Built) -> str:
    """Return the one line that says what an index holds."""
    return (
        f"{built.issues} issues, {built.entries} entries, {len(built.problems)} problems, {built.seconds:.1f} seconds"
    )
