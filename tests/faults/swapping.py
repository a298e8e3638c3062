"""Run index under a running server, twice at once: no request fails, and the new index answers within a second."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from indexer.sources.archive import Archive
from tests.faults.stage import (
    LONGEST,
    NUMBERS,
    ROOT,
    command_line,
    must,
    put_retold,
    run,
    strays,
    surroundings,
    three_issues,
)
from tests.load.driving import IDLE
from tests.load.servers import processes
from tests.ports import TCP, listening

CLIENTS = 3
SOON = 1.0  # seconds until a new index must be in use
OPEN_FILES_MORE = 20  # additional open files: those of requests and of a generation that is being closed


@dataclass
class Swapped:
    """Results of publishing new indexes under a server; times in seconds."""

    workers: int
    took: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    waited: int = 0
    files: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return (
            f"Published {len(self.moved)} new indexes under a server with {self.workers} "
            f"worker{'s' if self.workers > 1 else ''} and {CLIENTS} clients: of {len(self.took):,} requests, "
            f"{len(self.failures)} failed, and the slowest took {max(self.took):.2f} s. Each new index was in use "
            f"after at most {max(self.moved):.2f} s (goal, {SOON:.0f} s: "
            f"{'met' if max(self.moved) < SOON else 'NOT met'}). "
            f"The server had {self.files[0]} open files before and {self.files[1]} after. When two builds ran at once, "
            f"the second was refused {self.waited} times"
        )


def swap(folder: Path, swaps: int, workers: int = 1) -> Swapped:
    """Change an issue and run index, twice at once, under a server with constant requests."""
    archive, found, stopped = three_issues(folder), Swapped(workers), Event()
    must(run(archive, "index").status == 0, "the first index could not be built")
    with server(archive, workers) as (address, process):
        before = open_files(process)
        clients = [Thread(target=ask, args=(address, found, stopped), daemon=True) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for turn in range(swaps):
                one_swap(archive, found, address, f"word{turn}")
        finally:
            stopped.set()
            for client in clients:
                client.join(LONGEST)
        found.files = before, open_files(process)
    must(not found.failures, f"requests failed: {found.failures[:3]}")
    must(found.files[1] <= found.files[0] + OPEN_FILES_MORE, f"files stay open: {found.files}")
    must(not strays(archive), f"after the swaps there are {strays(archive)}")
    return found


@contextmanager
def server(archive: Archive, workers: int = 1) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the server of an archive on a free port. Yield its host and port."""
    command = command_line(archive, "serve", "--port", "0", "--workers", workers)
    said = archive.folder.parent / "said"
    with (
        said.open("w") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=surroundings(archive), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            assert process.stdout
            line = next(line for line in process.stdout if line.startswith("backissue is at "))
            address = urlsplit(line.split()[3])
            wait_for(address.port or 0, workers)
            yield address.netloc, process
        finally:
            process.terminate()
            process.wait(LONGEST)
            must("Traceback" not in said.read_text(encoding="utf-8"), f"the server said {said.read_text()}")


def wait_for(port: int, workers: int) -> None:
    """Wait until all workers of a server listen, since the first one answers before others have opened their files."""
    end = time.monotonic() + LONGEST
    while TCP.exists() and listening(port) < workers:
        must(time.monotonic() < end, "not all workers listen")
        time.sleep(0.05)


def ask(address: str, found: Swapped, stopped: Event) -> None:
    """Send requests without a pause over one connection, or over a new one if the machine made a long pause."""
    connection, ended = http.client.HTTPConnection(address, timeout=LONGEST), time.monotonic()
    paths = ("/api/v1/search?q=tool", "/?q=bpf", "/healthz", "/issue/")
    while not stopped.is_set():
        for path in paths:
            start = time.monotonic()
            if start - ended > IDLE:
                connection.close()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != http.client.OK:
                    found.failures.append(f"{path}: {answer.status}")
            except (OSError, http.client.HTTPException) as error:
                found.failures.append(f"{path}: {error!r}")
                connection.close()
            ended = time.monotonic()
            found.took.append(ended - start)
    connection.close()


def one_swap(archive: Archive, found: Swapped, address: str, word: str) -> None:
    """Index a changed issue in two processes at once, and wait until the server uses the new index."""
    put_retold(archive, NUMBERS[0], word)
    pointer = archive.data / "index" / "current"
    before, swapped = pointer.read_text(encoding="ascii"), 0.0
    with started(archive) as one, started(archive) as other:
        builds = True
        while pointer.read_text(encoding="ascii") == before:
            must(builds, "both builds ended without a new index")
            builds = one.poll() is None or other.poll() is None
            time.sleep(0.002)
        swapped = time.monotonic()
        while word not in titles(address):
            must(time.monotonic() - swapped < LONGEST, "the server does not use the new index")
        found.moved.append(time.monotonic() - swapped)
        ended = [(process.wait(LONGEST), process.communicate()[1]) for process in (one, other)]
    told = [err for status, err in ended if status == 1 and "Another process is building the index" in err]
    must(all(status == 0 or err in told for status, err in ended), f"two builds at once ended with {ended}")
    must(len(told) <= 1, "of two builds at once, neither succeeded")
    found.waited += len(told)


def started(archive: Archive) -> subprocess.Popen[str]:
    line = command_line(archive, "index")
    return subprocess.Popen(
        line, cwd=ROOT, env=surroundings(archive), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def titles(address: str) -> str:
    """Return the titles found by a search for the newest project, as one text."""
    connection = http.client.HTTPConnection(address, timeout=LONGEST)
    try:
        connection.request("GET", "/api/v1/search?q=tool&sort=relevance&limit=100")
        hits = json.loads(connection.getresponse().read())["hits"]
    finally:
        connection.close()
    return "\n".join(hit["title"] for hit in hits)


def open_files(process: subprocess.Popen[str]) -> int:
    """Return the number of files that a server's processes have open or mapped; 0 if unknown."""
    return sum(map(files_of, processes(process.pid))) if Path("/proc/self/fd").is_dir() else 0


def files_of(pid: int) -> int:
    folder = Path("/proc") / str(pid)
    mapped = sum(".seg" in line for line in (folder / "maps").read_text(encoding="utf-8").splitlines())
    return len(os.listdir(folder / "fd")) + mapped  # noqa: PTH208
