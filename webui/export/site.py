"""Write a whole site to a folder: pages, search data, sitemaps and feeds."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Flask, render_template
from flask.testing import FlaskClient

from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.engines.local import LocalCatalog
from indexer.query.query import Query
from indexer.views.examples import query_examples
from indexer.views.topics import topics
from webui.app import create_app
from webui.export.folders import Files, NotExported, replaced
from webui.export.parts import compact
from webui.export.paths import FRONT, ROBOTS, SEARCH, Places, place, relative
from webui.export.relinking import relinked
from webui.export.search_data import write_search_data
from webui.export.together import register, together
from webui.feeds import crawlers
from webui.feeds.syndication import ATOM, JSON, atom, feed_of, json_feed, newest
from webui.feeds.xml import document
from webui.http import static_files
from webui.http.headers import CONTENT_POLICY
from webui.live import Served, catalog
from webui.pages.head import page_head
from webui.pages.navigation import lists
from webui.pages.rendering import entry_path

Progress = Callable[[int, int], None]
SCRIPTS = Path(__file__).parent / "scripts"
ALLOWED = "User-agent: *\nAllow: /\n"
MOVED = range(HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT + 1)


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export: numbers of files and bytes, duration in seconds, and broken links."""

    files: int
    size: int
    seconds: float
    missing: tuple[str, ...]


class Pinned(Served):
    """Keeps the generation that it opened first, so that the whole site comes from one index."""

    def stamp(self) -> int:
        return 1


def export(data: Path, folder: Path, base: str = "", progress: Progress = lambda done, total: None) -> Exported:
    """Write the site of the index in a data folder, replacing an earlier export.

    `base` is the URL of the site. Without it there are no feeds, sitemaps and canonical URLs. `progress` is called
    with the numbers of pages that are done and known so far. Raises `NotExported` and `IndexMissing`.
    """
    start = time.perf_counter()
    with replaced(folder) as files:
        app, places = exporting_app(data, base)
        walk = Walk(app, places)
        for path, content in walk.pages(progress):
            files.write(place(path), content)
        write_others(app, places, files)
    return Exported(len(files.names), files.size, time.perf_counter() - start, tuple(walk.missing))


def exporting_app(data: Path, base: str) -> tuple[Flask, Places]:
    """Return the app that renders the pages of an exported site, and the mapping to its files."""
    app = create_app(data)
    app.extensions["backissue"] = Pinned(data)
    with app.app_context():
        pages = once(catalog(), together)
        register(app, pages)
        places = Places(app, base, catalog().about.versions, pages.addresses)
    app.config.update(ABSOLUTE=places.absolute, PROPAGATE_EXCEPTIONS=True)
    app.jinja_env.globals["exported"] = CONTENT_POLICY
    return app, places


class Walk:
    """Requests the pages of a site from its app: the main pages first, then all that they link to."""

    def __init__(self, app: Flask, places: Places) -> None:
        self.app = app
        self.places = places
        self.missing: list[str] = []
        self._left: deque[str] = deque()
        self._known: set[str] = set()
        self._led: dict[str, str | None] = {}

    def pages(self, progress: Progress) -> Iterator[tuple[str, bytes]]:
        """Yield the path and contents of each page, with links between files."""
        client = self.app.test_client()
        for path in self._first():
            self._add(path)
        done = 0
        while self._left:
            path = self._left.popleft()
            yield path, self._page(client, path).encode()
            done += 1
            progress(done, len(self._known))

    def _first(self) -> list[str]:
        with self.app.app_context():
            moved = [entry_path(before) for before in catalog().about.redirects]
            paths = (self.places.path_of(page.path) for page in crawlers.pages(catalog()))
            return [FRONT, SEARCH, *dict.fromkeys(paths), *moved]

    def _add(self, path: str) -> None:
        if path not in self._known:
            self._known.add(path)
            self._left.append(path)

    def _page(self, client: FlaskClient, path: str) -> str:
        file = place(path)
        return relinked(self._response(client, path), lambda address: self._lead(address, file))

    def _response(self, client: FlaskClient, path: str) -> str:
        """Return a page of the server, or the exported site's replacement for it."""
        if own := OWN.get(path):
            with self.app.test_request_context(path):
                return own(catalog())
        answer = client.get(path)
        if answer.status_code in MOVED:
            return self._moved(answer.headers["Location"])
        if answer.status_code == HTTPStatus.NOT_FOUND:
            self.missing.append(path)
        elif answer.status_code != HTTPStatus.OK:
            raise NotExported(f"The page {path} could not be exported (status {answer.status_code}).")
        return answer.text

    def _moved(self, to: str) -> str:
        with self.app.test_request_context(to):
            head = page_head("Moved", "A page that moved", to)
            return render_template("exported/moved.html", to=to, head=head)

    def _lead(self, address: str, source: str) -> str | None:
        """Return the rewritten form of a URL, and queue the page that it leads to."""
        if address not in self._led:
            self._led[address] = self.places.led_to(address)
            path = self.places.path_of(address)
            if self.places.is_page(path):
                self._add(path)
        file = self._led[address]
        return None if file is None else relative(file, source)


