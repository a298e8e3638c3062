"""The current index: each new generation is opened beside the one in use, then replaces it."""

from __future__ import annotations

import gc
import logging
import math
import os
import time
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock

from indexer.engines.origins import Served, Where, origin
from indexer.errors import BackissueError, IndexDamaged, IndexMissing

POLL = 0.1  # seconds between checks for a new generation
FIRST_PAUSE = 0.5  # seconds before a failed open is retried; doubled each time
LONGEST_PAUSE = 30.0
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open catalog and the stamp of its generation."""

    stamp: Hashable
    catalog: Served


@dataclass(frozen=True, slots=True)
class Failed:
    """A generation that could not be opened, the reason, and when to retry (monotonic seconds)."""

    stamp: Hashable
    why: str
    kind: type[IndexMissing]
    again: float
    pause: float


class Live:
    """Provides the catalog of the current generation. Thread-safe."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.origin = origin(where)
        self._opening = Lock()
        self._opened: Opened | None = None
        self._failed: Failed | None = None
        self._followed_in: int | None = None  # the process whose thread follows; a fork does not inherit threads

    def catalog(self) -> Served:
        """Return the catalog over the newest generation that could be opened; raise `IndexMissing` if none could.

        Without a following thread, the first caller to notice a new generation opens it. Until then, other callers
        get the previous one.
        """
        current = self._opened
        return current.catalog if current and self._followed_in == os.getpid() else self.newest()

    def newest(self) -> Served:
        """Return the catalog over the current generation, opening it first if that is due."""
        stamp = self.stamp()  # read before opening, so a later generation is noticed
        current = self._opened
        if current and not (self.is_due(current, stamp) and self._opening.acquire(blocking=False)):
            return current.catalog
        if not current:
            self._opening.acquire()
        try:
            if self._opened is None and self._failed and self.waits(stamp):
                raise self._failed.kind(self._failed.why)
            if self._opened is None or self.is_due(self._opened, stamp):
                self._opened = self.opened(stamp)
            return self._opened.catalog
        finally:
            self._opening.release()

    def is_due(self, current: Opened, stamp: Hashable) -> bool:
        """Return whether a generation differs from the open one and is not waiting for a retry."""
        return current.stamp != stamp and not self.waits(stamp)

    def waits(self, stamp: Hashable) -> bool:
        """Return whether a generation failed to open and its retry is not due yet."""
        failed = self._failed
        return failed is not None and failed.stamp == stamp and time.monotonic() < failed.again

    def stamp(self) -> Hashable:
        """Return a value that changes with each generation, even if the clock was set back."""
        return self.origin.stamp()

    def opened(self, stamp: Hashable) -> Opened:
        """Open the current generation; on failure return the previous one, or raise if there is none."""
        before = self._opened
        if before:  # or else both generations would have theirs at once, and the process would keep the memory
            before.catalog.forget()
        try:
            catalog = self.origin.open()
            if before and catalog.about.archive != before.catalog.about.archive:
                catalog.close()
                why = f"{self.where}: The index belongs to another archive, {catalog.about.archive}."
                self.note(stamp, IndexMissing(why), math.inf)
                return before
            return Opened(stamp, self.prepared(catalog))
        except Exception as error:  # whatever failed, the previous generation still works
            self.note(stamp, error, math.inf if isinstance(error, IndexDamaged) else FIRST_PAUSE)
            if before is None:
                raise
            return before

    def note(self, stamp: Hashable, error: Exception, pause: float) -> None:
        """Record why a generation could not be opened, and log it once; `pause` is the initial delay."""
        why = str(error) if isinstance(error, BackissueError) else repr(error)
        kind = type(error) if isinstance(error, IndexMissing) else IndexMissing
        known = self._failed if self._failed and self._failed.stamp == stamp else None
        if known and pause < math.inf:
            pause = min(2 * known.pause, LONGEST_PAUSE)
        self._failed = Failed(stamp, why, kind, time.monotonic() + pause, pause)
        if self._opened and (not known or known.why != why):
            then = "" if pause == math.inf else " Trying again."
            LOG.warning("%s. Answering from the previous index.%s", why.rstrip("."), then)

    def prepared(self, catalog: Served) -> Served:
        """Return the catalog of a generation, preloading the data that most searches need."""
        catalog.warm()
        return catalog

    def renew(self) -> bool:
        """Open the current generation if it is due; return whether the catalog changed.

        A thread that calls this regularly saves readers the wait for a new generation.
        """
        before = self._opened
        self._followed_in = os.getpid()
        with suppress(BackissueError, OSError):  # no index yet; the next request reports it
            self.newest()
        return self._opened is not None and (before is None or self._opened.catalog is not before.catalog)

    def follow(self, stopped: Event) -> None:
        """Open new generations until stopped, so that readers never wait for one.

        A replaced generation is dropped at the next check, when hardly any request still uses it.
        """
        try:
            before, new = None, self.renew()
            while not stopped.wait(POLL):
                if new:
                    drop(before.catalog if before else None)
                before, new = self._opened, self.renew()
        finally:
            self._followed_in = None


def drop(catalog: Served | None) -> None:
    """Forget the values derived from a replaced catalog, then exempt all objects in use from collection.

    The values refer to the catalog. Without them nothing does, so its memory is freed without a collection of all
    objects, which would pause requests and copy the pages that workers share.
    """
    if catalog:
        catalog.memo.forget()
    freeze()


def freeze() -> None:
    """Collect garbage, then exempt the remaining objects from collection, because they live until the next index."""
    gc.collect()
    gc.freeze()
