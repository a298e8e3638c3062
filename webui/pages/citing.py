"""Citations of an entry in Markdown, BibTeX and plain text."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from indexer.catalog.about import IssueAbout, NewsletterAbout
from indexer.model import Entry
from webui.http.absolute import absolute
from webui.pages.rendering import entry_path, safe

SPECIAL = re.compile(r"[\\{}&%$#_~^]")
ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
ODD = re.compile(r"[^A-Za-z0-9:/.-]+")


class Citation(NamedTuple):
    """A citation of an entry, labelled by its format."""

    label: str
    text: str


def citations(entry: Entry, issue: IssueAbout, newsletter: NewsletterAbout) -> tuple[Citation, ...]:
    """Return the citations of an entry, with its title, issue, author, original and page."""
    addresses = [safe(entry.original_url), safe(entry.source_url)]
    original = next(filter(None, addresses if newsletter.page_first else addresses[::-1]), "")
    page = absolute(entry_path(entry.id))
    about = f"{issue.title}{f' by {newsletter.author}' if newsletter.author else ''}, {issue.appeared}"
    plain = ", ".join(filter(None, (f'"{entry.title}"', about, original, page)))
    return (
        Citation("Markdown", in_markdown(entry.title, about, original, page)),
        Citation("BibTeX", in_bibtex(entry, issue, newsletter.author, original or page)),
        Citation("Plain text", plain),
    )


def in_markdown(title: str, about: str, original: str, page: str) -> str:
    linked = f"[{escaped(title)}]({link(original)})" if original else escaped(title)
    return f"{linked}, {about}{f' ([entry]({link(page)}))' if page else ''}"


def in_bibtex(entry: Entry, issue: IssueAbout, author: str, url: str) -> str:
    """Return an entry as @misc, BibTeX's type for web pages."""
    date = day(issue.date)
    fields = {
        "title": f"{{{tex(entry.title)}}}",  # a second pair of braces keeps capitals
        "author": tex(author),
        "howpublished": tex(issue.title),
        "year": str(date.year) if date else "",
        "month": f"{date:%b}".lower() if date else "",
        "url": url,
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value]
    return f"@misc{{{ODD.sub('-', entry.id)},\n" + ",\n".join(lines) + "\n}"


def day(date: str) -> datetime.date | None:
    """Return the day of an issue, or None."""
    try:
        return datetime.date.fromisoformat(date[:10])
    except ValueError:
        return None


def tex(text: str) -> str:
    """Return a text with TeX's special characters escaped."""
    return SPECIAL.sub(lambda match: ESCAPED.get(match[0], f"\\{match[0]}"), text)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def link(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29")
