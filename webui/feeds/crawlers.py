"""robots.txt (RFC 9309) and sitemaps (sitemaps.org)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import NamedTuple
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from indexer.catalog.protocol import Catalog
from indexer.errors import NotFound
from indexer.views.first_releases import landings
from indexer.views.listing import Listing
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
MOST = 2_000  # URLs per sitemap; the protocol allows 50,000, which would make a response too long
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


class Part(NamedTuple):
    """A part of the pages: their number, the date of the last change, and a function that returns them."""

    size: int
    day: str
    pages: Callable[[], Iterable[Listed]]


def always_there(catalog: Catalog) -> Sequence[Listed]:
    """Return the newest entries, the lists of issues, series and so on, and the help page."""
    newest = catalog.about.newest
    return [
        Listed("/", newest),
        *(Listed(way.path, newest) for way in lists(catalog.about)),
        Listed("/about", newest),
        Listed("/help", ""),
    ]


def issues(catalog: Catalog) -> Sequence[Listed]:
    """Return the page of each issue."""
    return [Listed(issue_path(each.newsletter, each.number), each.date[:10]) for each in catalog.about.issues.values()]


def versions(catalog: Catalog) -> Sequence[Listed]:
    """Return the page of each version that has entries."""
    facets = catalog.about.versions
    return [Listed(version_path(facet, each), "") for facet in facets for each in sorted(catalog.count(facet))]


def names(catalog: Catalog) -> Sequence[Listed]:
    """Return the page of each identifier that both the archive and a table of facts contain."""
    known = landings(catalog).by_name
    return [Listed(name_path(term.text), "") for term in catalog.terms("identifier") if term.text in known]


def series(catalog: Catalog) -> Sequence[Listed]:
    """Return the page of each series of patches."""
    return Listing(all_series(catalog).keys, lambda some: [Listed(series_path(each), "") for each in some])


def topics(catalog: Catalog) -> Sequence[Listed]:
    """Return the page of each topic."""
    return [Listed(topic_path(each.id), "") for each in topics_of(catalog)]


def authors(catalog: Catalog) -> Sequence[Listed]:
    """Return the page of each author or speaker."""
    return Listing(people(catalog).keys, lambda some: [Listed(author_path(each), "") for each in some])


# Each kind of page that a sitemap lists, besides entries.
PAGES: tuple[Callable[[Catalog], Sequence[Listed]], ...] = (
    always_there, issues, versions, names, series, topics, authors,
)  # fmt: skip


def entries_of(catalog: Catalog, issues: Iterable[str]) -> Iterator[Listed]:
    """Yield the page of each entry of some issues, from the ids alone, without reading entries."""
    for issue in issues:
        day = catalog.about.issues[issue].date[:10]
        found = (term.text for term in catalog.terms("id", f"{issue}/"))
        yield from (Listed(entry_path(each), day) for each in found if each.rpartition("/")[0] == issue)


def parts(catalog: Catalog) -> Iterator[Part]:
    """Yield all pages in parts of about MOST: the entries by issue, then each other kind of page."""
    for some in together(catalog):
        size = sum(catalog.about.issues[issue].entries for issue in some)
        day = max(catalog.about.issues[issue].date[:10] for issue in some)
        yield Part(size, day, partial(entries_of, catalog, some))
    for kind in PAGES:
        listed = kind(catalog)
        for at in range(0, len(listed), MOST):
            cut = slice(at, min(at + MOST, len(listed)))
            yield Part(cut.stop - at, catalog.about.newest[:10], partial(itemgetter(cut), listed))


def together(catalog: Catalog) -> Iterator[list[str]]:
    """Yield runs of issues that have up to MOST entries together; a larger issue comes alone."""
    some: list[str] = []
    size = 0
    for key, issue in catalog.about.issues.items():
        if some and size + issue.entries > MOST:
            yield some
            some, size = [], 0
        some.append(key)
        size += issue.entries
    if some:
        yield some


crawlers = Blueprint("crawlers", __name__)


@crawlers.get("/robots.txt")
def robots() -> Response:
    """Return robots.txt: pages are allowed, searches are not, because there are endlessly many."""
    return Response(ROBOTS.format(sitemap=absolute(SITEMAP)), mimetype="text/plain")


@crawlers.get(SITEMAP)
def sitemap() -> Response:
    """Return the sitemap, or an index of several if there are too many pages."""
    found = list(parts(catalog()))
    if sum(part.size for part in found) <= MOST:
        return answer("urlset", "url", (page for part in found for page in part.pages()))
    return index_of(part.day for part in found)


@crawlers.get(f"{SITEMAPS}-<int:number>.xml")
def numbered_sitemap(number: int) -> Response:
    """Return one of several sitemaps."""
    found = next(islice(parts(catalog()), number - 1, None), None) if number else None
    if found is None:
        raise NotFound(f"There is no sitemap {number}. {SITEMAP} lists all.")
    return answer("urlset", "url", found.pages())


def pages(catalog: Catalog) -> Iterator[Listed]:
    """Yield every page that a sitemap lists."""
    return (page for part in parts(catalog) for page in part.pages())


def sitemaps(listed: Sequence[Listed]) -> Iterator[tuple[str, Response]]:
    """Yield the path and contents of each sitemap of some pages, the index first."""
    divided = [listed[at : at + MOST] for at in range(0, len(listed), MOST)]
    if len(divided) == 1:
        yield SITEMAP, answer("urlset", "url", listed)
        return
    yield SITEMAP, index_of(max(page.day for page in part) for part in divided)
    yield from ((numbered(n), answer("urlset", "url", part)) for n, part in enumerate(divided, 1))


def index_of(days: Iterable[str]) -> Response:
    """Return the index of sitemaps that were last changed on some days."""
    return answer("sitemapindex", "sitemap", (Listed(numbered(n), day) for n, day in enumerate(days, 1)))


def numbered(number: int) -> str:
    """Return the path of one of several sitemaps."""
    return f"{SITEMAPS}-{number}.xml"


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
