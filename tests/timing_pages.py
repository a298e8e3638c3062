"""Measure how long each type of page of the shipped archive takes, in the server and in Chromium: `make time-pages`."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.browser.conftest import ARGUMENTS, NAMES, serving
from tests.pages import PAGE_TYPES
from webui.app import create_app

ARCHIVE = Path(__file__).resolve().parents[1] / "archive"
RUNS = 31
LOADS = 5
GOAL = 2.0  # milliseconds of CPU time; the median over the types of pages
PAINTED = 100.0  # milliseconds until the first contentful paint; the median over the types of pages
PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  for (const each of list.getEntriesByName("first-contentful-paint")) done(each.startTime);
}).observe({ type: "paint", buffered: true }))"""


def milliseconds(client: FlaskClient, path: str) -> tuple[float, float]:
    """Return the CPU time of the first request for a page, and the median of further ones."""
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        client.get(path)
        taken.append((time.process_time() - start) * 1000)
    return taken[0], median(taken[1:])


def paints(app: Flask) -> Iterator[float]:
    """Yield the time until the first contentful paint of each type of page, the median of loads without a cache.

    Yields nothing without Playwright and Chromium.
    """
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None or find_spec("playwright") is None:
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, serving(app) as address:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(address)  # starts the process that renders the site
        for kind in PAGE_TYPES:
            taken = []
            for _ in range(LOADS):
                page.goto(address + kind.path)
                taken.append(page.evaluate(PAINT))
            yield median(taken)
        browser.close()


def main() -> int:
    """Print a line for each type of page. Return 1 if a goal is missed."""
    with tempfile.TemporaryDirectory() as data:
        archive = Archive(ARCHIVE, Path(data))
        build(archive)
        app = create_app(archive.data)
        client = app.test_client()
        client.get("/healthz")  # opens the index
        times = [milliseconds(client, kind.path) for kind in PAGE_TYPES]
        painted = list(paints(app))
        print(f"{'page':<38}{'bytes':>8}{'first, ms':>11}{'again, ms':>11}{'painted, ms':>13}")
        for number, (kind, (first, again)) in enumerate(zip(PAGE_TYPES, times, strict=True)):
            shown = f"{painted[number]:.0f}" if painted else "-"
            print(f"{kind.name:<38}{len(client.get(kind.path).data):>8}{first:>11.1f}{again:>11.1f}{shown:>13}")
    cpu = median(again for _, again in times)
    print(f"median CPU time of a page: {cpu:.1f} ms, the goal is under {GOAL:.0f}")
    if not painted:
        print("first contentful paint: not measured, because it needs Chromium and Playwright")
        return int(cpu >= GOAL)
    print(f"median first contentful paint: {median(painted):.0f} ms, the goal is under {PAINTED:.0f}")
    return int(cpu >= GOAL or median(painted) >= PAINTED)


if __name__ == "__main__":
    sys.exit(main())
