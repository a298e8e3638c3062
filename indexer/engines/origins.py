"""Where an archive is served from, a data folder or a cluster: which generation is current, and its catalog."""

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

ASKED_AGAIN = 1.0  # seconds after which a cluster is asked for its generation again

Where = Path | Place


class Served(Catalog, Protocol):
    """A catalog that is opened and closed."""

    def warm(self) -> None:
        """Read what many searches need, so that the first ones are as quick as those that follow."""

    def close(self) -> None:
        """Let go of what the catalog is read from."""


class Origin(Protocol):
    """What gives the catalog over the current generation."""

    def stamp(self) -> Hashable:
        """Return what changes with each new generation; None while there is none."""

    def open(self) -> Served:
        """Return the catalog over the current generation; raises `IndexMissing` where there is none."""


class Folder:
    """The index in a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def stamp(self) -> Hashable:
        """Return what changes with each new generation, even where the clock was set back between two."""
        try:
            about = (index_folder(self.data) / POINTER).stat()
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns, about.st_ctime_ns

    def open(self) -> Served:
        """Return the catalog over the current generation; raises `IndexMissing` where there is none."""
        from indexer.engines.local import open_catalog

        return open_catalog(self.data)


class Cluster:
    """The index in a cluster; while that does not answer, the generation that was current is taken to be so still."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._lock = Lock()
        self._client: OpenSearch | None = None
        self._asked = 0.0
        self._stamp: Hashable = None

    def stamp(self) -> Hashable:
        """Return what changes with each new generation."""
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
        """Return the catalog over the current generation; raises `IndexMissing` where there is none."""
        from indexer.engines.opensearch.connection import client
        from indexer.engines.opensearch.generations import current, opened

        self._client = self._client or client(self.place)
        self._stamp = current(self._client, self.place)
        return opened(self._client, self.place, self._stamp)


def origin(where: Where) -> Origin:
    """Return what gives the catalogs of a data folder or a cluster."""
    return Folder(where) if isinstance(where, Path) else Cluster(where)


def catalog_at(where: Where) -> Served:
    """Return the catalog over the current generation; raises `IndexMissing` where there is none."""
    return origin(where).open()
