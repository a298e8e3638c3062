"""One rate for a minute, with a new index in the middle, and the memory before and after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.sources.archive import Archive
from tests.faults.stage import ROOT, command_line, must, put_retold, surroundings
from tests.load.driving import Driven, Driver
from tests.load.mix import Ask
from tests.load.servers import Memory, Server, memory

SETTLED = 10_000  # after this number of requests, memory must not grow
CHANGED = 1  # the issue that changes
OPENED = 1.0  # seconds for the server to open the new index
LOOK_EACH = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Endured:
    """The results of the requests, the time of the new index, and the memory before, after and when settled."""

    driven: Driven
    swap: tuple[float, float]
    settled: Memory | None
    before: Memory
    end: Memory

    @property
    def around_swap(self) -> float:
        """Return the 99th percentile in milliseconds while the index was built and opened."""
        return self.driven.percentile(99, *self.swap)

    @property
    def before_swap(self) -> float:
        """Return the 99th percentile in milliseconds before the index was built."""
        return self.driven.percentile(99, 0, self.swap[0])


async def endure(
    driver: Driver, server: Server, archive: Archive, asks: Iterator[Ask], rate: float, seconds: float
) -> Endured:
    """Drive a server at a rate, publish a new index in the middle, and measure its memory."""
    watching = asyncio.create_task(settled(driver, server))
    swapping = asyncio.create_task(swap(server, archive, seconds / 2))
    found = await driver.drive(asks, rate, seconds)
    span, before = await swapping
    watching.cancel()
    held = watching.result() if watching.done() and not watching.cancelled() else None
    return Endured(found, span, held, before, memory(server))


async def settled(driver: Driver, server: Server) -> Memory:
    """Return the memory of a server after enough requests."""
    while driver.asked < SETTLED:
        await asyncio.sleep(LOOK_EACH)
    return memory(server)


async def swap(server: Server, archive: Archive, after: float) -> tuple[tuple[float, float], Memory]:
    """Change an issue and index it in another process. Return the time, and the memory before."""
    start = time.perf_counter()
    await asyncio.sleep(after)
    before = memory(server)
    pointer = archive.data / "index" / "current"
    was = pointer.read_text(encoding="ascii")
    put_retold(archive, CHANGED, f"load{time.time_ns()}")
    begun = time.perf_counter() - start
    process = await asyncio.create_subprocess_exec(
        *command_line(archive, "index"), cwd=ROOT, env=surroundings(archive),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    must(process.returncode == 0 and pointer.read_text(encoding="ascii") != was, f"index said {said.decode()}")
    await asyncio.sleep(OPENED)
    return (begun, time.perf_counter() - start), before
