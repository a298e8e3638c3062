"""A server in several processes: all answer on one port, one that is killed is replaced, and all end together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx
import pytest

from indexer.build.builder import build
from indexer.build.workers import can_fork
from indexer.errors import IndexLocked
from indexer.sources.archive import Archive
from tests.conftest import ROOT
from tests.test_index import put_issue, small
from webui.processes import CannotServe, Copies, apart

PATIENCE = 60  # seconds
AT_ONCE = 40  # requests, ten times as many as there are threads
SERVE = [sys.executable, "-c", "from webui.command import main; main()", "serve", "--port", "0"]
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="who is whose child is read from /proc")


@pytest.fixture
def server(archive: Archive) -> Iterator[subprocess.Popen[str]]:
    with serving(archive, "--processes", "2") as process:
        yield process


@contextmanager
def serving(archive: Archive, *options: str) -> Iterator[subprocess.Popen[str]]:
    args = [*SERVE, *options, "--archive", str(archive.folder), "--data", str(archive.data)]
    with subprocess.Popen(args, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def address(server: subprocess.Popen[str]) -> str:
    assert server.stdout
    for line in server.stdout:
        if "http://" in line:
            return line.split()[3].rstrip("/")
    raise AssertionError(server.stderr.read() if server.stderr else "")


def children(pid: int) -> set[int]:
    with suppress(FileNotFoundError):
        return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return set()


def is_running(pid: int) -> bool:
    """Return whether a process is there, and not one that ended and whose parent was not told."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def sockets(pid: int) -> int:
    """Return how many sockets a process has open."""
    count = 0
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            count += str(each.readlink()).startswith("socket:")
    return count


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_process_that_is_killed_is_replaced_and_all_end_when_told(server: subprocess.Popen[str]) -> None:
    base = address(server)
    assert httpx.get(f"{base}/healthz").status_code == 200
    assert eventually(lambda: len(children(server.pid)) == 2)
    first, other = sorted(children(server.pid))
    os.kill(first, signal.SIGKILL)
    assert httpx.get(f"{base}/?q=sockmap").status_code == 200
    assert eventually(lambda: len(children(server.pid) - {first}) == 2)
    assert other in children(server.pid)
    held = children(server.pid)
    server.terminate()
    assert server.wait(PATIENCE) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in held)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base}/healthz")
    assert server.stderr
    assert "another takes its place" in server.stderr.read()


def test_no_process_goes_on_where_the_one_that_began_them_was_killed(server: subprocess.Popen[str]) -> None:
    where = urlsplit(address(server))
    assert eventually(lambda: len(children(server.pid)) == 2)
    begun = children(server.pid)
    server.kill()
    server.wait()
    assert eventually(lambda: not any(is_running(pid) for pid in begun))
    with socket.create_server((where.hostname or "", where.port or 0)):
        pass  # the port is free


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_that_has_come_when_the_server_is_told_to_end_is_answered(
    server: subprocess.Popen[str], number: signal.Signals
) -> None:
    where = urlsplit(address(server))
    with ExitStack() as opened:
        connect = partial(socket.create_connection, (where.hostname, where.port), PATIENCE)
        clients = [opened.enter_context(connect()) for _ in range(AT_ONCE)]
        for client in clients:  # once each has an answer, all are accepted
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(10_000).startswith(b"HTTP/1.1 200")
        for client in clients:
            client.sendall(b"GET /?q=tool HTTP/1.1\r\nHost: localhost\r\n\r\n")
        told = (server.pid, *children(server.pid)) if number == signal.SIGINT else (server.pid,)  # as a terminal tells
        for pid in told:
            os.kill(pid, number)
        assert [whole(client).rstrip()[-7:] for client in clients] == [b"</html>"] * AT_ONCE
    assert server.wait(PATIENCE) == 0
    assert server.stderr
    assert "Traceback" not in server.stderr.read()


def test_a_new_index_has_other_processes_answer_and_those_before_end_once_they_have(tmp_path: Path) -> None:
    archive = small(tmp_path, "old tool")
    with serving(archive, "--processes", "2") as server:
        where = urlsplit(address(server))
        connect = partial(socket.create_connection, (where.hostname, where.port), PATIENCE)
        assert eventually(lambda: len(children(server.pid)) == 2)
        before = children(server.pid)
        asking, idle = (http.client.HTTPConnection(where.netloc, timeout=PATIENCE) for _ in range(2))
        with closing(asking), closing(idle), connect() as slow:
            for client in (asking, idle):
                assert get(client, "/healthz").status == 200
            slow.sendall(b"GET /healthz HTT")
            put_issue(archive, 1, "new tool")
            building = Thread(target=build, args=(archive,))
            building.start()
            assert eventually(lambda: ends(asking, "/api/v1/search?q=new"))
            building.join()
            assert whole(idle.sock) == b""
            assert eventually(lambda: len(children(server.pid) - before) == 2)
            assert b"new tool" in httpx.get(f"{where.geturl()}/api/v1/search?q=new").content
            slow.sendall(b"P/1.1\r\nHost: localhost\r\n\r\n")
            assert b"Connection: close" in whole(slow)
        assert eventually(lambda: not children(server.pid) & before)
        assert len(children(server.pid)) == 2


