"""Measure the processor time of the first request for each type of page of a large archive: `make time-large`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from tests.bench.corpus import archive_issues, shipped, synthetic
from tests.bench.writing import write
from webui.worker import ready

GOAL = 100.0  # milliseconds


def paths(catalog: Catalog) -> list[str]:
    """Return an address of each type of page: the version, author, series and name with the most entries."""
    version, second = sorted(catalog.count("kernel"), key=catalog.count("kernel").__getitem__, reverse=True)[:2]
    author = quote(max(catalog.count("author").items(), key=lambda pair: pair[1])[0])
    topic = max(catalog.count("topic").items(), key=lambda pair: pair[1])[0]
    series, name = (max(catalog.terms(field), key=lambda term: term.entries).text for field in ("series", "identifier"))
    issue = catalog.terms("issue")[0].text
    return [
        "/", "/?sort=newest", "/?q=xdp", f"/kernel/{version}", f"/kernel/{second}", "/kernel/", f"/author/{author}",
        f"/author/{author}?page=5", "/author/", f"/series/{series}", "/series/", "/series/?sort=-entries", "/issue/",
        f"/issue/{issue}", f"/topic/{topic}", "/topic/", f"/id/{quote(name)}", f"/entry/{next(catalog.find()).id}",
        "/sitemap.xml", "/about", f"/search.atom?topic={topic}", f"/api/v1/kernels/{version}",
        f"/api/v1/authors/{author}", "/api/v1/authors", "/api/v1/series", "/api/v1/issues", "/api/v1/identifiers",
    ]  # fmt: skip


def first_request(client: FlaskClient, path: str) -> None:
    """Print the processor time and the size of the first answer for an address."""
    began = time.process_time()
    answer = client.get(path)
    taken = (time.process_time() - began) * 1000
    print(f"{path[:60]:<62}{answer.status_code:>4}{len(answer.data):>9}{taken:>9.1f}", flush=True)


def main() -> int:
    """Print a line for each type of page; the arguments are the number of entries and a folder for the index."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        archive = shipped(data)
        if not (data / "index").exists():
            write(archive, synthetic(archive_issues(archive), size, 1))
        print(f"{'page':<62}{'':>4}{'bytes':>9}{'first, ms':>10}   (the goal is under {GOAL:.0f})")
        client = ready(data).test_client()  # as workers are before their first request
        for path in paths(open_catalog(data)):
            if os.fork() == 0:
                first_request(client, path)
                os._exit(0)
            os.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
