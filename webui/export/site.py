"""A whole site written to a folder: every page but free search, and what searches, leads crawlers and feeds readers."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from flask import Flask, render_template
from flask.testing import FlaskClient

from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.engines.local import LocalCatalog
from indexer.query.query import Query
from indexer.views.examples import query_examples
from indexer.views.people import people
from indexer.views.topics import topics
from indexer.views.versions import versions
from webui.app import create_app
from webui.export.folders import Files, NotExported, replaced
from webui.export.paths import FRONT, ROBOTS, SEARCH, Places, place, relative
from webui.export.relinking import relinked
from webui.export.search_data import write_search_data
from webui.export.together import register, together
from webui.feeds import crawlers
from webui.feeds.syndication import ATOM, FEEDS, JSON, atom, feed_of, json_feed, newest
from webui.feeds.xml import document
from webui.http import static_files
from webui.http.headers import CONTENT_POLICY
from webui.live import Served, catalog
from webui.pages.head import Feed, page_head
from webui.pages.issues import newest_of_each
from webui.pages.navigation import lists
from webui.pages.rendering import entry_path
from webui.pages.resource import MOST

Progress = Callable[[int, int], None]
SCRIPTS = Path(__file__).parent / "scripts"
ALLOWED = "User-agent: *\nAllow: /\n"
MOVED = range(HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT + 1)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: files, their bytes, the seconds it took, and the links that lead to nothing."""

    files: int
    size: int
    seconds: float
    missing: tuple[str, ...]


class Held(Served):
    """Gives the generation that it opened first, whatever is swapped in meanwhile: a site is of one."""

    def stamp(self) -> int:
        return 1


def export(data: Path, folder: Path, base: str = "", progress: Progress = lambda done, total: None) -> Exported:
    """Write the site over the index in a data folder, in place of what an earlier export wrote there.

    `base` is the address that the site will have; without one there are no feeds, no sitemap and no canonical
    addresses. `progress` is called with the number of pages done and of those known so far. Raises `NotExported`,
    and `IndexMissing` where there is no index.
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
    """Return the app that makes the pages of an exported site, and where these stand."""
    app = create_app(data)
    app.extensions["backissue"] = Held(data)
    with app.app_context():
        pages = once(catalog(), together)
        register(app, pages)
        places = Places(app, base, catalog().about.versions, pages.addresses)
    app.config.update(ABSOLUTE=places.absolute, PROPAGATE_EXCEPTIONS=True)
    app.jinja_env.globals["exported"] = CONTENT_POLICY
    return app, places


class Walk:
    """The pages of a site, asked of its app: those that are always there, then whatever they link to."""

    def __init__(self, app: Flask, places: Places) -> None:
        self.app = app
        self.places = places
        self.missing: list[str] = []
        self._left: deque[str] = deque()
        self._known: set[str] = set()
        self._led: dict[str, str | None] = {}

    def pages(self, progress: Progress) -> Iterator[tuple[str, bytes]]:
        """Yield the path of each page and its content, with links that lead from file to file."""
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
        return relinked(self._asked(client, path), lambda address: self._lead(address, file))

    def _asked(self, client: FlaskClient, path: str) -> str:
        """Return a page as the server shows it, or as an exported site has it in its place."""
        if own := OWN.get(path):
            with self.app.test_request_context(path):
                return own(catalog())
        answer = client.get(path)
        if answer.status_code in MOVED:
            return self._moved(answer.headers["Location"])
        if answer.status_code == HTTPStatus.NOT_FOUND:
            self.missing.append(path)
        elif answer.status_code != HTTPStatus.OK:
            raise NotExported(f"{path} is answered with {answer.status_code}")
        return answer.text

    def _moved(self, to: str) -> str:
        with self.app.test_request_context(to):
            head = page_head("Moved", "A page that moved", to)
            return render_template("exported/moved.html", to=to, head=head, query=Query())

    def _lead(self, address: str, source: str) -> str | None:
        """Return what an address is in a file; the page that it leads to is asked for, too."""
        if address not in self._led:
            self._led[address] = self.places.led_to(address)
            path = self.places.path_of(address)
            if self.places.is_page(path):
                self._add(path)
        file = self._led[address]
        return None if file is None else relative(file, source)


def write_others(app: Flask, places: Places, files: Files) -> None:
    """Write what is no page: what the search loads, style and scripts, and what is for crawlers and readers."""
    with app.test_request_context():
        write_search_data(local(), places, files)
        sitemap = f"\nSitemap: {places.absolute(crawlers.SITEMAP)}\n" if places.base else ""
        files.write(place(ROBOTS), (ALLOWED + sitemap).encode())
        if places.base:
            write_feeds(catalog(), files)
            write_sitemaps(catalog(), places, files)
    for path in sorted((*static_files.FOLDER.iterdir(), *SCRIPTS.iterdir())):
        files.write(f"static/{path.name}", path.read_bytes())


def local() -> LocalCatalog:
    """Return the catalog of the site, with the index that its search is made of."""
    found = catalog()
    assert isinstance(found, LocalCatalog)
    return found


def write_sitemaps(catalog: Catalog, places: Places, files: Files) -> None:
    """Write the sitemap of the site's pages; where one cannot hold them, several and one that names them."""
    days = {places.path_of(page.path): page.day for page in crawlers.pages(catalog)}
    for path, answer in crawlers.sitemaps([crawlers.Listed(*page) for page in days.items()]):
        files.write(place(path), answer.data)


def write_feeds(catalog: Catalog, files: Files) -> None:
    """Write the feeds of the newest entries."""
    query = newest(Query())
    files.write(place(ATOM), document(atom(feed_of(catalog, query, ATOM))))
    files.write(place(JSON), compact(json_feed(feed_of(catalog, query, JSON))))


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def front(catalog: Catalog) -> str:
    """Return the page that stands in place of the search: what there is, to look through."""
    head = page_head("backissue", f"{catalog.about.entries} entries of the back issues", FRONT)
    if head.url:
        head = replace(head, feeds=tuple(Feed(media_type, path) for media_type, path in FEEDS))
    return render_template(
        "exported/front.html", head=head, query=Query(), about=catalog.about, listed=newest_of_each(catalog),
        people=people(catalog)[:MOST], topics=topics(catalog),
        versions={facet: versions(catalog, facet) for facet in catalog.about.versions},
    )  # fmt: skip


def search(catalog: Catalog) -> str:
    """Return the page whose script searches."""
    head = page_head("Search", "Search the back issues", SEARCH)
    return render_template(
        "exported/search.html",
        head=head,
        query=Query(),
        topics=topics(catalog),
        about=catalog.about,
        ways=lists(catalog.about),
        generation=catalog.generation,
    )


def help_page(catalog: Catalog) -> str:
    """Return the help for what the script understands."""
    head = page_head("How to search", "How words, names and filters are searched", "/help")
    return render_template("exported/help.html", head=head, query=Query(), examples=examples(catalog))


# What the script does not understand.
NOT_HERE = re.compile(r"\bOR\b|\*|\.\.|[<>]|\(|\b(?:before|after|series|id):")


def examples(catalog: Catalog) -> list[tuple[Query, str]]:
    """Return examples of what is searched for, and what it finds."""
    rows = (each for rows in query_examples(catalog).values() for each in rows)
    return [(Query(each.query), each.finds) for each in rows if not NOT_HERE.search(each.query)]


# The pages that an exported site has in place of the server's.
OWN: dict[str, Callable[[Catalog], str]] = {FRONT: front, SEARCH: search, "/help": help_page}
