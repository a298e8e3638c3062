"""Feeds of a query's entries, newest first, as Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from flask import Blueprint, Response, jsonify, request

from indexer.catalog.about import About
from indexer.catalog.answers import Hit, Page
from indexer.catalog.protocol import Catalog
from indexer.query.address import from_args, to_args
from indexer.query.fields import PLAIN, Fields
from indexer.query.query import Query
from webui.feeds.xml import add, add_texts, document
from webui.http.absolute import absolute
from webui.live import catalog
from webui.pages.rendering import address, entry_path

UNDATED = "1970-01-01T00:00:00+00:00"
ATOM = "/search.atom"
JSON = "/search.json"
ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
FEEDS = ((ATOM_TYPE, ATOM), (JSON_TYPE, JSON))  # for the links to feeds in pages
NAMESPACE = "http://www.w3.org/2005/Atom"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
MOST = 50
# The defaults of a feed's parameters, which differ from those of a search page.
DEFAULTS = {"sort": "newest", "limit": str(MOST)}
NEVER = "1970-01-01T00:00:00Z"  # the date of a feed of an empty index

feeds = Blueprint("feeds", __name__)

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Category:
    """A category of an item: its search term and its label."""

    term: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """An entry in a feed. `day` is the date of its issue, `about` the URL that it links to, or ""."""

    url: str
    title: str
    day: str
    author: str
    summary: str
    categories: tuple[Category, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest entries of a query, with the URLs of the search page and the feed, and the last change."""

    title: str
    description: str
    page: str
    own: str
    updated: str
    language: str
    items: tuple[Item, ...]


def query_of(args: Iterable[tuple[str, str]], fields: Fields = PLAIN) -> Query:
    """Return the query of a feed's URL. Raises `BadQuery` as `from_args` does."""
    given = [(name, value) for name, value in args if value or name not in DEFAULTS]
    named = {name for name, _ in given}
    query = from_args([*given, *((name, value) for name, value in DEFAULTS.items() if name not in named)], fields)
    return replace(query, limit=min(query.limit, MOST))


def feed_address(query: Query, path: str) -> str:
    """Return the URL of a query's feed, without default values. `query_of` is the inverse."""
    own = {"sort": query.sort, "limit": str(query.limit)}
    args = [(name, value) for name, value in to_args(query) if name not in own]
    args += [(name, value) for name, value in own.items() if value != DEFAULTS[name]]
    return f"{path}?{urlencode(sorted(args))}" if args else path


def newest(query: Query) -> Query:
    """Return the feed's query for a search: the newest entries, from the first page."""
    return replace(query, sort="newest", limit=MOST, page=1)


def feed_of(catalog: Catalog, query: Query, own: str) -> Feed:
    """Return the feed of a query. `own` is its path."""
    page = catalog.search(query, facets=())
    about = catalog.about
    known = about.labels
    authors = {name: each.author or each.name for name, each in about.newsletters.items()}
    return Feed(
        title=f"backissue: {page.searched}",
        description="; ".join(page.notices),
        page=absolute(address(replace(page.query, limit=Query().limit, page=1))),
        own=absolute(feed_address(query, own)),
        updated=updated(about, page),
        language=about.language,
        items=tuple(item_of(hit, known, authors) for hit in page.hits),
    )


def updated(about: About, page: Page) -> str:
    """Return the last change of a feed: the date of its newest entry, or of the newest issue if it is empty."""
    issues = [hit.issue for hit in page.hits] or about.issues.values()
    return max((utc(issue.date) for issue in issues), default=NEVER)


def item_of(hit: Hit, labels: Labels, authors: dict[str, str]) -> Item:
    """Return an entry as an item. Without an author of its own, it has the newsletter's."""
    record = hit.record
    return Item(
        url=absolute(entry_path(record["id"])),
        title=record["title"],
        day=utc(hit.issue.date),
        author=record["author"] or authors.get(record["newsletter"], record["newsletter"]),
        summary=hit.snippet + ("" if hit.whole else " …"),
        categories=categories(hit, labels),
        about=page_address(record["url"]),
    )


def categories(hit: Hit, labels: Labels) -> tuple[Category, ...]:
    """Return an entry's topics, kind, outcome, and versions with their evidence."""
    record = hit.record
    named = [("topic", topic) for topic in record["topics"]] + [("kind", record["kind"])]
    if record["outcome"]:
        named.append(("outcome", record["outcome"]["outcome"]))
        named += [("outcome", each["said"]) for each in (record["outcome"]["reverted"],) if each]
    found = [Category(value, labels[name].get(value, value)) for name, value in named]
    known = [f"{each['version']} ({each['how']})" for each in hit.versions]
    return (*found, *(Category(each, each) for each in dict.fromkeys(known)))


def page_address(url: str | None) -> str:
    """Return a web URL, "" for anything else."""
    try:
        return url if url and urlsplit(url).scheme.lower() in ("http", "https") else ""
    except ValueError:
        return ""


def utc(date: str) -> str:
    """Return an issue's date in the format of RFC 3339. Feeds require one, so an undated issue gets the oldest."""
    return datetime.fromisoformat(date or UNDATED).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def atom(feed: Feed) -> Element:
    """Return a feed as an Atom document. Names have no prefix; the namespace is an attribute."""
    root = Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language})
    add_texts(root, [("id", feed.own), ("title", feed.title), ("updated", feed.updated)])
    if feed.description:
        add(root, "subtitle", feed.description)
    add(root, "link", rel="self", type=ATOM_TYPE, href=feed.own)
    add(root, "link", rel="alternate", type="text/html", href=feed.page)
    add(add(root, "author"), "name", "backissue")
    for item in feed.items:
        add_entry(root, item)
    return root


def add_entry(root: Element, item: Item) -> None:
    entry = add(root, "entry")
    add_texts(entry, [("id", item.url), ("title", item.title), ("published", item.day), ("updated", item.day)])
    add(add(entry, "author"), "name", item.author)
    add(entry, "link", rel="alternate", type="text/html", href=item.url)
    if item.about:
        add(entry, "link", rel="related", href=item.about)
    for category in item.categories:
        add(entry, "category", term=category.term, label=category.label)
    if item.summary:
        add(entry, "summary", item.summary)


def json_feed(feed: Feed) -> dict[str, Any]:
    """Return a feed as a JSON Feed."""
    made = {
        "version": JSON_VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.own,
        "language": feed.language,
        "items": [json_item(item) for item in feed.items],
    }
    return made | ({"description": feed.description} if feed.description else {})


def json_item(item: Item) -> dict[str, Any]:
    made = {
        "id": item.url,
        "url": item.url,
        "title": item.title,
        "content_text": item.summary or item.title,
        "date_published": item.day,
        "date_modified": item.day,
        "authors": [{"name": item.author}],
        "tags": [category.term for category in item.categories],
    }
    return made | ({"external_url": item.about} if item.about else {})


def requested_feed(path: str) -> Feed:
    return feed_of(catalog(), query_of(request.args.items(multi=True), catalog().about.fields), path)


@feeds.get(ATOM)
def search_atom() -> Response:
    """Return the newest matching entries as Atom."""
    return Response(document(atom(requested_feed(ATOM))), mimetype=ATOM_TYPE)


@feeds.get(JSON)
def search_json() -> Response:
    """Return the newest matching entries as JSON Feed."""
    response = jsonify(json_feed(requested_feed(JSON)))
    response.mimetype = JSON_TYPE
    return response
