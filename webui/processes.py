"""Processes beside this one: several that answer on the same socket, and one that does something and is gone."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

import click

from indexer.build.workers import can_fork
from indexer.errors import BackissueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableSequence

SOON = 5.0  # seconds; a process that ends sooner than this after its beginning will not do better the next time
PATIENCE = 10.0  # seconds that the processes have to end
LOOK_EACH = 0.1  # seconds
PAUSE = 1.0  # seconds
LAST_ANSWERS = 5.0  # seconds; what was begun when the server was told to end has so long
LAST_READERS = 30.0  # seconds that a process has for slow readers when others take its place
RETIRE = getattr(signal, "SIGUSR1", signal.SIGTERM)  # Windows has none, and no copies of a process


class CannotServe(BackissueError):
    """A process ends as soon as it is begun, or the system cannot have several."""


class Told:
    """Knows until when this process may go on: without end, unless SIGTERM, Ctrl-C or its parent tells it to end.

    Nothing is interrupted from now on, but what waits is woken. A copy of the process knows it by itself.
    """

    def __init__(self) -> None:
        self.until = math.inf
        self.wake: Callable[[], object] = int  # which does nothing
        signal.signal(RETIRE, partial(self.end, LAST_READERS))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, partial(self.end, LAST_ANSWERS))

    def end(self, patience: float = LAST_ANSWERS, *_: Any) -> None:
        """Have the process end, once so many seconds are over at the latest."""
        self.until = min(self.until, time.monotonic() + patience)
        self.wake()

    @property
    def to_end(self) -> bool:
        return self.until < math.inf


class Among:
    """How many connections each of several processes has, and which of them this one is."""

    def __init__(self, counts: MutableSequence[int], place: int) -> None:
        self._counts = counts
        self._place = place
        self._begun_by = os.getpid()

    def say(self, count: int) -> None:
        """Tell the others how many connections this process has."""
        self._counts[self._place] = count

    @property
    def abandoned(self) -> bool:
        """Whether this process is a copy of one that was killed."""
        return self._begun_by not in (os.getpid(), os.getppid())

    @property
    def has_more(self) -> bool:
        """Whether another process has fewer."""
        return self._counts[self._place] > min(self._counts)


def in_processes(number: int, answer: Callable[[Among], None], renewed: Callable[[], bool], told: Told) -> None:
    """Call a function in so many processes, copies of this one, until this one is told to end, and then tell them.

    What was read before is shared by all, as long as none writes to it. `renewed` is asked first, and then again and
    again: once it says that this process has read something new, copies of it as it is now take the place of those
    before, which retire. Raises `CannotServe`.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise CannotServe("this system cannot share a port between processes; leave out --processes")
    copies = Copies(answer, number)
    renewed()
    try:
        while not told.to_end:
            copies.begin()
            ended = copies.ended()
            if not told.to_end:
                copies.replace(ended)
                if renewed():
                    copies.renew()
    finally:
        copies.end()


class Copies:
    """Processes that call a function, each a copy of this one as it was when they were begun."""

    def __init__(self, do: Callable[[Among], None], number: int) -> None:
        context = multiprocessing.get_context("fork")
        self._make = partial(context.Process, target=do, daemon=True)
        self._counts = context.RawArray("i", number)
        self._due = list(range(number))  # places in which another is to be begun
        self._running: dict[int, tuple[BaseProcess, float]] = {}  # by place, and when each was begun
        self._retired: list[BaseProcess] = []

    def begin(self) -> None:
        """Begin those that are due; what answered before in such a place ends once it has answered its readers.

        Where the system has no process to give, those that run go on, and it is tried again.
        """
        while self._due:
            place = self._due[0]
            process = self._make(args=(Among(self._counts, place),))
            try:
                process.start()
            except OSError as error:
                click.echo(f"backissue: no process can be begun ({error}); another try follows", err=True)
                time.sleep(PAUSE)
                return
            self._due.pop(0)
            if place in self._running:
                self._retire(self._running[place][0])
            self._running[place] = process, time.monotonic()

    def _retire(self, process: BaseProcess) -> None:
        if process.is_alive() and process.pid:
            os.kill(process.pid, RETIRE)
            self._retired.append(process)

    def ended(self) -> list[int]:
        """Wait for a moment, and return the places of those that have ended."""
        wait([process.sentinel for process, _ in self._running.values()], LOOK_EACH)
        self._retired = [process for process in self._retired if process.is_alive()]
        return [place for place, (process, _) in self._running.items() if not process.is_alive()]

    def replace(self, places: Iterable[int]) -> None:
        """Have others begun in some places; raises `CannotServe` where one ended by itself that had only just begun."""
        for place in places:
            process, begun = self._running.pop(place)
            click.echo(f"backissue: a process ended (status {process.exitcode}); another takes its place", err=True)
            if (process.exitcode or 0) >= 0 and time.monotonic() - begun < SOON:  # and nobody killed it
                raise CannotServe("it had only just begun, so the server ends")
            self._due.append(place)

    def renew(self) -> None:
        """Have others begun in all places."""
        self._due = list(range(len(self._counts)))

    def end(self) -> None:
        """Tell all to end, and wait until they have."""
        processes = [*self._retired, *(process for process, _ in self._running.values())]
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(PATIENCE)


def apart(do: Callable[[], None]) -> None:
    """Call a function in a copy of this process, so that the memory it takes is given back; here, if there is no copy.

    Raises what it raises, of errors that a person is told, and `CannotServe` where its process ends before it does.
    """
    if not can_fork():
        do()
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=quietly, args=(partial(told_through, theirs, do),), daemon=True)
    with ours, ended_by_signal():
        process.start()
        theirs.close()
        try:
            error = ours.recv()
        except EOFError:
            process.join()
            raise CannotServe(f"the process that makes the index ended (status {process.exitcode})") from None
        except KeyboardInterrupt:
            process.terminate()
            process.join(PATIENCE)
            raise
        process.join()
    if error:
        raise error


def told_through(connection: Connection[Any, Any], do: Callable[[], None]) -> None:
    """Call a function and send how it ended: None, or the error."""
    error: Exception | None = None
    try:
        do()
    except (BackissueError, OSError) as raised:
        error = raised
    with suppress(BrokenPipeError):  # who waited is gone
        connection.send(error)


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Have SIGTERM end what runs as Ctrl-C does: with what it has to do last."""

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def quietly(do: Callable[[], None]) -> None:
    """Call a function; one that is told to end meanwhile has nothing to say."""
    with suppress(KeyboardInterrupt):
        do()
