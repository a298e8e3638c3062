"""An RSS or Atom feed to documents, one for each item that carries its text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.errors import UnreadableSource
from indexer.model import Document
from indexer.reading import frontmatter
from indexer.reading.html import FEWEST_WORDS, WORD
from indexer.reading.rendered import blocks_of, parse_fragment

TEXTS = ("content:encoded", "content", "description", "summary")


def read_feed(text: str, where: str) -> list[Document]:
    """Return the items of a feed that carry their text; raises `UnreadableSource` where none does."""
    soup = BeautifulSoup(text, "html.parser")
    documents = list(items(soup))
    if not documents:
        raise UnreadableSource(f"{where}: no item of the feed carries its text; add the pages or their sources instead")
    return documents


def items(soup: BeautifulSoup) -> Iterator[Document]:
    for item in soup.find_all(["item", "entry"]):
        body = max((field(item, name) for name in TEXTS), key=len)
        if len(WORD.findall(body)) < FEWEST_WORDS or body.rstrip().endswith("…"):
            continue
        yield Document(
            blocks=blocks_of(parse_fragment(body)),
            title=field(item, "title"),
            date=published(field(item, "pubdate") or field(item, "published") or field(item, "updated")),
            page=address(item),
        )


def field(item: Tag, name: str) -> str:
    tag = item.find(name)
    return tag.get_text().strip() if tag else ""


def address(item: Tag) -> str:
    """Return the item's page: Atom keeps it in an attribute; HTML parsers leave RSS's as text after an empty tag."""
    tag = item.find("link")
    if tag is None:
        return ""
    return str(tag.get("href") or tag.get_text().strip() or str(tag.next_sibling or "").strip())


def published(text: str) -> datetime | None:
    try:
        return frontmatter.as_date(parsedate_to_datetime(text))
    except ValueError:
        return frontmatter.as_date(text)
