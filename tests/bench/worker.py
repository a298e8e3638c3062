"""A process for each engine and size that opens the index and times one query after the other.

Times are CPU times of the whole process, so that other work on the machine hardly changes them.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from tests.bench.engine import Engine, load
from tests.bench.nouns import Ask

STATUS = Path("/proc/self/status")
MEGABYTE = 1_000_000
PATIENCE = 120  # seconds that a process has to end


@dataclass(frozen=True, slots=True)
class Timed:
    """The nanoseconds of CPU time of an answer, and the number of matches."""

    nanoseconds: int
    matches: int


class Worker:
    """The process of one engine. It sleeps while others are measured."""

    def __init__(self, engine: str, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, engine, folder), daemon=True)
        self.process.start()
        other.close()

    def open(self) -> float:
        """Open the index and return the seconds of CPU time it took."""
        self.pipe.send("open")
        return float(self.pipe.recv())

    def ask(self, asks: Sequence[Ask]) -> list[Timed | None]:
        """Return the time of each query, None for an unsupported form."""
        self.pipe.send(list(asks))
        found: list[Timed | None] = self.pipe.recv()
        return found

    def megabytes(self) -> float:
        """Return the growth of the process's private memory since the engine was imported."""
        self.pipe.send("memory")
        return float(self.pipe.recv())

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.pipe.close()
        self.process.join(PATIENCE)


def serve(pipe: Connection, name: str, folder: Path) -> None:
    """Answer requests from the pipe until it is closed."""
    made = load(name)
    assert made, f"{name} is not installed"
    before = anonymous()
    engine: Engine | None = None
    while True:
        try:
            said = pipe.recv()
        except EOFError:
            break
        if said == "open":
            start = time.process_time()
            engine = made(folder)
            pipe.send(time.process_time() - start)
            gc.collect()
            gc.freeze()
        elif said == "memory":
            pipe.send((anonymous() - before) / MEGABYTE)
        else:
            assert engine
            pipe.send(timed(engine, said))
    if engine:
        engine.close()


def timed(engine: Engine, asks: Sequence[Ask]) -> list[Timed | None]:
    """Time each query. Garbage is collected before the queries and not between them, as timeit does."""
    gc.collect()
    gc.disable()
    try:
        return [time_one(engine, ask) if ask.form in engine.forms else None for ask in asks]
    finally:
        gc.enable()


def time_one(engine: Engine, ask: Ask) -> Timed:
    start = time.process_time_ns()
    answer = engine.ask(ask)
    return Timed(time.process_time_ns() - start, answer.total)


def anonymous() -> int:
    """Return the private memory of this process in bytes, without mapped files; 0 on systems other than Linux."""
    if not STATUS.exists():
        return 0
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024
