"""`backissue serve` as a real local server: workers, shutdown, and malicious clients."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.archives import put_issue, small
from tests.conftest import ROOT
from tests.ports import free_port
from tests.webui.serving import (
    ANEW,
    CROWD,
    MANY,
    PATIENCE,
    UNREAD,
    WORKERS,
    address,
    answers,
    children,
    connect,
    eventually,
    needs_files,
    serving,
    started,
    unread,
    whole,
)
from webui.building import BuildKilled, make_ready

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads child processes from /proc")


@pytest.fixture
def server(archive: Archive) -> Iterator[subprocess.Popen[str]]:
    with serving(archive, "--workers", str(WORKERS)) as process:
        yield process


def is_running(pid: int) -> bool:
    """Return whether a process runs and is not a zombie."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_worker_that_is_killed_is_replaced_and_all_end_on_sigterm(server: subprocess.Popen[str]) -> None:
    base = address(server)
    assert eventually(lambda: len(children(server.pid)) == WORKERS)
    first, other = sorted(children(server.pid))
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: len(children(server.pid) - {first}) == WORKERS)
    assert other in children(server.pid)
    assert eventually(lambda: answers(base, "/?q=sockmap"))
    held = children(server.pid)
    server.terminate()
    assert server.wait(PATIENCE) == 0
    assert not any(is_running(pid) for pid in held)
    assert not answers(base)


