"""Measure indexing the archive from its files, and adding one issue."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from indexer.sources.archive import Archive
from tests.bench.corpus import ROOT
from tests.bench.writing import add_issue, index_archive

TIMES = 3


@dataclass(frozen=True, slots=True)
class Indexing:
    """Medians in seconds."""

    archive: float
    add: float


def indexing() -> Indexing:
    """Return the time for the archive, and for adding its last issue to an index of the others."""
    runs = [once() for _ in range(TIMES)]
    return Indexing(median(run.archive for run in runs), median(run.add for run in runs))


def once() -> Indexing:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = Archive(ROOT / "archive", folder / "whole")
        start = time.perf_counter()
        index_archive(whole)
        archive = time.perf_counter() - start
        last = whole.sources()[-1]
        fewer = Archive(folder / "archive", folder / "fewer")
        shutil.copytree(whole.folder, fewer.folder)
        (fewer.folder / last.path.relative_to(whole.folder)).unlink()
        index_archive(fewer)
        start = time.perf_counter()
        add_issue(fewer, last)
        return Indexing(archive, time.perf_counter() - start)
