"""What a page's head says to machines: its one address, its feeds, and how it is shown where it is shared."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.catalog.about import IssueAbout
from indexer.catalog.answers import Page
from indexer.model import Entry
from indexer.query.query import Query
from webui.feeds.syndication import FEEDS, feed_address, newest
from webui.http.absolute import absolute
from webui.pages.rendering import address, entry_path

LONGEST = 200  # characters of a description; most of those who show one cut it there


@dataclass(frozen=True, slots=True)
class Feed:
    """The media type of a feed and its path."""

    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Head:
    """A page's title, what it holds in a sentence, its type in Open Graph, its absolute address, its feeds."""

    title: str
    description: str
    kind: str
    url: str
    feeds: tuple[Feed, ...] = ()


def page_head(title: str, description: str, path: str) -> Head:
    """Return the head of a page that is always there."""
    return Head(title, description, "website", absolute(path))


def front_head(title: str, description: str) -> Head:
    """Return the head of the front page, whose feeds are of all entries; a site without an address has none."""
    url = absolute("/")
    feeds = tuple(Feed(media_type, feed_address(newest(Query()), path)) for media_type, path in FEEDS) if url else ()
    return Head(title, shortened(description), "website", url, feeds)


def search_head(page: Page, asked: Query) -> Head:
    """Return the head of a page of hits; its feeds are of the query as asked, so that an open range stays open."""
    return Head(
        title=f"backissue: {page.searched}",
        description=f"{page.total} {'entry' if page.total == 1 else 'entries'} of the back issues",
        kind="website",
        url=absolute(address(page.query)),
        feeds=tuple(Feed(media_type, feed_address(newest(asked), path)) for media_type, path in FEEDS),
    )


def entry_head(entry: Entry, issue: IssueAbout) -> Head:
    """Return the head of an entry's page."""
    return Head(
        title=entry.title,
        description=shortened(entry.body if entry.body != entry.title else issue.title),
        kind="article",
        url=absolute(entry_path(entry.id)),
    )


def shortened(text: str) -> str:
    """Return a text on one line, cut between two words where it is too long."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = text.rfind(" ", 0, LONGEST)
    return f"{text[: end if end > 0 else LONGEST]} …"
