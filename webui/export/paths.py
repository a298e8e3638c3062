"""Map the URLs of the server to the files of an exported site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from flask import Flask

from indexer.analysis import fold
from webui.feeds.crawlers import SITEMAP, SITEMAPS
from webui.feeds.syndication import ATOM, JSON
from webui.pages.blueprints import BLUEPRINTS

FRONT = "/"
SEARCH = "/search.html"
ROBOTS = "/robots.txt"
STATIC = "/static/"
# Pages with special file names. All others are named by their path.
FILES = {
    FRONT: "index.html",
    SEARCH: "search.html",
    ROBOTS: "robots.txt",
    SITEMAP: "sitemap.xml",
    ATOM: "feed.xml",
    JSON: "feed.json",
}
# Capitals are encoded, because bpf_map_lookup_elem and BPF_MAP_LOOKUP_ELEM are two pages but the same file on macOS and
# Windows. Some servers ignore names that begin with _ or a dot.
PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")
ODD = re.compile(r"[^a-z0-9_-]+")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
LONGEST_SLUG = 60
NUMBERED = re.compile(r"page=\d{1,6}")  # a page of a long list
NONE: Mapping[str, str] = MappingProxyType({})


def place(path: str) -> str:
    """Return the file for a path, with / between its parts. It is always inside the folder."""
    if known := FILES.get(path):
        return known
    listed, _, numbered = path.rpartition("?")
    if NUMBERED.fullmatch(numbered) and listed:
        return place(listed).removesuffix(".html") + f"~{numbered.replace('=', '-')}.html"
    if path.startswith(SITEMAPS):
        return path[1:]
    *folders, last = unquote(path).removeprefix("/").split("/")
    return "/".join([*map(segment, folders), f"{segment(last)}.html" if last else "index.html"])


def segment(text: str) -> str:
    """Return a part of a path as a file name: unchanged if it is plain, or else with a digest.

    Plain text contains no ~, so different texts never get the same name.
    """
    odd = text == "index" or text.endswith((".", ".html")) or DEVICE.fullmatch(text)
    if PLAIN.fullmatch(text) and not odd:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{ODD.sub('-', fold(text)).strip('-_')[:LONGEST_SLUG] or 'x'}~{digest}"


class Places:
    """The mapping from URLs of the server to files of an exported site. `base` is the site's URL, "" if unknown.

    `facets` are the ids of the version facets, each of which has pages. `shared` are the URLs of entries on shared
    pages, by the path of the entry.
    """

    def __init__(self, app: Flask, base: str, facets: Iterable[str] = (), shared: Mapping[str, str] = NONE) -> None:
        self.base = base
        self.shared = shared
        self.kinds = frozenset((*page_kinds(app), *facets))

    def is_page(self, path: str) -> bool:
        """Return whether a path belongs to a page."""
        return path in (FRONT, SEARCH) or path.split("/")[1] in self.kinds

    def path_of(self, address: str) -> str:
        """Return the path of the page that an address leads to, with its number where it is one of several."""
        path, _, query = self.shared.get(address, address).partition("#")[0].partition("?")
        return f"{path}?{query}" if path not in (FRONT, SEARCH) and NUMBERED.fullmatch(query) else path

    def led_to(self, address: str) -> str | None:
        """Return the file for a URL of the server, or None.

        A search leads to the search page, with its parameters.
        """
        parts = urlsplit(self.shared.get(address, address))
        if parts.path == FRONT and parts.query:
            return f"{FILES[SEARCH]}?{parts.query}"
        if parts.path.startswith(STATIC):
            return parts.path[1:]
        if not self.is_page(parts.path) and parts.path not in FILES:
            return None
        return place(self.path_of(address)) + (f"#{parts.fragment}" if parts.fragment else "")

    def absolute(self, path: str) -> str:
        """Return the absolute URL for a path of the server, "" if the site's URL is unknown."""
        return f"{self.base}/{self.led_to(path)}" if self.base else ""


def page_kinds(app: Flask) -> Iterable[str]:
    """Return the first parts of the paths of all pages: entry, issue, about ..."""
    names = {blueprint.name for blueprint in BLUEPRINTS}
    rules = (rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names)
    return {rule.rule.split("/")[1] for rule in rules} - {"", "go", "<facet>"}


def relative(file: str, source: str) -> str:
    """Return the URL of a file relative to another file of the site."""
    return "../" * source.count("/") + file
