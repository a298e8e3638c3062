"""Links to an entry: the page at its very words, the line of the issue's source, the archived copy."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from indexer.model import Newsletter

ARCHIVED = "https://web.archive.org/web/{:%Y%m%d}/{}"
SOURCE_LINE = "https://github.com/{}/blob/{}/{}?plain=1#L{}"
# What the text-fragment specification reserves besides what any address does: it separates the parts.
LONGEST_FRAGMENT = 300


def original_url(page: str | None, words: str) -> str | None:
    """Return the page with a text fragment that selects `words`; the specification wants - , and & encoded in it."""
    if not page:
        return None
    encoded = quote(words[:LONGEST_FRAGMENT], safe="").replace("-", "%2D")
    return f"{page}#:~:text={encoded}"


def source_url(newsletter: Newsletter, number: int, line: int) -> str | None:
    """Return the line of the issue's source text at the commit that newsletters.toml pins, None where it knows none."""
    facts = newsletter.issues.get(number)
    if facts is None or not facts.source_path or not line:
        return None
    return SOURCE_LINE.format(newsletter.repository, newsletter.commit, facts.source_path, line)


def archived_url(page: str | None, date: datetime) -> str | None:
    """Return the copy of a page in the Web Archive that is nearest to a date."""
    return ARCHIVED.format(date, page) if page else None
