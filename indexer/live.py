"""The index that is current, opened once and again when a new generation is swapped in."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from indexer.errors import IndexMissing
from indexer.index.generations import POINTER, index_folder
from indexer.index.opening import open_index
from indexer.search.page import Searcher


class Live:
    """Gives the searcher over the current generation; a request that has one keeps it to its end."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._lock = Lock()
        self._searcher: Searcher | None = None
        self._stamp = 0

    def searcher(self) -> Searcher:
        """Return the searcher; raises `IndexMissing` where there is no index and never was."""
        stamp = self.stamp()
        if self._searcher is None or stamp != self._stamp:
            with self._lock:
                if self._searcher is None or stamp != self._stamp:
                    self.reopen(stamp)
        assert self._searcher is not None
        return self._searcher

    def stamp(self) -> int:
        try:
            return (index_folder(self.data) / POINTER).stat().st_mtime_ns
        except OSError:
            return 0

    def reopen(self, stamp: int) -> None:
        try:
            searcher = Searcher(open_index(self.data))
            searcher.warm()
            self._searcher = searcher
        except IndexMissing:
            if self._searcher is None:
                raise
        self._stamp = stamp
