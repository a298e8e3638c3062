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
PRIVATE = re.compile(r"^Private_\w+:\s+(?P<kilobytes>\d+) kB$", re.M)


def own_megabytes(pid: int) -> float:
    """Return the memory of a process that no other process shares."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(each["kilobytes"]) for each in PRIVATE.finditer(said)) / 1_024


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs the memory maps of Linux")
def test_a_further_worker_takes_less_than_40_megabytes(archive: Archive) -> None:
    with serving(archive, "--workers", "2") as server:
        base = address(server)
        assert eventually(lambda: len(children(server.pid)) == 2)
        with httpx.Client(base_url=base, headers=ANEW, timeout=60) as client:
            for path in (*PAGES, *(f"/?q={words}" for words in SEARCHES)) * 10:
                assert client.get(path).status_code == 200
        assert [mb for pid in children(server.pid) if (mb := own_megabytes(pid)) > MOST] == []
