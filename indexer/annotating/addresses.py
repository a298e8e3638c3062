"""The URLs that entries link to: their current URLs, archived copies, and links between issues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from indexer.model import IssueKey, Link, Newsletter
from indexer.values import parts_of_url

if TYPE_CHECKING:  # the index needs only `same_page`
    from indexer.profile.newsletters import Rewrite

ARCHIVED = "https://web.archive.org/web/{}{}"


class Addresses:
    """Rewrites of URLs, and the pages of all newsletters' issues."""

    def __init__(self, rewrites: Sequence[Rewrite], newsletters: Iterable[Newsletter]) -> None:
        self.rewrites = rewrites
        self.pages = {
            same_page(facts.page): str(IssueKey(newsletter.id, label))
            for newsletter in newsletters
            for label, facts in newsletter.issues.items()
        }

    def links(self, urls: Iterable[str], date: datetime | None) -> tuple[Link, ...]:
        """Return a link for each distinct URL in an issue of the given date."""
        return tuple(self.link(url, date) for url in dict.fromkeys(urls))

    def link(self, url: str, date: datetime | None) -> Link:
        current = self.current(url)
        return Link(url, current, archived(url, date), self.pages.get(same_page(current)))

    def current(self, url: str) -> str:
        """Return the current URL of a page."""
        for rewrite in self.rewrites:
            if match := rewrite.pattern.match(url):
                return match.expand(rewrite.to)
        return url


def archived(url: str, date: datetime | None) -> str:
    """Return the Wayback Machine URL of a page nearest to a date, or the newest; "" if it is not a web page."""
    return ARCHIVED.format(f"{date:%Y%m%d}/" if date else "", url) if url.startswith(("http://", "https://")) else ""


def same_page(url: str) -> str:
    """Normalize a URL: remove the scheme, www., a trailing slash and the fragment."""
    parts = parts_of_url(url)
    if not any(parts):
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}{query}"
