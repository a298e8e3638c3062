"""Work done ahead: other processes make things, while this one goes on with those that are made, in their order."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
POLITE = 5  # what runs beside, such as a server, goes first
STANDARD = 2  # the highest of the standard streams
MOST = 4  # processes; who uses what they make does not keep up with more


@contextmanager
def ahead(make: Callable[[Given], Made], things: Sequence[Given]) -> Iterator[Iterator[Made]]:
    """Yield what `make` makes of some things, in their order: by a process for each core, up to four, by turns.

    They end with the block. Should one end before, what it had to make is made in this one, where it raises what it
    raises. What is made must be fit for pickle.
    """
    count = min(len(things), cores(), MOST)
    if count < 2 or not can_fork():
        yield map(make, things)
        return
    with ExitStack() as stack:
        shares = [stack.enter_context(shared(make, things[first::count])) for first in range(count)]
        yield (next(shares[i % count]) for i in range(len(things)))


@contextmanager
def shared(make: Callable[[Given], Made], things: Sequence[Given]) -> Iterator[Iterator[Made]]:
    """Yield what `make` makes of some things in a process of its own; in this one, where the system has no more."""
    source, sink = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(source)
        os.close(sink)
        yield map(make, things)
        return
    if not child:
        work(make, things, sink)
    os.close(sink)
    try:
        with os.fdopen(source, "rb") as pipe:
            yield made(pipe, make, things)
    finally:  # the pipe is closed by now, and who writes to it ends
        os.waitpid(child, 0)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether a copy of this process is sound: not where there are threads, as in a Mac's libraries."""
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def work(make: Callable[[Given], Made], things: Sequence[Given], sink: int) -> NoReturn:
    """Make things and write them, until done or nobody reads; whatever goes wrong is left to who reads."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the reader is told, too, and closes the pipe
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        step_back()
        close_others(sink)  # locks among them, which would outlast the reader
        with os.fdopen(sink, "wb") as pipe:
            for thing in things:
                pickle.dump(make(thing), pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()
    finally:
        os._exit(0)


def step_back() -> None:
    """Let what else runs, such as a server, go before this process; alone it is as quick as ever."""
    with suppress(AttributeError, OSError):  # Windows has no such thing, a sandbox may refuse it
        os.setpriority(os.PRIO_PROCESS, 0, max(POLITE, os.getpriority(os.PRIO_PROCESS, 0)))


def close_others(kept: int) -> None:
    """Close all files of this process but one and the standard streams."""
    for descriptor in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        if descriptor > STANDARD and descriptor != kept:
            with suppress(OSError):  # that of the list itself, for one
                os.close(descriptor)


def made(pipe: BinaryIO, make: Callable[[Given], Made], things: Sequence[Given]) -> Iterator[Made]:
    """Yield what comes through a pipe, and what does not come made here."""
    for i in range(len(things)):
        try:
            found: Made = pickle.load(pipe)  # noqa: S301 – from a process of our own
        except (EOFError, pickle.UnpicklingError):
            yield from map(make, things[i:])
            return
        yield found
