"""Connections held open, and clients that send a byte a second, while others are answered."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from tests.load.connection import Connection, connect, request
from tests.load.driving import HANGS, Driven
from tests.load.probing import Drive

SLOWLY = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 1_000
OK = 200


@dataclass(frozen=True, slots=True)
class Held:
    """How many were open, how many were so and answered at the end, and what came of the others' requests."""

    clients: int
    at_the_end: int
    others: Driven


async def hold_open(port: int, clients: int, drive: Drive, rate: float) -> Held:
    """Open so many connections, drive the server, and ask on each of them once more."""
    held = [await connect(port) for _ in range(clients)]
    try:
        before = await answered(held)
        others = await drive(rate)
        return Held(clients, min(before, await answered(held)), others)
    finally:
        for each in held:
            each.close()


async def answered(held: list[Connection]) -> int:
    """Return how many of some connections answer."""
    count = 0
    for each in held:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(HANGS):
                count += (await each.ask(request("/healthz"))).status == OK
    return count


async def go_slowly(port: int, clients: int, drive: Drive, rate: float, pause: float) -> Held:
    """Have so many clients send a byte of their head at a time, drive the server, and count the clients still open."""
    slow = [await connect(port) for _ in range(clients)]
    sending = asyncio.create_task(send(slow, pause))
    try:
        others = await drive(rate)
        return Held(clients, sum(each.open for each in slow), others)
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
