"""How to cite an entry: as plain text and as Markdown."""

from __future__ import annotations

from typing import NamedTuple

from indexer.catalog.about import IssueAbout, NewsletterAbout
from indexer.model import Entry
from webui.http.absolute import absolute
from webui.pages.rendering import entry_path, safe


class Citation(NamedTuple):
    """A line that cites an entry, and what it is written in."""

    label: str
    text: str


def citations(entry: Entry, issue: IssueAbout, newsletter: NewsletterAbout) -> tuple[Citation, ...]:
    """Return the lines that cite an entry: its title, who wrote the issue, the original at the text, and its page."""
    author = newsletter.author
    about = f"{issue.title}{f' by {author}' if author else ''}, {issue.appeared}"
    addresses = [safe(entry.original_url), safe(entry.source_url)]
    original = next(filter(None, addresses if newsletter.page_first else addresses[::-1]), "")
    page = absolute(entry_path(entry.id))
    title = f"[{escaped(entry.title)}]({link(original)})" if original else escaped(entry.title)
    markdown = f"{title}, {about}{f' ([entry]({link(page)}))' if page else ''}"
    plain = ", ".join(filter(None, (f'"{entry.title}"', about, original, page)))
    return Citation("Plain text", plain), Citation("Markdown", markdown)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def link(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29")
