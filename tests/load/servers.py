"""The measured servers, each in separate processes on its own port, started as users do."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.sources.archive import Archive
from tests.faults.stage import LONGEST, ROOT, WentWrongError, command_line, must, surroundings

THREADS = "4"  # as many as backissue serve has


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its main process."""

    port: int
    process: subprocess.Popen[bytes]
    said: Path


def installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def ours(archive: Archive, workers: int, port: int) -> list[str]:
    return command_line(archive, "serve", "--port", port, "--workers", workers)


def gunicorn(workers: int, port: int) -> list[str]:
    """Return the command that serves the app with gunicorn."""
    options = ("--worker-class", "gthread", "--workers", str(workers), "--threads", THREADS, "--keep-alive", "10")
    return [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", "webui.wsgi:app"]


def datasette(database: Path, port: int) -> list[str]:
    """Return the command that serves a read-only database with Datasette."""
    return [sys.executable, "-m", "datasette", "serve", "--immutable", str(database), "--port", str(port)]


@contextmanager
def running(archive: Archive, command: Sequence[str], port: int, first: str = "/") -> Iterator[Server]:
    """Run a server during the block and yield it once it answers. Raises if it printed errors."""
    said = archive.data.parent / f"said-{port}"
    around = {**surroundings(archive), "BACKISSUE_DATA": str(archive.data)}
    with (
        said.open("wb") as out,
        subprocess.Popen(command, cwd=ROOT, env=around, stdout=out, stderr=subprocess.STDOUT) as process,
    ):
        server = Server(port, process, said)
        try:
            wait_for(server, first)
            yield server
            process.terminate()
            must(process.wait(LONGEST) in (0, -15), f"{command} ended with {process.returncode}")
        finally:
            process.kill()
    must("Traceback" not in said.read_text(encoding="utf-8"), f"{command} said {said.read_text(encoding='utf-8')}")


def wait_for(server: Server, first: str) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), LONGEST) as client:
                client.sendall(f"GET {first} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                if b" 200 " in client.recv(100):
                    return
        except OSError:
            time.sleep(0.1)
    raise WentWrongError(f"the server does not answer: {server.said.read_text(encoding='utf-8')}")


def processes(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return [pid]
    return [pid, *(each for child in children for each in processes(int(child)))]


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a server's processes in megabytes: with shared pages divided, and counted fully."""

    pss: float
    rss: float


def memory(server: Server) -> Memory:
    """Return the memory of a server; NaN if unknown."""
    sums = {"Pss": 0, "Rss": 0}
    for pid in processes(server.process.pid):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            return Memory(float("nan"), float("nan"))
        for name, _, value in (line.partition(":") for line in lines):
            if name in sums:
                sums[name] += int(value.split()[0])
    return Memory(sums["Pss"] / 1_024, sums["Rss"] / 1_024)


def processor_time(server: Server) -> float:
    """Return the CPU seconds of a server's processes; NaN if unknown."""
    ticks = 0
    for pid in processes(server.process.pid):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return float("nan")
        user, system = stat.rpartition(")")[2].split()[11:13]
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")
