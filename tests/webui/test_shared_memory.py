"""What a worker costs beside another one: the memory that is its own."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from indexer.sources.archive import Archive
from tests.webui.serving import ANEW, address, children, eventually, serving

MOST = 40  # megabytes that belong to one worker
SEARCHES = ("sockmap", "xdp redirect", "bpf_getsockops", "sockmpa", "verifier fix", '"load averages"')
PAGES = ("/series/", "/author/", "/kernel/v4.15", "/issue/", "/issue/bpf-updates/13", "/suggest.json?q=bp")
HEAP = 1 << 26  # bytes of addresses that glibc reserves for each heap besides the first, at a multiple of this size
RANGE = re.compile(r"^(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) (?P<mode>\S+) 0+ 00:00 0 *$", re.M)
PRIVATE = re.compile(r"^Private_\w+:\s+(?P<kilobytes>\d+) kB$", re.M)


def own_megabytes(pid: int) -> float:
    """Return the memory of a process that no other process shares."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(each["kilobytes"]) for each in PRIVATE.finditer(said)) / 1_024


def further_heaps(pid: int) -> list[int]:
    """Return the addresses of the heaps that glibc made for threads: used pages, and reserved ones up to the end."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii")
    found = [(int(each["start"], 16), int(each["end"], 16), each["mode"]) for each in RANGE.finditer(maps)]
    unused = {(start, end) for start, end, mode in found if mode == "---p"}
    return [
        start for start, end, mode in found if mode == "rw-p" and start % HEAP == 0 and (end, start + HEAP) in unused
    ]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs the memory maps of Linux")
def test_a_further_worker_takes_less_than_40_megabytes_in_one_heap(archive: Archive) -> None:
    with serving(archive, "--workers", "2") as server:
        base = address(server)
        assert eventually(lambda: len(children(server.pid)) == 2)
        with httpx.Client(base_url=base, headers=ANEW, timeout=120) as client:
            for path in (*PAGES, *(f"/?q={words}" for words in SEARCHES)) * 10:
                assert client.get(path).status_code == 200
        assert [heap for pid in children(server.pid) for heap in further_heaps(pid)] == []
        assert [mb for pid in children(server.pid) if (mb := own_megabytes(pid)) > MOST] == []
