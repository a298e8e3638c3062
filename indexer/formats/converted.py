"""Turn a converter's HTML into a document whose blocks have line numbers of the original source."""

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
    """Return the document for the HTML that a converter made of `source`. All of the HTML is issue text."""
    soup = parse_page(f"<!doctype html><body>{html}", where)
    mend(soup)
    blocks = blocks_of(soup.body or soup, where)
    if source:
        blocks = with_lines(blocks, list(enumerate(source.split("\n"), 1)))
    return Document(blocks, title=" ".join(title.split()), date=as_date(date), where=where, problems=problems)


def mend(soup: BeautifulSoup) -> None:
    """Turn the elements that converters use for titles into headings, and remove what they generate."""
    for contents in soup.select("nav.contents, div.contents, nav#TOC"):
        contents.decompose()
    for debris in soup.select("colgroup, h1 .tag, h2 .tag, h3 .tag, h4 .tag, h5 .tag, h6 .tag"):  # tags of Org
        debris.decompose()
    for rubric in soup.select("p.rubric"):
        rubric.name = "h5"
