"""The metadata of a page: its canonical URL, its feeds, and its Open Graph title and description."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.catalog.about import IssueAbout
from indexer.catalog.answers import Page
from indexer.model import Entry
from indexer.query.query import Query
from webui.feeds.syndication import FEEDS, feed_address, newest
from webui.http.absolute import absolute
from webui.pages.rendering import address, entry_path

LONGEST = 200  # characters of a description; most sites cut longer ones


@dataclass(frozen=True, slots=True)
class Feed:
    """The media type of a feed and its path."""

    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Head:
    """The title, description, Open Graph type, absolute URL and feeds of a page."""

    title: str
    description: str
    kind: str
    url: str
    feeds: tuple[Feed, ...] = ()


def page_head(title: str, description: str, path: str) -> Head:
    """Return the metadata of a page with a fixed path."""
    return Head(title, description, "website", absolute(path))


def front_head(title: str, description: str) -> Head:
    """Return the metadata of the front page. It has feeds of all entries if the site's URL is known."""
    url = absolute("/")
    return Head(title, shortened(description), "website", url, feeds_of(Query()) if url else ())


def search_head(page: Page, query: Query) -> Head:
    """Return the metadata of a page of results. Its feeds use the original query, so that open ranges stay open."""
    return Head(
        title=f"backissue: {page.searched}",
        description=f"{page.total} {'entry' if page.total == 1 else 'entries'} of the back issues",
        kind="website",
        url=absolute(address(page.query)),
        feeds=feeds_of(query),
    )


def feeds_of(query: Query) -> tuple[Feed, ...]:
    """Return the feeds of the newest entries of a query."""
    return tuple(Feed(media_type, feed_address(newest(query), path)) for media_type, path in FEEDS)


def entry_head(entry: Entry, issue: IssueAbout) -> Head:
    """Return the metadata of an entry's page."""
    return Head(
        title=entry.title,
        description=shortened(entry.body if entry.body != entry.title else issue.title),
        kind="article",
        url=absolute(entry_path(entry.id)),
    )


def shortened(text: str) -> str:
    """Return a text on one line, cut between words if it is too long."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = text.rfind(" ", 0, LONGEST)
    return f"{text[: end if end > 0 else LONGEST]} …"