ANNOUNCED = """
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from indexer.cli.streams import prepare
from webui.server import announce

class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass

prepare()
server = HTTPServer(("127.0.0.1", 0), Ready)
Thread(target=server.serve_forever, daemon=True).start()
announce("127.0.0.1", server.server_port, "http://localhost/")
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_server_goes_on_if_it_cannot_print_its_url() -> None:
    command = ["sh", "-c", 'exec "$@" >/dev/full', "sh", sys.executable, "-c", ANNOUNCED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def test_no_worker_outlives_the_process_that_began_it(server: subprocess.Popen[str]) -> None:
    where = urlsplit(address(server))
    assert eventually(lambda: len(children(server.pid)) == WORKERS)
    begun = children(server.pid)
    server.kill()
    server.wait()
    assert eventually(lambda: not any(is_running(pid) for pid in begun))
    assert eventually(lambda: is_free(where.hostname or "", where.port or 0))


@needs_files
@pytest.mark.slow  # beside other tests, granian may close a connection before its response
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_requests_that_were_read_are_answered_before_the_server_ends(
    server: subprocess.Popen[str], number: signal.Signals
) -> None:
    base = address(server)
    with ExitStack() as opened:
        clients = [opened.enter_context(connect(base)) for _ in range(MANY)]
        for client in clients:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(10_000).startswith(b"HTTP/1.1 200")
        for client in clients:
            client.sendall(b"GET /?q=tool HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert eventually(lambda: unread(base) == 0)
        interrupted = (server.pid, *children(server.pid)) if number == signal.SIGINT else (server.pid,)  # as a terminal
        for pid in interrupted:
            os.kill(pid, number)
        assert [whole(client).rstrip()[-7:] for client in clients] == [b"</html>"] * MANY
    assert server.wait(PATIENCE) == 0
    assert server.stderr
    assert "Traceback" not in server.stderr.read()


def test_every_worker_answers_from_a_new_index(tmp_path: Path) -> None:
    archive = small(tmp_path, "old tool")
    with serving(archive, "--workers", str(WORKERS)) as server:
        base = address(server)
        put_issue(archive, 1, "new tool")
        build(archive)
        # The system divides connections among the workers by the client's port, so many ask both.
        with httpx.Client(base_url=base, headers=ANEW, timeout=PATIENCE) as client:
            found = "/api/v1/search?q=new"
            assert eventually(lambda: all(b"new tool" in client.get(found).content for _ in range(20)))


def test_a_server_without_an_index_builds_it_in_a_process_that_is_gone_when_it_answers(tmp_path: Path) -> None:
    with serving(small(tmp_path, "a tool")) as server:
        base = address(server)
        assert httpx.get(f"{base}/healthz", timeout=PATIENCE).json()["entries"] == 1
        assert len(children(server.pid)) == 1


def test_an_archive_that_cannot_be_indexed_ends_the_server_with_a_sentence(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    (archive.folder / "newsletters.toml").write_text("not = [toml", encoding="utf-8")
    with serving(archive) as server:
        _, errors = server.communicate(timeout=PATIENCE)
    assert server.returncode == 1
    assert errors.startswith("backissue: ")
    assert "Traceback" not in errors


def test_sigterm_ends_the_build_of_the_index_too() -> None:
    """The build is replaced by one that prints its process and waits."""
    program = (
        "import os, time; from webui import building; building.is_current = lambda archive: False\n"
        f"def build_index(_): print(os.getpid(), flush=True); time.sleep({10 * PATIENCE})\n"
        "building.build_index = build_index; building.make_ready(None)"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        builds = int(process.stdout.readline())
        process.terminate()
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    assert eventually(lambda: not is_running(builds))


def test_a_build_that_is_killed_is_reported(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.building.is_current", lambda _: False)
    monkeypatch.setattr("webui.building.build_index", killed)
    with pytest.raises(BuildKilled):
        make_ready(archive)


def killed(_: Archive) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@needs_files
def test_clients_that_do_not_read_their_answers_block_no_others(base: str) -> None:
    with ExitStack() as opened:
        for _ in range(MANY):
            client = opened.enter_context(connect(base))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.sendall(UNREAD)
        assert all(answers(base) for _ in range(MANY))
        assert answers(base, "/?q=xdp")


def test_a_request_head_that_does_not_end_and_an_idle_connection_are_closed_in_time(base: str) -> None:
    with connect(base) as trickling, connect(base) as idle, connect(base) as silent:
        trickling.sendall(b"GET / HTTP/1.1\r\nX: ")
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        start = time.monotonic()
        while time.monotonic() - start < PATIENCE:
            try:
                trickling.sendall(b"a")
            except OSError:
                break
            time.sleep(0.5)
        else:
            pytest.fail("a head that is sent a byte at a time has no deadline")
        assert whole(idle).startswith(b"HTTP/1.1 200")
        assert whole(silent) == b""


@needs_files
def test_more_connections_than_threads_leave_room_for_others(base: str) -> None:
    with ExitStack() as opened:
        for _ in range(CROWD):
            opened.enter_context(connect(base)).sendall(b"GET / HTTP/1.1\r\nX: ")
        assert all(answers(base) for _ in range(MANY))


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /?q=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 500_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n", 405),
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ],
)
def test_settings_out_of_bounds_are_refused(base: str, request_bytes: bytes, status: int) -> None:
    with connect(base) as client:
        with suppress(ConnectionError):  # the server may stop reading a refused request
            client.sendall(request_bytes)
        assert client.recv(100).startswith(b"HTTP/1.1 %d " % status)


def test_any_wsgi_server_can_serve_the_app(archive: Archive) -> None:
    port = free_port()
    around: Mapping[str, str] = {"BACKISSUE_DATA": str(archive.data), "BACKISSUE_BASE_URL": "https://bpf.example.org"}
    with started("-m", "granian", "--interface", "wsgi", "--port", str(port), "webui.wsgi:app", **around):
        base = f"http://127.0.0.1:{port}"
        assert eventually(partial(answers, base))
        assert "https://bpf.example.org/" in httpx.get(f"{base}/robots.txt", timeout=PATIENCE).text


def test_without_an_index_the_app_answers_503_until_there_is_one(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    port = free_port()
    with started(
        "-m", "granian", "--interface", "wsgi", "--port", str(port), "webui.wsgi:app", BACKISSUE_DATA=str(archive.data)
    ):
        base = f"http://127.0.0.1:{port}"
        with suppress(httpx.TransportError):
            assert httpx.get(f"{base}/healthz", timeout=PATIENCE).status_code == 503
        build(archive)
        assert eventually(partial(answers, base))