def write_others(app: Flask, places: Places, files: Files) -> None:
    """Write the files that are not pages: search data, style sheets, scripts, sitemaps and feeds."""
    with app.test_request_context():
        write_search_data(local(), places, files)
        sitemap = f"\nSitemap: {places.absolute(crawlers.SITEMAP)}\n" if places.base else ""
        files.write(place(ROBOTS), (ALLOWED + sitemap).encode())
        if places.base:
            write_feeds(catalog(), files)
            write_sitemaps(catalog(), places, files)
            files.write("404.html", not_found(places).encode())
    for path in sorted((*static_files.FOLDER.iterdir(), *SCRIPTS.iterdir())):
        files.write(f"static/{path.name}", path.read_bytes())


def local() -> LocalCatalog:
    """Return the local catalog of the site, from which the search data is made."""
    found = catalog()
    assert isinstance(found, LocalCatalog)
    return found


def write_sitemaps(catalog: Catalog, places: Places, files: Files) -> None:
    """Write the sitemap of the site, or several with an index if there are too many pages."""
    days = {places.path_of(page.path): page.day for page in crawlers.pages(catalog)}
    for path, answer in crawlers.sitemaps([crawlers.Listed(*page) for page in days.items()]):
        files.write(place(path), answer.data)


def write_feeds(catalog: Catalog, files: Files) -> None:
    """Write the feeds of the newest entries."""
    query = newest(Query())
    files.write(place(ATOM), document(atom(feed_of(catalog, query, ATOM))))
    files.write(place(JSON), compact(json_feed(feed_of(catalog, query, JSON))).encode("utf-8", "replace"))


def search(catalog: Catalog) -> str:
    """Return the search page."""
    head = page_head("Search", "Search the back issues", SEARCH)
    return render_template(
        "exported/search.html",
        head=head,
        topics=topics(catalog),
        about=catalog.about,
        ways=lists(catalog.about),
        generation=catalog.generation,
    )


def not_found(places: Places) -> str:
    """Return the page for missing files. A web server shows it at any path, so its links are absolute."""
    return relinked(render_template("exported/not_found.html"), places.absolute)


def help_page(catalog: Catalog) -> str:
    """Return the help page for the search in the browser."""
    head = page_head("How to search", "How words, names and filters are searched", "/help")
    return render_template("exported/help.html", head=head, examples=examples(catalog))


# Query syntax that the search in the browser does not support.
NOT_HERE = re.compile(r"\bOR\b|\*|\.\.|[<>]|\(|\b(?:before|after|series|id):")


def examples(catalog: Catalog) -> list[tuple[Query, str]]:
    """Return example queries with what they find."""
    rows = (each for rows in query_examples(catalog).values() for each in rows)
    return [(Query(each.query), each.finds) for each in rows if not NOT_HERE.search(each.query)]


# The exported site's replacements for pages of the server.
OWN: dict[str, Callable[[Catalog], str]] = {SEARCH: search, "/help": help_page}
