"""Front matter in other formats than Markdown: HTML, reStructuredText, Org and AsciiDoc of site generators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from indexer.formats import frontmatter
from indexer.formats.dates import as_date
from indexer.model import Document, Problem

FENCES = (frontmatter.FENCE, frontmatter.TOML_FENCE)


def read_headed(text: str, where: str, read: Callable[[str, str], Document]) -> Document:
    """Read a text with `read` after removing its front matter, and return the document with that metadata.

    Empty lines replace the front matter, so that line numbers stay the same.
    """
    lines = text.split("\n")
    if lines[0].strip() not in FENCES:
        return read(text, where)
    head, used, wrong = frontmatter.split(lines)
    if not used:
        return read(text, where)
    document = read("\n".join([""] * used + lines[used:]), where)
    problems = (Problem(where, 1, wrong),) if wrong else ()
    return replace(described(document, head), problems=(*problems, *document.problems))


def described(document: Document, head: dict[str, Any]) -> Document:
    """Return a document with the metadata that its front matter gives."""
    label = frontmatter.as_label(head.get("number", head.get("issue")))
    return replace(
        document,
        title=frontmatter.title_of(head) or document.title,
        date=as_date(frontmatter.date_of(head)) or document.date,
        newsletter=frontmatter.as_text(head.get("newsletter")) or document.newsletter,
        label=document.label if label is None else label,
        page=frontmatter.page_of(head) or document.page,
        language=frontmatter.language_of(head) or document.language,
    )
