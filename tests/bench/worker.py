"""A process for each engine and size: it opens the index, and times one question after the other."""

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
PATIENCE = 10  # seconds that a process has to end


@dataclass(frozen=True, slots=True)
class Timed:
    """How many nanoseconds an answer took, and how many entries matched."""

    nanoseconds: int
    matches: int


class Worker:
    """The process of one engine; it waits, costing nothing, while others are asked."""

    def __init__(self, engine: str, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, engine, folder), daemon=True)
        self.process.start()
        other.close()

    def open(self) -> float:
        """Open the index and return the seconds it took."""
        self.pipe.send("open")
        return float(self.pipe.recv())

    def ask(self, asks: Sequence[Ask]) -> list[Timed | None]:
        """Return for each question what it took, None for a form that the engine has no answer to."""
        self.pipe.send(list(asks))
        found: list[Timed | None] = self.pipe.recv()
        return found

    def megabytes(self) -> float:
        """Return by how much memory of its own the process has grown since the engine was imported."""
        self.pipe.send("memory")
        return float(self.pipe.recv())

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.pipe.close()
        self.process.join(PATIENCE)


def serve(pipe: Connection, name: str, folder: Path) -> None:
    """Answer what comes through the pipe until it is closed."""
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
            start = time.perf_counter()
            engine = made(folder)
            pipe.send(time.perf_counter() - start)
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
    """Return what each question takes; garbage is collected before and not between, as timeit does."""
    gc.collect()
    gc.disable()
    try:
        return [time_one(engine, ask) if ask.form in engine.forms else None for ask in asks]
    finally:
        gc.enable()


def time_one(engine: Engine, ask: Ask) -> Timed:
    start = time.perf_counter_ns()
    answer = engine.ask(ask)
    return Timed(time.perf_counter_ns() - start, answer.total)


def anonymous() -> int:
    """Return the memory of this process in bytes, without the pages of files that it maps; 0 off Linux."""
    if not STATUS.exists():
        return 0
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024
