"""Idle connections and slow clients while others are served."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from tests.load.connection import Connection, connect, request
from tests.load.driving import HANGS, Driven
from tests.load.probing import Drive

SLOWLY = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 1_000
OK = 200


@dataclass(frozen=True, slots=True)
class Held:
    """The numbers of open connections, of those that still worked at the end, the seconds until then, and others."""

    clients: int
    at_the_end: int
    seconds: float
    others: Driven


async def hold_open(port: int, clients: int, drive: Drive, rate: float) -> Held:
    """Open connections, drive the server, and use each connection again."""
    start = time.perf_counter()
    held = [await connect(port) for _ in range(clients)]
    try:
        before = await answered(held)
        others = await drive(rate)
        at_the_end = min(before, await answered(held))
        return Held(clients, at_the_end, time.perf_counter() - start, others)
    finally:
        for each in held:
            each.close()


async def answered(held: list[Connection]) -> int:
    """Return the number of connections that work."""
    count = 0
    for each in held:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(HANGS):
                count += (await each.ask(request("/healthz"))).status == OK
    return count


async def go_slowly(port: int, clients: int, drive: Drive, rate: float, pause: float) -> Held:
    """Let clients send their request byte by byte, drive the server, and count the open ones."""
    start = time.perf_counter()
    slow = [await connect(port) for _ in range(clients)]
    sending = asyncio.create_task(send(slow, pause))
    try:
        others = await drive(rate)
        return Held(clients, sum(each.open for each in slow), time.perf_counter() - start, others)
    finally:
        sending.cancel()
        for each in slow:
            each.close()


async def send(slow: list[Connection], pause: float) -> None:
    for byte in SLOWLY:
        for each in slow:
            if each.open and each.transport:
                each.transport.write(bytes((byte,)))
        await asyncio.sleep(pause)
