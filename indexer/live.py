"""The index that is current: a new generation is opened beside the one that answers, then takes its place."""

from __future__ import annotations

import gc
import logging
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from indexer.errors import BackissueError
from indexer.search.page import Searcher
from indexer.storage.generations import POINTER, index_folder
from indexer.storage.index import Index, open_index

LOOK_EACH = 0.25  # seconds
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A searcher, and what told the generation that it was opened for from others."""

    stamp: Hashable
    searcher: Searcher


class Live:
    """Gives the searcher over the current generation; safe to share between threads."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._opening = Lock()
        self._opened: Opened | None = None
        self._followed = False

    def searcher(self) -> Searcher:
        """Return the searcher over the newest generation that could be opened; raises `IndexMissing` for none at all.

        Where nobody follows, who finds that another was swapped in opens it; whoever comes meanwhile is answered from
        the one before.
        """
        held = self._opened
        return held.searcher if held and self._followed else self.newest()

    def newest(self) -> Searcher:
        """Return the searcher over what is current now, opened where it is not yet."""
        stamp = self.stamp()  # read first: what is swapped in later has another
        held = self._opened
        if held and (held.stamp == stamp or not self._opening.acquire(blocking=False)):
            return held.searcher
        if not held:
            self._opening.acquire()
        try:
            if self._opened is None or self._opened.stamp != stamp:
                self._opened = self.opened(stamp)
            return self._opened.searcher
        finally:
            self._opening.release()

    def stamp(self) -> Hashable:
        """Return what changes with each swap, even where the clock was put back between two."""
        try:
            about = (index_folder(self.data) / POINTER).stat()
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns, about.st_ctime_ns

    def opened(self, stamp: Hashable) -> Opened:
        """Return the current generation opened; where it cannot be, or is of another archive, the one before."""
        before = self._opened
        try:
            index = open_index(self.data)
            if before and index.about["archive"] != before.searcher.index.about["archive"]:
                index.close()
                return stays(before, stamp, f"{self.data}: the index is of another archive, {index.about['archive']}")
            return Opened(stamp, self.made(index))
        except Exception as error:  # whatever it is, the index before can still answer
            if before is None:
                raise
            return stays(before, stamp, repr(error) if not isinstance(error, BackissueError) else str(error))

    def made(self, index: Index) -> Searcher:
        """Return the searcher over a generation, with what many searches need read."""
        searcher = Searcher(index)
        searcher.warm()
        return searcher

    def renew(self) -> bool:
        """Open the generation that is current, where it is not open yet; return whether another searcher answers now.

        Who calls it does so again and again, so that no reader looks, or waits, for a new generation.
        """
        before = self._opened
        self._followed = True
        with suppress(BackissueError, OSError):  # there is no index yet; who asks is told so
            self.newest()
        return self._opened is not None and (before is None or self._opened.searcher is not before.searcher)

    def follow(self, stopped: Event) -> None:
        """Look for new generations until stopped, so that no reader has to wait while one is opened.

        The memory of the one before is given back once whoever asked it was answered: it refers to itself in
        circles, which the collector would come to only after many more.
        """
        try:
            new = self.renew()
            while not stopped.wait(LOOK_EACH):
                if new:
                    settle()
                new = self.renew()
        finally:
            self._followed = False


def stays(before: Opened, stamp: Hashable, why: str) -> Opened:
    """Return what answers on, though the generation is another, and tell why."""
    LOG.warning("backissue: %s; the index before goes on answering", why)
    return Opened(stamp, before.searcher)


def settle() -> None:
    """Give back what is held in circles, and leave what there is now out of collections from here on.

    It stays as long as the process does, or until the next index. For the garbage collector to walk it would stop the
    requests for a while each time, and have processes that share it copy it.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
