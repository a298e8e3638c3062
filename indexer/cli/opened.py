"""Open the index for a command. Build it on first use, and check that it belongs to the named archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli.terminal import say
from indexer.errors import IndexMissing
from indexer.sources.archive import Archive
from indexer.storage.generations import ABOUT, index_folder
from indexer.storage.generations import current as current_generation

if TYPE_CHECKING:  # building and checking search nothing, so the engines are imported when a catalog is opened
    from indexer.engines.local import LocalCatalog
    from indexer.engines.origins import Served, Where
    from indexer.storage.index import Index

MOST_BYTES = 20_000_000  # of issues to index on first use, which takes less than a minute


def where(archive: Archive) -> Where:
    """Return where the index is: the cluster named on the command line, or else the data folder."""
    given = click.get_current_context().params
    if given.get("engine") == "local" or not given.get("engine_url"):
        return archive.data
    from indexer.engines.opensearch.connection import place_of

    return place_of(given["engine_url"])


def opened(archive: Archive) -> Served:
    """Return the catalog of the current index. If there is none and the archive is small, build it first.

    An index in a cluster is never built here. Raises `IndexMissing` as `current` does.
    """
    if where(archive) == archive.data and not index_folder(archive.data).exists() and is_small(archive):
        build_first(archive)
    return catalog_of(archive)


def catalog_of(archive: Archive) -> Served:
    """Return the catalog over the current index, in the cluster or in the data folder; raises `IndexMissing`."""
    from indexer.engines.origins import catalog_at

    place = where(archive)
    return current(archive) if isinstance(place, Path) else catalog_at(place)


def current(archive: Archive) -> LocalCatalog:
    """Return the catalog of the current index.

    Raises `IndexMissing`, also if the index belongs to another archive than the one named, and `BadArchive` if that one
    does not exist.
    """
    from indexer.engines.local import LocalCatalog
    from indexer.storage.index import open_index

    index = open_index(archive.data)
    if is_named() and not is_of_archive(index, archive):
        index.close()
        archive.sources()  # raises `BadArchive` if it does not exist
        raise IndexMissing(
            f"{index.folder}: The index belongs to another archive, {index.metadata['archive']}. Run backissue index "
            "with this one, or name another data folder with --data."
        )
    return LocalCatalog(index)


def indexed(archive: Archive) -> Archive:
    """Return the archive that the current index was built from, unless the command line names one.

    The index may be of another version, since it is only built again. An index of the shipped archive, perhaps that of
    another installation, stands for the archive of this one.
    """
    if is_named():
        return archive
    try:
        about = json.loads((current_generation(archive.data) / ABOUT).read_bytes())
        folder = Path(about["archive"])
    except (IndexMissing, OSError, ValueError, KeyError, TypeError):
        return archive
    return Archive(folder, archive.data) if folder.is_dir() and not about.get("shipped", True) else archive


def is_named() -> bool:
    """Return whether the command line or the environment names an archive."""
    return click.get_current_context().params.get("archive_folder") is not None


def is_of_archive(index: Index, archive: Archive) -> bool:
    """Return whether an index belongs to an archive. The modules that read the archive are imported only here."""
    from indexer.build.fingerprint import is_of

    return is_of(index, archive)


def is_small(archive: Archive) -> bool:
    return sum(source.path.stat().st_size for source in archive.sources()) <= MOST_BYTES


def build_first(archive: Archive) -> None:
    """Build the index and print a line about it. The modules that read issues are imported only here."""
    from indexer.build.builder import build
    from indexer.cli.terminal import progress

    say("There is no index yet. Building it takes some seconds.", "backissue: ")
    with progress("indexing") as show:
        built = build(archive, show)
    for problem in built.problems:
        say(str(problem), "backissue: ")
