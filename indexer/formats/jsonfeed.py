"""Read the items of a JSON Feed (https://jsonfeed.org)."""

from __future__ import annotations

import json
import re
from typing import Any

from indexer.errors import UnreadableSource

START = re.compile(
    r"\s*\{(?=(?:[^{}\[\]]|\\.){0,2000}?\"version\"\s*:\s*\"https?://(?:www\.)?jsonfeed\.org/version/)", re.S
)


def is_json_feed(text: str) -> bool:
    return START.match(text) is not None


def items_of(text: str, where: str) -> tuple[list[dict[str, Any]], str, str]:
    """Return the items of a JSON Feed, in the form of feedparser's items, and the feed's title and language.

    Raises `UnreadableSource` if the text is not a JSON Feed.
    """
    try:
        held = json.loads(text)
        items = [item for item in held.get("items", ()) if isinstance(item, dict)]
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        raise UnreadableSource(f"{where}: The JSON feed could not be read ({error}).") from error
    return [as_parsed(item) for item in items], str(held.get("title") or ""), str(held.get("language") or "")


def as_parsed(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item of a JSON Feed under feedparser's keys."""
    texts = [
        {"type": kind, "value": item[key]}
        for key, kind in (("content_html", "text/html"), ("content_text", "text/plain"))
        if isinstance(item.get(key), str)
    ]
    date = item.get("date_published") or item.get("date_modified")
    return {
        "title_detail": {"type": "text/plain", "value": str(item.get("title") or "")},
        "link": str(item.get("url") or item.get("external_url") or ""),
        "content": texts,
        **({"published": str(date)} if date else {}),
    }
