"""Addresses that entries link to: what they are now, their archived copies, and which are issues of ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from indexer.model import IssueKey, Link, Newsletter
from indexer.values import parts_of_url

if TYPE_CHECKING:  # an index needs only `same_page`, and no table
    from indexer.profile.newsletters import Rewrite

ARCHIVED = "https://web.archive.org/web/{}{}"


class Addresses:
    """What is known of addresses: the rewrites, and the pages of all newsletters' issues."""

    def __init__(self, rewrites: Sequence[Rewrite], newsletters: Iterable[Newsletter]) -> None:
        self.rewrites = rewrites
        self.pages = {
            same_page(facts.page): str(IssueKey(newsletter.id, label))
            for newsletter in newsletters
            for label, facts in newsletter.issues.items()
        }

    def links(self, urls: Iterable[str], date: datetime | None) -> tuple[Link, ...]:
        """Return a link for each address, each once, as an issue of some date links to it."""
        return tuple(self.link(url, date) for url in dict.fromkeys(urls))

    def link(self, url: str, date: datetime | None) -> Link:
        current = self.current(url)
        return Link(url, current, archived(url, date), self.pages.get(same_page(current)))

    def current(self, url: str) -> str:
        """Return the address that a page is known to have now."""
        for rewrite in self.rewrites:
            if match := rewrite.pattern.match(url):
                return match.expand(rewrite.to)
        return url


def archived(url: str, date: datetime | None) -> str:
    """Return the copy of a page in the Web Archive that is nearest to a date, or the newest; "" for no web page."""
    return ARCHIVED.format(f"{date:%Y%m%d}/" if date else "", url) if url.startswith(("http://", "https://")) else ""


def same_page(url: str) -> str:
    """Return an address without what makes no difference to the page: scheme, www., a last slash, a fragment."""
    parts = parts_of_url(url)
    if not any(parts):
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}{query}"
