"""Network connections with a fixed deadline and a fixed number of bytes, whatever the other side sends."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import httpcore


class TooMuch(Exception):
    """The other side sent more bytes than a download may have."""


@dataclass(slots=True)
class Allowance:
    """The remaining limits of a download: the time until `end` on the monotonic clock, and `left` bytes."""

    end: float
    left: int

    def seconds(self, asked: float | None = None) -> float:
        """Return the seconds left, at most `asked`. Raises `httpcore.ReadTimeout` after the end."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if asked is None else min(asked, left)

    def count(self, size: int) -> None:
        """Subtract received bytes. Raises `TooMuch` if none are left."""
        self.left -= size
        if self.left < 0:
            raise TooMuch


def resolved(host: str, port: int, allowance: Allowance) -> list[str]:
    """Return the IP addresses of a host, in the order that the system gives.

    Raises `OSError` or `UnicodeError` if it has none, `httpcore.ConnectTimeout` if the lookup takes too long.
    The system call has no timeout, so it runs in a daemon thread that is abandoned at the deadline.
    """
    found: list[str] = []
    failed: list[Exception] = []

    def resolve() -> None:
        try:
            found.extend(str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(allowance.seconds())
    if thread.is_alive():
        raise httpcore.ConnectTimeout
    if failed:
        raise failed[0]
    return list(dict.fromkeys(found))


class BoundedStream(httpcore.NetworkStream):
    """A stream whose waits and bytes count against an allowance.

    `names` maps the connected IP addresses to their host names, which TLS verifies.
    """

    def __init__(self, stream: httpcore.NetworkStream, allowance: Allowance, names: dict[str, str]) -> None:
        self.stream = stream
        self.allowance = allowance
        self.names = names

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        raw = self.stream.read(max_bytes, self.allowance.seconds(timeout))
        self.allowance.count(len(raw))
        return raw

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.allowance.seconds(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        name = self.names.get(server_hostname or "", server_hostname)
        stream = self.stream.start_tls(ssl_context, name, self.allowance.seconds(timeout))
        return BoundedStream(stream, self.allowance, self.names)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


@dataclass(slots=True)
class BoundedNetwork(httpcore.NetworkBackend):
    """A network backend whose connections count against an allowance."""

    allowance: Allowance
    names: dict[str, str]
    system: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            number = resolved(host, port, self.allowance)[0]
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"The host {host} is not known ({error})") from error
        wait = self.allowance.seconds(timeout)
        stream = self.system.connect_tcp(number, port, wait, local_address, socket_options)
        return BoundedStream(stream, self.allowance, self.names)
