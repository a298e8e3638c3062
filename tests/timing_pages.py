"""Measure how long the server computes each type of page of the shipped archive: `make time-pages`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.pages import PAGE_TYPES
from webui.app import create_app

ARCHIVE = Path(__file__).resolve().parents[1] / "archive"
RUNS = 31
GOAL = 2.0  # milliseconds; the median over the types of pages


def milliseconds(client: FlaskClient, path: str) -> tuple[float, float]:
    """Return the CPU time of the first request for a page, and the median of further ones."""
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        client.get(path)
        taken.append((time.process_time() - start) * 1000)
    return taken[0], median(taken[1:])


def main() -> int:
    """Print a line for each type of page. Return 1 if the goal is missed."""
    with tempfile.TemporaryDirectory() as data:
        archive = Archive(ARCHIVE, Path(data))
        build(archive)
        client = create_app(archive.data).test_client()
        client.get("/healthz")  # opens the index
        print(f"{'page':<38}{'bytes':>8}{'first, ms':>11}{'again, ms':>11}")
        medians = []
        for kind in PAGE_TYPES:
            first, again = milliseconds(client, kind.path)
            medians.append(again)
            print(f"{kind.name:<38}{len(client.get(kind.path).data):>8}{first:>11.1f}{again:>11.1f}")
    print(f"median over all types of pages: {median(medians):.1f} ms of CPU time (goal: less than {GOAL:.0f})")
    return int(median(medians) >= GOAL)


if __name__ == "__main__":
    sys.exit(main())
