"""Local servers for tests of downloads: one that sends any bytes, and a tunnelling proxy."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

Send = Callable[[socket.socket, str], None]


@dataclass
class Served:
    """A server: its port, and the heads of the requests that it received."""

    port: int
    heads: list[str] = field(default_factory=list)


def head_of(connection: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(4096)
        if not piece:
            break
        head += piece
    return head.decode("latin-1")


@contextmanager
def accepting(answer: Send, context: ssl.SSLContext | None = None) -> Iterator[Served]:
    """Yield a server that calls `answer` in a thread for each connection; with a context, over TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Served(listener.getsockname()[1])

        def one(raw: socket.socket) -> None:
            with suppress(OSError), context.wrap_socket(raw, server_side=True) if context else raw as connection:
                head = head_of(connection)
                served.heads.append(head)
                answer(connection, head)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

        Thread(target=accept, daemon=True).start()
        yield served
        listener.shutdown(socket.SHUT_RDWR)


def tunnel(connection: socket.socket, head: str) -> None:
    """Connect to the requested host as a proxy does, and forward the data in both directions."""
    host, _, port = head.split()[1].rpartition(":")
    with socket.create_connection((host, int(port)), timeout=120) as other:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = Thread(target=passed_on, args=(other, connection), daemon=True)
        back.start()
        passed_on(connection, other)
        back.join(120)


def passed_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
