"""Measure the processor time of the first request for each type of page of a large archive: `make time-large`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient

from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from tests.bench.corpus import archive_issues, shipped, synthetic
from tests.bench.writing import write
from webui.worker import ready

GOAL = 100.0  # milliseconds
API = "/api/v1"
# The parameters of the search whose answers differ in how they are computed.
SEARCHES = (
    "sort=newest", "sort=oldest&page=40", "q=xdp", "q=xdp&sort=newest", "q=bpf&page=40", "q=b*", "q=%22xdp+program%22",
    "q=verifeir+sockmpa", "q=zzqqzz+bpf", "q=zzqqzz+yyqqyy", "q=xdp+OR+tc+OR+map+NOT+fix", "q=bpf+xdp&fold=0",
    "q=how+do+i+attach+a+program+to+a+socket+and+read+its+map+from+user+space",
    "q=" + "+".join(f"zzq{number}xy" for number in range(21)), "q=the+of+and+to+in+a+is+for+on+with",
)  # fmt: skip
MISSPELT = "sockmpa+verifeir+tracepionts+redirct+namspace+perfomance+alocation+kernle+packte+filtre"


def most(counts: Mapping[str, int]) -> list[str]:
    """Return the values of a filter, those with the most entries first."""
    return sorted(counts, key=lambda value: -counts[value])


def addresses(catalog: Catalog) -> Iterator[tuple[str, list[str]]]:
    """Yield the rules of the app that have parts, each with paths: those with the most entries."""
    versions = most(catalog.count("kernel"))[:2]
    authors, topics = (list(map(quote, most(catalog.count(field))[:1])) for field in ("author", "topic"))
    series, names = (
        most({term.text: term.entries for term in catalog.terms(field)}) for field in ("series", "identifier")
    )
    issue = most({key: each.entries for key, each in catalog.about.issues.items()})[0]
    newsletter = issue.partition("/")[0]
    entry = next(catalog.find()).id
    year = catalog.about.newest[:4]
    yield "/entry/<path:entry_id>", [f"/entry/{entry}"]
    yield "/issue/<newsletter>/<path:label>", [f"/issue/{issue}"]
    yield "/issue/<int:number>", ["/issue/1"]
    yield "/issue/<newsletter>", [f"/issue/{newsletter}"]
    yield "/issue/<newsletter>/in/<year>", [f"/issue/{newsletter}/in/{year}"]
    yield "/id/<name:text>", [f"/id/{quote(names[0])}", "/id/bpf_zzqq_get"]
    yield "/feature/<slug>", ["/feature/arm32-jit"]
    yield "/series/<name:name>", [f"/series/{series[0]}", "/series/zzqq"]
    yield "/topic/<name:topic>", [f"/topic/{topics[0]}", f"/topic/{topics[0]}?page=20"]
    yield "/author/<name:author>", [f"/author/{authors[0]}", f"/author/{authors[0]}?page=5"]
    yield "/go/<name:text>", [f"/go/{quote(names[0])}", "/go/zzqq"]
    yield "/<facet>/<name:version>", [f"/kernel/{version}" for version in versions]
    yield "/<facet>/", ["/kernel/"]
    yield "/sitemap-<int:number>.xml", ["/sitemap-1.xml", "/sitemap-12.xml"]
    yield "/static/<path:name>", ["/static/style.css"]
    yield f"{API}/authors/<name:name>", [f"{API}/authors/{authors[0]}"]
    yield f"{API}/entries/<path:entry_id>", [f"{API}/entries/{entry}", f"{API}/entries/{entry}x"]
    yield f"{API}/identifiers/<name:name>", [f"{API}/identifiers/{quote(names[0])}"]
    yield f"{API}/issues/<newsletter>/<path:number>", [f"{API}/issues/{issue}"]
    yield f"{API}/series/<name:series_id>", [f"{API}/series/{series[0]}"]
    yield f"{API}/topics/<name:topic_id>", [f"{API}/topics/{topics[0]}"]
    yield f"{API}/<plural>", [f"{API}/kernels"]
    yield f"{API}/<plural>/<name:version>", [f"{API}/kernels/{version}" for version in versions]


def further(catalog: Catalog) -> Iterator[str]:
    """Yield searches, pages deep in a list, sort orders, and requests with the largest limits."""
    filters = [(name, value) for name in ("topic", "kind", "author") for value in most(catalog.count(name))[:30]]
    many = "&".join(f"{name}={quote(value)}" for name, value in filters)
    for search in (*SEARCHES, many, f"q=xdp&{many}"):
        yield from (f"{path}?{search}" for path in ("/", f"{API}/search"))
    yield from (f"{path}?q=xdp&topic=xdp" for path in ("/search.atom", "/search.json"))
    yield from (
        f"{path}?q={typed}"
        for path in ("/suggest.json", f"{API}/suggest")
        for typed in ("x", "bpf_m", "daniel", MISSPELT)
    )
    yield from (f"/series/?sort={order}" for order in ("-entries", "subject"))
    yield from (f"/author/?sort={order}" for order in ("name", "-issues"))
    yield from (
        "/series/?page=3",
        "/author/?page=5",
        "/issue/?page=3",
        f"{API}/series?page=20",
        f"{API}/identifiers?q=map",
    )
    yield from (f"{API}/search?limit=100&explain=1&values=1000&q={text}" for text in ("bpf", "b*+p*+m*", MISSPELT))


def largest(paths: list[str]) -> Iterator[str]:
    """Yield the lists of the API with the largest limit that they accept."""
    for path in paths:
        if path.startswith(API) and "?" not in path and "search" not in path:
            yield from (f"{path}?limit={limit}" for limit in (25, 200, 300))


def paths(app: Flask, catalog: Catalog) -> list[str]:
    """Return addresses of every route of an app. Raises KeyError for a route without any."""
    known = dict(addresses(catalog))
    found = [
        path for rule in app.url_map.iter_rules() for path in (known[rule.rule] if rule.arguments else [rule.rule])
    ]
    return [*found, *further(catalog), *largest(found)]


def first_request(client: FlaskClient, path: str) -> None:
    """Print the processor time and the size of the first answer for an address."""
    began = time.process_time()
    answer = client.get(path)
    taken = (time.process_time() - began) * 1000
    if answer.status_code < 400 or "limit" not in path:
        print(f"{path[:60]:<62}{answer.status_code:>4}{len(answer.data):>9}{taken:>9.1f}", flush=True)


def forked(act: Callable[[], None]) -> None:
    """Run a function in a process of its own, which has made no answer yet."""
    if os.fork() == 0:
        act()
        os._exit(0)
    os.wait()


def main() -> int:
    """Print a line for each type of page; the arguments are the number of entries and a folder for the index."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        archive = shipped(data)
        if not (data / "index").exists():
            write(archive, synthetic(archive_issues(archive), size, 1))
        print(f"{'page':<62}{'':>4}{'bytes':>9}{'first, ms':>10}   (the goal is under {GOAL:.0f})")
        app = ready(data)  # as workers are before their first request
        client = app.test_client()
        for path in paths(app, open_catalog(data)):
            forked(lambda path=path: first_request(client, path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
