"""A server process, its workers, and connections to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from indexer.sources.archive import Archive
from tests.conftest import ROOT, most_files
from webui.server import THREADS

PATIENCE = 300  # seconds; a bound against hangs


WORKERS = 2


MANY = 10 * THREADS  # connections
CROWD = 1_100  # connections; more than nginx is told to accept
# A server keeps 256 open files for other things than connections.
needs_files = pytest.mark.skipif(most_files() < CROWD + 200, reason=f"needs {CROWD + 200:,} open files")


ANEW = {"Connection": "close"}  # a client with this header makes a new connection for each request
ESTABLISHED = "01"  # the state of a connection in /proc/net/tcp


UNREAD = b"GET /sitemap.xml HTTP/1.1\r\nHost: a\r\n\r\n" * 200


@contextmanager
def started(*command: str, start_new_session: bool = False, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=os.environ | environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=start_new_session,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def serving(archive: Archive, *options: str, start_new_session: bool = False) -> Iterator[subprocess.Popen[str]]:
    folders = ("--archive", str(archive.folder), "--data", str(archive.data))
    # Tests that run under nohup would pass on an ignored SIGHUP. On a slow machine, responses take long.
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    code += f"from webui import signals; signals.END_DEADLINE = {PATIENCE // 5}\nfrom indexer.cli import main; main()"
    command = ("-c", code, "serve", "--port", "0", *options, *folders)
    with started(*command, start_new_session=start_new_session) as process:
        yield process


def address(server: subprocess.Popen[str]) -> str:
    """Return the URL that a server prints."""
    assert server.stdout
    for line in server.stdout:
        if "http://" in line:
            return line.split()[3].rstrip("/")
    raise AssertionError(server.stderr.read() if server.stderr else "")


def connect(base: str) -> socket.socket:
    where = urlsplit(base)
    return socket.create_connection((where.hostname or "", where.port or 0), PATIENCE)


def children(pid: int) -> set[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return set()


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def answers(base: str, path: str = "/healthz") -> bool:
    """Return whether a server answers, on a new connection each time."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{base}{path}", timeout=PATIENCE / 5).status_code == 200
    return False


def whole(client: socket.socket) -> bytes:
    """Return all that a client receives until the connection is closed."""
    return b"".join(iter(lambda: client.recv(65_536), b""))


def unread(base: str) -> int:
    """Return how many bytes were sent to a local server that it has not read yet, or that have not arrived yet."""
    port = f":{urlsplit(base).port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    under_way = sum(int(row[4].partition(":")[0], 16) for row in rows if row[2].endswith(port))
    arrived = (row[4].partition(":")[2] for row in rows if row[1].endswith(port) and row[3] == ESTABLISHED)
    return under_way + sum(int(each, 16) for each in arrived)
