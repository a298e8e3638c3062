"""The cost of opening an index: owners and modes, the manifest and sizes; and of verifying its contents."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from indexer.build.builder import build
from indexer.sources.archive import Archive
from indexer.storage.generations import check_contents, current, read_about
from indexer.storage.index import open_index
from indexer.storage.schema import FORMAT
from tests.faults.stage import ROOT, files

TIMES = 25
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Opening:
    """Medians in milliseconds of the whole opening, of its checks, and of checksums; the size in megabytes."""

    whole: float
    owners: float
    manifest: float
    checksums: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"Opened the index of the shipped archive ({self.megabytes:.1f} MB) in {self.whole:.1f} ms, including "
            f"{self.owners:.1f} ms for owners and modes and {self.manifest:.1f} ms for the manifest and sizes. "
            f"Verifying the contents with `backissue check --index` took {self.checksums:.1f} ms"
        )


def opening(folder: Path) -> Opening:
    """Index the shipped archive, and measure the parts of opening it."""
    archive = Archive(ROOT / "archive", folder / "data")
    build(archive)
    generation = current(archive.data)
    about = read_about(generation, FORMAT)
    size = sum(map(len, files(generation).values())) / MEGABYTE
    return Opening(
        milliseconds(lambda: open_index(archive.data).close()),
        milliseconds(lambda: current(archive.data)),
        milliseconds(lambda: read_about(generation, FORMAT)),
        milliseconds(lambda: check_contents(generation, about)),
        size,
    )


def milliseconds(do: Callable[[], object]) -> float:
    """Return the median duration of a call."""
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        do()
        took.append(time.perf_counter() - start)
    return median(took) * 1000
