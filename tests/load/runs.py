"""The measurements of each server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from indexer.sources.archive import Archive
from tests.load.attacking import ATTACKS, SEARCH, Attacked, attacked
from tests.load.driving import Driven, Driver
from tests.load.enduring import Endured, endure
from tests.load.holding import Held, go_slowly, hold_open
from tests.load.mix import AGAIN, OURS, Ask, asks
from tests.load.probing import FIRST, MOST, Borne, highest
from tests.load.servers import Memory, Server, memory, processor_time

SHARES = (
    0.85,
    0.7,
    0.5,
    0.4,
)  # shares of the probed rate to try, each if the one before is too high for the whole duration
OF_OTHERS = 0.5  # the share of that rate for other requests during idle connections and slow clients


@dataclass(frozen=True, slots=True)
class Plan:
    """The duration, the numbers of idle and slow connections, and the seed.

    `rate` is the rate to hold. Without one, it is determined.
    """

    seconds: float = 60.0
    probe: float = 3.0
    beside: float = 5.0
    open: int = 500
    slow: int = 100
    pause: float = 1.0
    seed: int = 1
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A server in the comparison: the highest rate it can handle in short probes, its CPU time and its memory.

    The CPU time is milliseconds per request in all its processes. The memory is measured after the probes.
    """

    name: str
    borne: Borne
    processor: float
    memory: Memory


@dataclass(frozen=True, slots=True)
class Whole:
    """All measurements of our server. It has several rates if the first ones were too high for the whole duration."""

    row: Row
    endured: tuple[Endured, ...]
    open: Held
    slow: Held
    attacked: tuple[Attacked, ...]


def compare(name: str, server: Server, plan: Plan, shapes: Mapping[str, int], again: Mapping[str, int]) -> Row:
    """Return the highest rate of a server."""

    async def measured() -> Row:
        driver = Driver(server.port)
        found = await probed(name, server, driver, asks(plan.seed, shapes, again), plan)
        driver.close()
        return found

    return asyncio.run(measured())


async def probed(name: str, server: Server, driver: Driver, asked: Iterator[Ask], plan: Plan) -> Row:
    """Return the highest rate of a server, or the results at the planned rate."""

    async def drive(rate: float) -> Driven:
        return await driver.drive(asked, rate, plan.probe)

    await drive(FIRST)  # so that caches are filled
    before, already = processor_time(server), driver.asked
    found = Borne(await drive(plan.rate), ()) if plan.rate else await highest(drive)
    took = 1_000 * (processor_time(server) - before) / (driver.asked - already)
    return Row(name, found, took, memory(server))


def measure(name: str, server: Server, archive: Archive, plan: Plan) -> Whole:
    """Return all measurements of our server, with others for comparison."""

    async def measured() -> Whole:
        driver = Driver(server.port)
        asked = asks(plan.seed, OURS, AGAIN)
        row = await probed(name, server, driver, asked, plan)
        highest_rate = row.borne.rate or FIRST
        endured: list[Endured] = []
        for share in SHARES:
            endured.append(
                await endure(driver, server, archive, asked, plan.rate or share * highest_rate, plan.seconds)
            )
            if plan.rate or not row.borne.best or endured[-1].driven.bears(MOST):
                break

        async def drive(rate: float) -> Driven:
            return await driver.drive(asked, rate, plan.beside)

        rate = OF_OTHERS * highest_rate
        opened = await hold_open(server.port, plan.open, drive, rate)
        slow = await go_slowly(server.port, plan.slow, drive, rate, plan.pause)
        asked = asks(plan.seed, SEARCH)
        hostile = [await attacked(server.port, name, drive, plan.seed) for name in ATTACKS]
        driver.close()
        return Whole(row, tuple(endured), opened, slow, tuple(hostile))

    return asyncio.run(measured())
