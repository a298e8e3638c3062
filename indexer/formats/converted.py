"""The HTML that a converter makes of another format, to a document whose blocks know the lines of their source."""

from __future__ import annotations

from bs4 import BeautifulSoup

from indexer.formats.dates import as_date
from indexer.formats.html import parse_page
from indexer.formats.placing import with_lines
from indexer.formats.rendered import blocks_of
from indexer.model import Document, Problem


def document_of(
    html: str, source: str, where: str, title: str = "", date: str = "", problems: tuple[Problem, ...] = ()
) -> Document:
    """Return the document of a converted `source`; all of the HTML is its text."""
    soup = parse_page(f"<!doctype html><body>{html}", where)
    mend(soup)
    blocks = blocks_of(soup.body or soup, where)
    if source:
        blocks = with_lines(blocks, list(enumerate(source.split("\n"), 1)))
    return Document(blocks, title=" ".join(title.split()), date=as_date(date), where=where, problems=problems)


def mend(soup: BeautifulSoup) -> None:
    """Make headings of what converters mark as one in other ways."""
    for rubric in soup.select("p.rubric"):
        rubric.name = "h5"