def test_connections_that_are_kept_are_divided_among_the_processes(server: subprocess.Popen[str]) -> None:
    where = urlsplit(address(server))
    with ExitStack() as opened:
        for _ in range(AT_ONCE):
            client = http.client.HTTPConnection(where.netloc, timeout=PATIENCE)
            opened.callback(client.close)
            assert get(client, "/healthz").status == 200
        held = {pid: sockets(pid) for pid in children(server.pid)}
    assert eventually(lambda: sum(map(sockets, held)) == sum(held.values()) - AT_ONCE)
    kept = [held[pid] - sockets(pid) for pid in held]
    assert max(kept) - min(kept) <= AT_ONCE / 8


def test_where_the_system_has_no_process_to_give_those_that_run_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webui.processes.PAUSE", 0.0)
    fork, refused = os.fork, []

    def refuse() -> int:
        refused.append(1)
        raise BlockingIOError("no more")

    copies = Copies(lambda _: time.sleep(PATIENCE), 2)
    try:
        copies.begin()
        before = children(HERE)
        copies.renew()
        monkeypatch.setattr(os, "fork", refuse)
        copies.begin()
        assert refused
        assert children(HERE) == before
        assert copies.ended() == []
        assert "no process can be begun (no more)" in capsys.readouterr().err
        monkeypatch.setattr(os, "fork", fork)
        copies.begin()
        assert eventually(lambda: copies.ended() == [] and len(children(HERE) - before) == 2)
    finally:
        copies.end()


HERE = os.getpid()
forks = pytest.mark.skipif(not can_fork(), reason="this process cannot be copied")


@forks
def test_what_is_done_apart_is_done_in_another_process(tmp_path: Path) -> None:
    apart(lambda: (tmp_path / "pid").write_text(str(os.getpid())) and None)
    pid = int((tmp_path / "pid").read_text())
    assert pid != os.getpid()
    assert not Path(f"/proc/{pid}").exists()


def test_an_error_of_what_is_done_apart_is_raised_here() -> None:
    def fail() -> None:
        raise IndexLocked("another builds")

    with pytest.raises(IndexLocked, match="another builds"):
        apart(fail)


@forks
def test_a_process_that_ends_before_it_is_done_is_told() -> None:
    def end() -> None:
        assert os.getpid() != HERE
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(CannotServe, match="status -9"):
        apart(end)


def test_beside_threads_it_is_done_here() -> None:
    done, pids = Event(), []
    thread = Thread(target=done.wait)
    thread.start()
    try:
        apart(lambda: pids.append(os.getpid()))
    finally:
        done.set()
        thread.join()
    assert pids == [HERE]


def test_who_is_told_to_end_meanwhile_ends_what_is_done_apart() -> None:
    program = (
        "import os, time\nfrom webui.processes import apart\n"
        f"apart(lambda: (print(os.getpid(), flush=True), time.sleep({2 * PATIENCE})) and None)"
    )
    args = [sys.executable, "-c", program]
    with subprocess.Popen(args, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        process.terminate()
        assert process.wait(PATIENCE) != 0
    assert not Path(f"/proc/{pid}").exists()


def test_a_server_without_an_index_makes_it_and_has_no_process_left_but_its_own(tmp_path: Path) -> None:
    with serving(small(tmp_path, "a tool")) as process:
        base = address(process)
        assert httpx.get(f"{base}/healthz").json()["entries"] == 1
        assert children(process.pid) == set()


def get(connection: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
    """Return an answer that was read to its end, on a connection that is kept until the answer says otherwise."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer


def ends(connection: http.client.HTTPConnection, path: str) -> bool:
    """Return whether the connection ends with an answer, or has ended since nothing was asked for a while."""
    try:
        return get(connection, path).getheader("Connection") == "close"
    except http.client.RemoteDisconnected:
        return True


def whole(client: socket.socket) -> bytes:
    """Return what a client receives until the connection is closed."""
    return b"".join(iter(lambda: client.recv(65_536), b""))
