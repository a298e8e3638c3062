"""Turn an RSS, Atom or JSON feed into HTML pages, one for each item that contains its full text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from html import escape
from io import BytesIO
from typing import Any

from indexer.errors import OnlySummaries
from indexer.formats.cleaning import clean
from indexer.formats.dates import as_date
from indexer.formats.html import FEWEST_WORDS, WORD
from indexer.formats.jsonfeed import is_json_feed, items_of
from indexer.formats.rendered import parse_fragment
from indexer.languages import as_tag

# The text is already decoded, so the encoding that its first line declares no longer applies.
DECODED = {"content-type": "application/xml; charset=utf-8"}
# Elements of extensions, none of which has an issue's text, and whose values feedparser does not always check.
UNUSED = re.compile(r"<(?P<end>/?)(?!(?:content|dc|rdf|atom|wp|xhtml|rss|a10):)[\w.-]{1,20}:[\w.-]{1,40}")
PAGE = """<!DOCTYPE html>
<html{language}><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="{site}">
<meta property="og:url" content="{address}">
<meta property="article:published_time" content="{date}">
</head><body><article>
{body}
</article></body></html>
"""


def pages_of(text: str, where: str) -> list[str]:
    """Return an HTML page for each item that contains its full text. Raises `OnlySummaries` if none does."""
    items, site, language = items_of(text, where) if is_json_feed(text) else parsed(text)
    # Escapes of JSON bring back half characters, which cannot be encoded.
    found = list(map(clean, pages(items, " ".join(site.split()), as_tag(language))))
    if not found:
        raise OnlySummaries(
            f"{where}: No item of the feed contains its full text. Name the feed by its URL, so that the pages of its "
            "items are read, or add these pages or their sources.",
            tuple(str(item["link"]) for item in items if item.get("link")),
        )
    return found


def parsed(text: str) -> tuple[list[Any], str, str]:
    """Return the items, the title and the language of an RSS or Atom feed."""
    import feedparser

    # feedparser's sanitising would remove words. The pages sanitise what they show.
    parse = partial(feedparser.parse, response_headers=DECODED, sanitize_html=False)
    try:
        feed = parse(BytesIO(text.encode()))
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):  # for example by a bad chapter
        feed = parse(BytesIO(UNUSED.sub(r"<\g<end>unused", text).encode()))
    items = [item for item in feed.entries if is_post(item)]
    return items, str(feed.feed.get("title") or ""), str(feed.feed.get("language") or "")


def is_post(item: Mapping[str, Any]) -> bool:
    """Return whether an item is a published post. Only an export of WordPress has others: pages, images and drafts."""
    return (item.get("wp_post_type", "post"), item.get("wp_status", "publish")) == ("post", "publish")


def pages(items: Sequence[Mapping[str, Any]], site: str, language: str) -> Iterator[str]:
    """Yield a page for each item that contains its full text."""
    for item in items:
        body = max((as_html(each) for each in texts(item)), key=len, default="")
        if len(WORD.findall(body)) < FEWEST_WORDS or body.rstrip().endswith("…"):
            continue
        date = published(item)
        yield PAGE.format(
            title=escape(title(item)),
            site=escape(site),
            language=f' lang="{language}"' if language else "",
            address=escape(str(item.get("link") or "")),
            date=date.isoformat() if date else "",
            body=body,
        )


def texts(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the texts of an item: its full contents, if any, then its summary."""
    yield from item.get("content", ())
    if "summary_detail" in item:
        yield item["summary_detail"]


def as_html(text: Mapping[str, Any]) -> str:
    value = str(text.get("value") or "")
    if text.get("type") != "text/plain":
        return f"<p>{value}"  # plain text becomes a paragraph
    return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in value.split("\n\n") if paragraph.strip())


def title(item: Mapping[str, Any]) -> str:
    """Return the title of an item without markup."""
    held = item.get("title_detail") or {}
    value = str(held.get("value") or "")
    plain = value if held.get("type") == "text/plain" else parse_fragment(value).get_text(" ")
    return " ".join(plain.split())


def published(item: Mapping[str, Any]) -> datetime | None:
    """Return when an item was published, or else updated; None if neither is a valid date.

    feedparser's own dates are not used, because it turns 2017-13-45 into 2018-01-01.
    """
    dates = (as_date(item[name]) for name in ("published", "updated") if name in item)
    return next(filter(None, dates), None)
