"""The index that a command asks: of the archive that was named, where one was."""

from __future__ import annotations

import click

from indexer.build.fingerprint import is_of
from indexer.engines.local import LocalCatalog
from indexer.errors import IndexMissing
from indexer.sources.archive import Archive
from indexer.storage.index import open_index


def opened(archive: Archive) -> LocalCatalog:
    """Return the catalog over the current index.

    Raises `IndexMissing` where there is none, or where it is of another archive than the one that was named.
    """
    index = open_index(archive.data)
    named = click.get_current_context().params.get("archive_folder") is not None
    if named and not is_of(index, archive):
        index.close()
        raise IndexMissing(
            f"{index.folder}: the index is of another archive, {index.about['archive']}; run backissue index with "
            "this one, or name another data folder with --data"
        )
    return LocalCatalog(index)
