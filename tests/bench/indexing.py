"""Measure indexing the archive from its files, and adding one issue."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from indexer.sources.archive import Archive
from tests.bench.corpus import ROOT
from tests.bench.writing import add_issue, index_archive

TIMES = 3


@dataclass(frozen=True, slots=True)
class Indexing:
    """Medians in seconds, and those of the CPU time of all processes."""

    archive: float
    add: float
    archive_cpu: float
    add_cpu: float


def indexing() -> Indexing:
    """Return the time for the archive, and for adding its last issue to an index of the others."""
    runs = [once() for _ in range(TIMES)]
    return Indexing(*(median(getattr(run, name) for run in runs) for name in Indexing.__slots__))


def once() -> Indexing:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = Archive(ROOT / "archive", folder / "whole")
        archive, archive_cpu = taken(lambda: index_archive(whole))
        last = whole.sources()[-1]
        fewer = Archive(folder / "archive", folder / "fewer")
        shutil.copytree(whole.folder, fewer.folder)
        (fewer.folder / last.path.relative_to(whole.folder)).unlink()
        index_archive(fewer)
        add, add_cpu = taken(lambda: add_issue(fewer, last))
        return Indexing(archive, add, archive_cpu, add_cpu)


def taken(act: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds that a function takes, and those of CPU time with its child processes."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    act()
    return time.perf_counter() - start, sum(os.times()[:4]) - before
