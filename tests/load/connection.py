"""A cheap persistent connection for one request at a time, because the driver shares the server's cores."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: *(?P<bytes>\d+)", re.I)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.I)
TAG = re.compile(rb"\r\netag: *(?P<tag>[^\r]+)", re.I)
LAST = re.compile(rb"\r\nconnection: *close", re.I)
BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, entity tag, and size of head and body."""

    status: int
    tag: bytes
    content: bytes


class Connection(asyncio.Protocol):
    """One connection to a server, kept until either side closes it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.open = True
        self._came = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("closed before it had answered"))

    def data_received(self, data: bytes) -> None:
        self._came += data
        ends = end_of_answer(self._came)
        if ends is None or self._waiting is None or self._waiting.done():
            return
        content = bytes(self._came[:ends])
        del self._came[:ends]
        head = content[: content.index(b"\r\n\r\n") + 2]
        tag = TAG.search(head)
        self.open = self.open and not LAST.search(head)
        self._waiting.set_result(Answer(int(head[9:12]), tag["tag"] if tag else b"", content))

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return the response. Raises `OSError` if the server closes the connection."""
        assert self.transport
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._waiting

    def close(self) -> None:
        self.open = False
        if self.transport:
            self.transport.close()


async def connect(port: int) -> Connection:
    """Connect to a local port. Raises `OSError` if it is refused."""
    _, made = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return made


def request(path: str, tag: bytes = b"") -> bytes:
    """Return a request for a path, conditional if an entity tag is given."""
    held = b"If-None-Match: " + tag + b"\r\n" if tag else b""
    return b"GET " + path.encode("ascii") + b" HTTP/1.1\r\nHost: localhost\r\n" + held + b"\r\n"


def end_of_answer(came: bytes | bytearray) -> int | None:
    """Return the end of the first complete response, or None."""
    head = came.find(b"\r\n\r\n")
    if head < 0:
        return None
    start = head + 4
    if int(came[9:12]) in BODILESS:
        return start
    if CHUNKED.search(came, 0, start):
        return end_of_chunks(came, start)
    length = LENGTH.search(came, 0, start)
    end = start + int(length["bytes"] if length else 0)
    return end if len(came) >= end else None


def end_of_chunks(came: bytes | bytearray, start: int) -> int | None:
    """Return the end of the last chunk, or None."""
    while (line := came.find(b"\r\n", start)) >= 0:
        size = int(came[start:line], 16)
        start = line + 2 + size + 2
        if size == 0:
            return start if len(came) >= start else None
    return None
