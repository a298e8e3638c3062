"""An RSS or Atom feed to pages, one for each item that carries its text."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import escape

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.element import Tag

from indexer.errors import UnreadableSource
from indexer.formats import frontmatter
from indexer.formats.bounds import DEEPEST
from indexer.formats.html import FEWEST_WORDS, WORD
from indexer.formats.rendered import depth_of

TEXTS = ("content:encoded", "content", "description", "summary")
UNCLOSED = (("<!--", "-->"), ("<![", "]>"), ("<?", ">"))
PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{title}">
<meta property="og:url" content="{address}">
<meta property="article:published_time" content="{date}">
</head><body><article>
{body}
</article></body></html>
"""


def pages_of(text: str, where: str) -> list[str]:
    """Return an HTML page for each item of a feed that carries its text; raises `UnreadableSource` where none does."""
    with warnings.catch_warnings():
        # Many feeds are no well-formed XML; an HTML parser reads them all the same.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(closed(text), "html.parser")
    if depth_of(soup) > DEEPEST:
        raise UnreadableSource(f"{where}: its elements nest deeper than {DEEPEST} levels, which no feed does")
    found = list(items(soup))
    if not found:
        raise UnreadableSource(f"{where}: no item of the feed carries its text; add the pages or their sources instead")
    return found


def closed(text: str) -> str:
    """Return a feed in which what begins a comment, CDATA or a declaration is text where nothing ends it."""
    for sign, ending in UNCLOSED:
        last = text.rfind(ending)
        text = text[:last] + text[last:].replace(sign, escape(sign)) if last >= 0 else text.replace(sign, escape(sign))
    return text


def items(soup: BeautifulSoup) -> Iterator[str]:
    for item in soup.find_all(["item", "entry"]):
        body = max((field(item, name) for name in TEXTS), key=len)
        if len(WORD.findall(body)) < FEWEST_WORDS or body.rstrip().endswith("…"):
            continue
        date = published(field(item, "pubdate") or field(item, "published") or field(item, "updated"))
        yield PAGE.format(
            title=escape(field(item, "title")),
            address=escape(address(item)),
            date=date.isoformat() if date else "",
            body=body,
        )


def field(item: Tag, name: str) -> str:
    tag = item.find(name)
    return tag.get_text().strip() if tag else ""


def address(item: Tag) -> str:
    """Return the item's page: Atom keeps it in an attribute; an HTML parser leaves RSS's as text after an empty tag."""
    tag = item.find("link")
    if tag is None:
        return ""
    return str(tag.get("href") or tag.get_text().strip() or str(tag.next_sibling or "").strip())


def published(text: str) -> datetime | None:
    try:
        return frontmatter.as_date(parsedate_to_datetime(text))
    except ValueError:
        return frontmatter.as_date(text)
