"""Compute values in forked workers, in order, each within a deadline and a memory bound."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Generic, NoReturn, TypeVar

from indexer.errors import BackissueError, UnreadableSource
from indexer.formats.contained import MEGABYTES, TOO_LARGE, TOO_SLOW, PastDeadline

Given = TypeVar("Given")
Made = TypeVar("Made")
POLITE = 10  # niceness of a build: a server on the same machine takes precedence, and a busy one does not stop it
STANDARD = 2  # the highest file descriptor of the standard streams
MOST = 4  # maximum number of workers; one process cannot consume the results of more
SECONDS = 5  # of CPU time for one value, independent of the load of the machine
WAITING = 60  # seconds of wall time in which a worker has to make some progress
PROGRESS = 0.001  # seconds of CPU time that count as progress; a busy machine gives a polite process little more
OUT_OF_MEMORY = 3  # exit status of a worker
ENDING = (signal.SIGINT, signal.SIGTERM)

WAITED = f"Reading it stood still for {WAITING} seconds. Try again, or check the disk that it is on."


@contextmanager
def in_workers(
    make: Callable[[Given], Made], things: Sequence[Given], name: Callable[[Given], str] = str
) -> Iterator[Iterator[Made]]:
    """Yield an iterator over `make(thing)` for each thing, in order, computed by up to four forked workers.

    A `BackissueError` is raised in its turn, and the iterator continues after it. A thing that exceeds the deadline or
    the memory limit, or crashes its worker, raises `UnreadableSource`; `name(thing)` is its name in the message. If a
    worker ends in any other way, its value is computed here, so that the exception surfaces. If processes cannot be
    forked (Windows, macOS, with threads), everything is computed here, without limits.
    """
    count = min(len(things), cores(), MOST) if can_fork() else 0
    if not count:
        yield map(make, things)
        return
    with ExitStack() as stack:
        workers = []
        for first in range(count):
            workers.append(Worker(make, things[first::count], name))
            stack.callback(workers[-1].stop)
        yield Turns(workers)


def in_worker(make: Callable[[Given], Made], thing: Given, name: Callable[[Given], str] = str) -> Made:
    """Return `make(thing)`, computed by a worker; raise as `in_workers` does."""
    with in_workers(make, [thing], name) as made:
        return next(made)


class Turns(Iterator[Made]):
    """An iterator that takes one value of each worker in turn, and continues after an exception."""

    def __init__(self, workers: Iterable[Worker[Given, Made]]) -> None:
        self.workers = deque(workers)

    def __next__(self) -> Made:
        """Return the next value."""
        worker = self.workers[0]
        self.workers.rotate(-1)
        return next(worker)


class Worker(Generic[Given, Made]):
    """A forked process that computes values in order; it is replaced if it is killed."""

    def __init__(self, make: Callable[[Given], Made], things: Sequence[Given], name: Callable[[Given], str]) -> None:
        self.make = make
        self.left = deque(things)
        self.name = name
        self.pid = 0
        self.busy = False
        self.pipe: BinaryIO | None = None
        self.start()

    def start(self) -> None:
        """Fork the process for the remaining values; `pipe` stays None if the system cannot fork."""
        source, sink = os.pipe()
        with delayed_signals():
            try:
                self.pid = os.fork()
            except OSError:
                os.close(source)
                os.close(sink)
                return
            if not self.pid:
                work(self.make, self.left, sink)
            os.close(sink)
            self.pipe = os.fdopen(source, "rb")

    def end(self) -> int:
        """Kill the process and return its wait status."""
        if self.pipe is None:
            return 0
        self.pipe.close()  # ends a worker that still writes to it
        self.pipe = None
        return os.waitpid(self.pid, 0)[1]

    def stop(self) -> None:
        """Kill the process at once, unless it has made all its values and ends by itself."""
        if self.pipe is not None:
            if self.left or self.busy:
                os.kill(self.pid, signal.SIGKILL)
            self.end()

    def __next__(self) -> Made:
        """Return the next value, or raise what `make` raised."""
        if not self.left:
            raise StopIteration
        thing = self.left.popleft()
        if self.pipe is None:
            return self.make(thing)
        self.busy = True
        try:
            value, error = pickle.load(self.pipe)  # noqa: S301  from a process of our own
            self.busy = False
        except (EOFError, pickle.UnpicklingError):
            self.busy = False
            why = reason(self.end())
            self.start()
            if why:
                raise UnreadableSource(f"{self.name(thing)}: {why}") from None
            return self.make(thing)
        if error is not None:
            raise error
        made: Made = value
        return made


def reason(status: int) -> str:
    """Return why a worker was killed, from its wait status, or "" if it ended by itself."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        slow = TOO_SLOW.format(SECONDS)
        known = {signal.SIGPROF: slow, signal.SIGVTALRM: slow, signal.SIGALRM: WAITED}
        return known.get(signal.Signals(number), f"The process that read it was ended by signal {number}.")
    return TOO_LARGE.format(MEGABYTES) if os.WEXITSTATUS(status) == OUT_OF_MEMORY else ""


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether this process can be forked safely: not on macOS or with threads."""
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def work(make: Callable[[Given], Made], things: Iterable[Given], sink: int) -> NoReturn:
    """Compute and write values until done or the reader is gone; the exit status shows what went wrong."""
    status = 0
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the reader also gets it, and closes the pipe
        for each in (signal.SIGTERM, signal.SIGPROF, signal.SIGVTALRM):
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        step_back()
        close_others(sink)  # including locks, which would outlive the reader
        with os.fdopen(sink, "wb") as pipe:
            for thing in things:
                with bounded():
                    answer = pickle.dumps(answer_of(make, thing), pickle.HIGHEST_PROTOCOL)
                pipe.write(answer)
                pipe.flush()
    except MemoryError:
        status = OUT_OF_MEMORY
    except PastDeadline:  # at the very end of an item
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGPROF)
    finally:
        os._exit(status)


@contextmanager
def delayed_signals() -> Iterator[None]:
    """Let the signals that end a process wait until the end of the block.

    Otherwise a handler of the parent could raise in a child that has just been forked, which would then continue with
    the parent's code.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def answer_of(make: Callable[[Given], Made], thing: Given) -> tuple[Made | None, BackissueError | None]:
    """Return `(value, None)`, or `(None, error)` if computing it raised a `BackissueError`."""
    try:
        return make(thing), None
    except BackissueError as error:
        return None, error


