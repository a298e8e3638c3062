"""robots.txt (RFC 9309) and sitemaps (sitemaps.org)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.errors import NotFound
from indexer.views.first_releases import landings
from indexer.views.people import people
from indexer.views.series import all_series
from indexer.views.topics import topics as topics_of
from webui.http.absolute import absolute, prefixing
from webui.live import catalog
from webui.pages.navigation import lists
from webui.pages.rendering import author_path, entry_path, issue_path, name_path, series_path, topic_path, version_path

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
SITEMAPS = "/sitemap"
SITEMAP = f"{SITEMAPS}.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 5_000  # URLs per sitemap; the protocol allows ten times as many, which would make a response too long
# The longest matching rule counts: URLs with a query are excluded, but not style sheets with their digest.
ROBOTS = """\
User-agent: *
Allow: /
Allow: /static/
Disallow: /search.
Disallow: /api/
Disallow: /*?

Sitemap: {sitemap}
"""


class Listed(NamedTuple):
    """The path of a page and the date of its last change, "" if unknown."""

    path: str
    day: str


def always_there(catalog: Catalog) -> Iterable[Listed]:
    """Return the newest entries, the lists of issues, series and so on, and the help page."""
    newest = catalog.about.newest
    return [
        Listed("/", newest),
        *(Listed(way.path, newest) for way in lists(catalog.about)),
        Listed("/about", newest),
        Listed("/help", ""),
    ]


def entries(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each entry, from the ids alone, without reading entries."""
    days = {key: issue.date[:10] for key, issue in catalog.about.issues.items()}
    ids = (term.text for term in catalog.terms("id"))
    return (Listed(entry_path(each), days.get(each.rpartition("/")[0], "")) for each in ids)


def issues(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each issue."""
    return (Listed(issue_path(each.newsletter, each.number), each.date[:10]) for each in catalog.about.issues.values())


def versions(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each version that has entries."""
    facets = catalog.about.versions
    return (Listed(version_path(facet, each), "") for facet in facets for each in sorted(catalog.count(facet)))


def names(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each identifier that both the archive and a table of facts contain."""
    known = landings(catalog).by_name
    return (Listed(name_path(term.text), "") for term in catalog.terms("identifier") if term.text in known)


def series(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each series of patches."""
    return (Listed(series_path(each), "") for each in all_series(catalog).keys)


def topics(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each topic."""
    return (Listed(topic_path(each.id), "") for each in topics_of(catalog))


def authors(catalog: Catalog) -> Iterable[Listed]:
    """Return the page of each author or speaker."""
    return (Listed(author_path(each), "") for each in people(catalog).keys)


# Each kind of page that a sitemap lists.
PAGES: tuple[Callable[[Catalog], Iterable[Listed]], ...] = (
    always_there, issues, versions, names, series, topics, authors, entries,
)  # fmt: skip

crawlers = Blueprint("crawlers", __name__)


@crawlers.get("/robots.txt")
def robots() -> Response:
    """Return robots.txt: pages are allowed, searches are not, because there are endlessly many."""
    return Response(ROBOTS.format(sitemap=absolute(SITEMAP)), mimetype="text/plain")


@crawlers.get(SITEMAP)
def sitemap() -> Response:
    """Return the sitemap, or an index of several if there are too many pages."""
    return next(sitemaps(once(catalog(), pages)))[1]


@crawlers.get(f"{SITEMAPS}-<int:number>.xml")
def numbered_sitemap(number: int) -> Response:
    """Return one of several sitemaps."""
    parts = divided(once(catalog(), pages), MOST)
    if not 1 <= number <= len(parts):
        raise NotFound(f"There is no sitemap {number}. {SITEMAP} lists all.")
    return answer("urlset", "url", parts[number - 1])


def sitemaps(listed: list[Listed]) -> Iterator[tuple[str, Response]]:
    """Yield the path and contents of each sitemap, the index first."""
    parts = divided(listed, MOST)
    if len(parts) == 1:
        yield SITEMAP, answer("urlset", "url", parts[0])
        return
    numbered = [
        (Listed(f"{SITEMAPS}-{n}.xml", max(page.day for page in part)), part) for n, part in enumerate(parts, 1)
    ]
    yield SITEMAP, answer("sitemapindex", "sitemap", [listed for listed, _ in numbered])
    yield from ((listed.path, answer("urlset", "url", part)) for listed, part in numbered)


def pages(catalog: Catalog) -> list[Listed]:
    """Return every page that a sitemap lists."""
    return [page for kind in PAGES for page in kind(catalog)]


def divided(listed: list[Listed], most: int) -> list[list[Listed]]:
    """Split pages into parts of limited size."""
    return [listed[at : at + most] for at in range(0, len(listed), most)]


def answer(name: str, row: str, listed: Iterable[Listed]) -> Response:
    """Return a sitemap or sitemap index; both are lists of URLs with dates.

    It is written as text, because building an element tree takes ten times as long.
    """
    placed = prefixing()
    rows = (
        f"<{row}><loc>{escape(placed(path))}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{row}>"
        for path, day in listed
    )
    text = f'{DECLARATION}<{name} xmlns="{NAMESPACE}">{"".join(rows)}</{name}>'
    return Response(text.encode("utf-8"), mimetype="application/xml")
