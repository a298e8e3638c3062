"""Hostile clients of several kinds, each while others search plainly."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote_plus

from tests.load.connection import Connection, connect, request
from tests.load.driving import Driven
from tests.load.mix import WORDS
from tests.load.probing import Drive

CLIENTS = 8
PLAIN = 10.0  # plain searches per second meanwhile
SEARCH: Mapping[str, int] = {"/?q={w}": 100}
MOST = 250.0  # milliseconds that 99 % of them may take
BUFFER = 4_096  # bytes of answers that the kernel takes for a client that reads none
LARGE = "/kernel/v4.14"
VALUES = 1_750  # of a filter
UNKNOWN = 12  # words of a query, of which half occur in no entry

Attack = Callable[[int, random.Random], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Attacked:
    """The results of plain searches during an attack."""

    name: str
    others: Driven


async def unread(port: int, rng: random.Random) -> None:
    """Pipeline requests for large answers and read none of them."""
    burst = b"".join(request(f"{LARGE}?{rng.random()}") for _ in range(100))
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", port))
        while True:
            await loop.sock_sendall(client, burst)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    """Open a connection, and abort it at the end, whatever is still to be sent."""
    connection = await connect(port)
    try:
        yield connection
    finally:
        if connection.transport:
            connection.transport.abort()


async def trickled(port: int, rng: random.Random) -> None:
    """Send the head of a request byte by byte."""
    async with connected(port) as slow:
        while slow.open and slow.transport:
            slow.transport.write(rng.choice((b"a", b"b")))
            await asyncio.sleep(0.2)


async def many_filters(port: int, rng: random.Random) -> None:
    """Ask for many values of a filter."""
    values = "&".join(f"kind={rng.randrange(10**3)}" for _ in range(VALUES))
    async with connected(port) as client:
        while True:
            await client.ask(request(f"/?{values}&kind={rng.random()}"))


async def unknown_words(port: int, rng: random.Random) -> None:
    """Search for many words that were never searched for, half of which occur in no entry."""
    async with connected(port) as client:
        while True:
            words = [*rng.sample(WORDS, UNKNOWN // 2), *(f"zq{rng.randrange(10**6)}" for _ in range(UNKNOWN // 2))]
            await client.ask(request(f"/?q={quote_plus(' '.join(words))}"))


async def large_answers(port: int, rng: random.Random) -> None:
    """Ask the API for its largest answers, which no cache has."""
    async with connected(port) as client:
        while True:
            await client.ask(request(f"/api/v1/search?q=bpf&limit=100&values=1000&explain=1&none={rng.random()}"))


ATTACKS: Mapping[str, Attack] = {
    "pipelining requests and reading no answer": unread,
    "sending a head byte by byte": trickled,
    f"asking for {VALUES:,} values of a filter": many_filters,
    f"searching for {UNKNOWN} words, half of them unknown": unknown_words,
    "asking for 100 results with explanations": large_answers,
}


async def attacked(port: int, name: str, drive: Drive, seed: int) -> Attacked:
    """Search plainly during an attack by CLIENTS clients, which connect again whenever they are disconnected."""
    running = [
        asyncio.create_task(again(port, ATTACKS[name], random.Random(f"{seed}-{number}")))  # noqa: S311
        for number in range(CLIENTS)
    ]
    try:
        return Attacked(name, await drive(PLAIN))
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def again(port: int, attack: Attack, rng: random.Random) -> None:
    while True:
        with suppress(OSError):
            await attack(port, rng)
        await asyncio.sleep(0.05)