@contextmanager
def bounded() -> Iterator[None]:
    """Limit the CPU time and memory of the block; the system kills the process at the deadline.

    A process that is only slow because the machine is busy is not killed. One that stands still is.
    """
    bound_memory()
    at = time.process_time()

    def look(number: int, _: object) -> None:
        nonlocal at
        if time.process_time() - at < PROGRESS:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        at = time.process_time()

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)  # `formats.contained` starts it again by its interval
    signal.setitimer(signal.ITIMER_REAL, WAITING, WAITING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def bound_memory() -> None:
    """Limit this process to its current memory plus `MEGABYTES` (Linux only)."""
    if sys.platform != "linux":
        return
    import resource

    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = held + MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def step_back() -> None:
    """Lower the priority of this process, so that a server on the same machine is not slowed down."""
    with suppress(AttributeError, OSError):  # Windows does not have it, a sandbox may refuse it
        os.setpriority(os.PRIO_PROCESS, 0, max(POLITE, os.getpriority(os.PRIO_PROCESS, 0)))


def close_others(kept: int) -> None:
    """Close all file descriptors except one and the standard streams."""
    for descriptor in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        if descriptor > STANDARD and descriptor != kept:
            with suppress(OSError):  # for example the descriptor of the listing itself
                os.close(descriptor)
