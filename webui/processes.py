"""Processes beside this one: several that answer on the same socket, and one that does something and is gone."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BackissueError
from indexer.index.ahead import can_fork

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = 5.0  # seconds; a process that ends sooner than this after its beginning will not do better the next time
PATIENCE = 10.0  # seconds that the processes have to end


class CannotServe(BackissueError):
    """A process ends as soon as it is begun, or the system cannot have several."""


def in_processes(number: int, answer: Callable[[], None]) -> None:
    """Call a function in so many processes, copies of this one, until interrupted or told to end.

    What was read before is shared by all, as long as none writes to it. Raises `CannotServe`.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise CannotServe("this system cannot share a port between processes; leave out --processes")
    context = multiprocessing.get_context("fork")

    def begin() -> tuple[BaseProcess, float]:
        process = context.Process(target=quietly, args=(answer,), daemon=True)
        process.start()
        return process, time.monotonic()

    running: list[tuple[BaseProcess, float]] = []
    try:
        with ended_by_signal():
            running += [begin() for _ in range(number)]
            while True:
                wait([process.sentinel for process, _ in running])
                for place, (process, begun) in enumerate(running):
                    if process.is_alive():
                        continue
                    click.echo(
                        f"backissue: a process ended (status {process.exitcode}); another takes its place", err=True
                    )
                    if (process.exitcode or 0) >= 0 and time.monotonic() - begun < SOON:  # and nobody killed it
                        raise CannotServe("it had only just begun, so the server ends")
                    running[place] = begin()
    finally:
        for process, _ in running:
            process.terminate()
        for process, _ in running:
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


def told_to_end(wake: Callable[[], None]) -> Event:
    """Return what is set once SIGTERM or Ctrl-C comes; nothing is interrupted from now on, but what waits is woken."""
    told = Event()

    def tell(*_: Any) -> None:
        if not told.is_set():
            told.set()
            wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return told


def quietly(answer: Callable[[], None]) -> None:
    """Call a function; one that is told to end before it has begun to answer has nothing to say."""
    with suppress(KeyboardInterrupt):
        answer()
