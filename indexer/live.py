"""The index that is current: a new generation is opened beside the one that answers, then takes its place."""

from __future__ import annotations

import gc
import logging
import math
import os
import time
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from indexer.engines.local import LocalCatalog
from indexer.errors import BackissueError, IndexDamaged, IndexMissing
from indexer.storage.generations import POINTER, index_folder
from indexer.storage.index import Index, open_index

POLL = 0.25  # seconds between two looks for a new generation
FIRST_PAUSE = 0.5  # seconds before a generation that could not be opened is tried again; doubled each time
LONGEST_PAUSE = 30.0
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A catalog, and the stamp of the generation that it was opened for."""

    stamp: Hashable
    catalog: LocalCatalog


@dataclass(frozen=True, slots=True)
class Failed:
    """A generation that could not be opened: why, and when to try again (monotonic seconds)."""

    stamp: Hashable
    why: str
    again: float
    pause: float


class Live:
    """Gives the catalog over the current generation; safe to share between threads."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._opening = Lock()
        self._opened: Opened | None = None
        self._failed: Failed | None = None
        self._followed_in: int | None = None  # the process whose thread follows; threads do not survive a fork

    def catalog(self) -> LocalCatalog:
        """Return the catalog over the newest generation that could be opened; raise `IndexMissing` if none could.

        Unless a thread follows, the caller that notices a new generation opens it. Meanwhile, others get the catalog
        over the previous one.
        """
        held = self._opened
        return held.catalog if held and self._followed_in == os.getpid() else self.newest()

    def newest(self) -> LocalCatalog:
        """Return the catalog over the current generation, opening it first if that is due."""
        stamp = self.stamp()  # read first: a later generation has another
        held = self._opened
        if held and not (self.is_due(held, stamp) and self._opening.acquire(blocking=False)):
            return held.catalog
        if not held:
            self._opening.acquire()
        try:
            if self._opened is None and self._failed and self.waits(stamp):
                raise IndexMissing(self._failed.why)
            if self._opened is None or self.is_due(self._opened, stamp):
                self._opened = self.opened(stamp)
            return self._opened.catalog
        finally:
            self._opening.release()

    def is_due(self, held: Opened, stamp: Hashable) -> bool:
        """Return whether a generation is another than the open one, and not one to be tried later."""
        return held.stamp != stamp and not self.waits(stamp)

    def waits(self, stamp: Hashable) -> bool:
        """Return whether a generation could not be opened and is to be tried later."""
        failed = self._failed
        return failed is not None and failed.stamp == stamp and time.monotonic() < failed.again

    def stamp(self) -> Hashable:
        """Return what changes with each new generation, even where the clock was set back between two."""
        try:
            about = (index_folder(self.data) / POINTER).stat()
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns, about.st_ctime_ns

    def opened(self, stamp: Hashable) -> Opened:
        """Return the current generation, opened, or the previous one if that fails; raise if there is no previous."""
        before = self._opened
        try:
            index = open_index(self.data)
            if before and index.said.archive != before.catalog.about.archive:
                index.close()
                self.note(stamp, f"{self.data}: the index is of another archive, {index.about['archive']}", math.inf)
                return before
            return Opened(stamp, self.made(index))
        except Exception as error:  # whatever it is, the previous generation can still answer
            why = str(error) if isinstance(error, BackissueError) else repr(error)
            self.note(stamp, why, math.inf if isinstance(error, IndexDamaged) else FIRST_PAUSE)
            if before is None:
                raise
            return before

    def note(self, stamp: Hashable, why: str, pause: float) -> None:
        """Remember why a generation could not be opened, and log it unless that is known; `pause` is the first."""
        known = self._failed if self._failed and self._failed.stamp == stamp else None
        if known and pause < math.inf:
            pause = min(2 * known.pause, LONGEST_PAUSE)
        self._failed = Failed(stamp, why, time.monotonic() + pause, pause)
        if self._opened and (not known or known.why != why):
            then = "" if pause == math.inf else " Trying again."
            LOG.warning("%s. Answering from the previous index.%s", why.rstrip("."), then)

    def made(self, index: Index) -> LocalCatalog:
        """Return the catalog over a generation, with what many searches need already read."""
        catalog = LocalCatalog(index)
        catalog.warm()
        return catalog

    def renew(self) -> bool:
        """Open the current generation if it is due; return whether another catalog answers now.

        Whoever calls this keeps calling it, so that no reader waits for a new generation.
        """
        before = self._opened
        self._followed_in = os.getpid()
        with suppress(BackissueError, OSError):  # no index yet; whoever asks is told
            self.newest()
        return self._opened is not None and (before is None or self._opened.catalog is not before.catalog)

    def follow(self, stopped: Event) -> None:
        """Open new generations until stopped, so that no reader waits for one.

        The memory of the previous one is given back once its last request was answered: it refers to itself in
        circles, which the collector would otherwise reach much later.
        """
        try:
            new = self.renew()
            while not stopped.wait(POLL):
                if new:
                    settle()
                new = self.renew()
        finally:
            self._followed_in = None


def settle() -> None:
    """Free what is held in circles, and exempt all that is left from garbage collection.

    It stays until the next index, and walking it would stop the requests for a while each time.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
