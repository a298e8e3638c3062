"""Open the current generation of an archive in a data folder or a cluster."""

from __future__ import annotations

import time
from collections.abc import Hashable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from indexer.catalog.protocol import Catalog
from indexer.engines.opensearch.connection import Place
from indexer.errors import IndexMissing
from indexer.storage.generations import POINTER, index_folder

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

ASKED_AGAIN = 1.0  # seconds between requests for the current generation

Where = Path | Place


class Served(Catalog, Protocol):
    """A catalog that can be closed."""

    def warm(self) -> None:
        """Preload data that many searches need, so that the first searches are fast."""

    def forget(self) -> None:
        """Drop what was read of entries and words, to make room for another generation."""

    def close(self) -> None:
        """Close the files or connections of the catalog."""


class Origin(Protocol):
    """A place with generations of an index."""

    def stamp(self) -> Hashable:
        """Return a value that changes with each new generation; None while there is none."""

    def open(self) -> Served:
        """Open the catalog of the current generation. Raises `IndexMissing` if there is none."""


class Folder:
    """The index in a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def stamp(self) -> Hashable:
        """Return a value that changes with each new generation, even if the clock was set back."""
        try:
            about = (index_folder(self.data) / POINTER).stat()
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns, about.st_ctime_ns

    def open(self) -> Served:
        """Open the catalog of the current generation. Raises `IndexMissing` if there is none."""
        from indexer.engines.local import open_catalog

        return open_catalog(self.data)


class Cluster:
    """The index in a cluster. While the cluster does not answer, the last known generation counts as current."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._lock = Lock()
        self._client: OpenSearch | None = None
        self._asked = 0.0
        self._stamp: Hashable = None

    def stamp(self) -> Hashable:
        """Return a value that changes with each new generation."""
        from indexer.engines.opensearch.generations import current

        if time.monotonic() - self._asked < ASKED_AGAIN or not self._lock.acquire(blocking=False):
            return self._stamp
        try:
            if self._client:
                self._stamp = current(self._client, self.place)
        except IndexMissing:
            pass
        finally:
            self._asked = time.monotonic()
            self._lock.release()
        return self._stamp

    def open(self) -> Served:
        """Open the catalog of the current generation. Raises `IndexMissing` if there is none."""
        from indexer.engines.opensearch.connection import connect
        from indexer.engines.opensearch.generations import current, opened

        self._client = self._client or connect(self.place)
        self._stamp = current(self._client, self.place)
        return opened(self._client, self.place, self._stamp)


def origin(where: Where) -> Origin:
    """Return the origin for a data folder or a cluster."""
    return Folder(where) if isinstance(where, Path) else Cluster(where)


def catalog_at(where: Where) -> Served:
    """Open the catalog of the current generation. Raises `IndexMissing` if there is none."""
    return origin(where).open()
