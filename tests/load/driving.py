"""Send requests at a fixed rate. Each is timed from when it was due, not from when it was sent."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.load.connection import Connection, connect, request
from tests.load.mix import Ask

CONNECTIONS = 64
HANGS = 120.0  # seconds after which a missing response is an error
IDLE = 5.0  # seconds after which a connection is not used again: the server closes it after ten
BEHIND = 1.0  # seconds of queued requests after which a server has failed


@dataclass
class Driven:
    """The results of some requests: seconds, statuses, and errors."""

    rate: float
    took: list[tuple[float, float]] = field(default_factory=list)  # the due time after the start, and the duration
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    abandoned: bool = False

    def percentile(self, percent: float, start: float = 0.0, end: float = float("inf")) -> float:
        """Return a percentile of the times in milliseconds, optionally of requests due in a time span."""
        times = sorted(took for due, took in self.took if start <= due < end)
        return 1_000 * times[min(len(times) - 1, int(len(times) * percent / 100))] if times else float("nan")

    def bears(self, most: float) -> bool:
        """Return whether there were no errors and the 99th percentile is below a limit."""
        return not self.errors and not self.abandoned and self.percentile(99) < most


class Driver:
    """Sends requests to one server over persistent connections, and remembers entity tags."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked = 0
        self._idle: list[tuple[Connection, float]] = []
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._tags: dict[str, bytes] = {}

    async def drive(self, asks: Iterator[Ask], rate: float, seconds: float) -> Driven:
        """Send requests at a rate for a time. Return when all have ended."""
        found, running = Driven(rate), set[asyncio.Task[None]]()
        start = time.perf_counter()
        for turn in range(round(rate * seconds)):
            due = turn / rate
            await asyncio.sleep(max(0.0, start + due - time.perf_counter()))
            if len(running) > max(CONNECTIONS, rate * BEHIND):
                found.abandoned = True
                break
            task = asyncio.create_task(self.one(next(asks), start, due, found))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
        return found

    async def one(self, ask: Ask, start: float, due: float, found: Driven) -> None:
        """Send one request and record its result."""
        try:
            async with asyncio.timeout(HANGS), self._free:
                status = await self.answered(ask)
            found.statuses[status] += 1
            if status not in ask.right:
                found.errors.append(f"{ask.path}: {status}")
        except (OSError, TimeoutError) as error:
            found.errors.append(f"{ask.path}: {error!r}")
        self.asked += 1
        found.took.append((due, time.perf_counter() - start - due))

    async def answered(self, ask: Ask) -> int:
        """Return the status of an answer."""
        connection = await self.taken()
        try:
            answer = await connection.ask(request(ask.path, self._tags.get(ask.path, b"") if ask.again else b""))
        except BaseException:
            connection.close()
            raise
        if ask.again and answer.tag:
            self._tags[ask.path] = answer.tag
        if connection.open:
            self._idle.append((connection, time.perf_counter()))
        else:
            connection.close()
        return answer.status

    async def taken(self) -> Connection:
        """Return a free or new connection."""
        while self._idle:
            held, since = self._idle.pop(0)  # in turn, so that none is long unused
            if held.open and time.perf_counter() - since < IDLE:
                return held
            held.close()
        return await connect(self.port)

    def close(self) -> None:
        for each, _ in self._idle:
            each.close()


def worst(driven: Sequence[Driven]) -> list[str]:
    """Return the first errors of several runs."""
    return [error for each in driven for error in each.errors][:5]
