"""Read the items of a JSON Feed (https://jsonfeed.org), or of a Ghost export."""

from __future__ import annotations

import json
import re
from typing import Any

from indexer.errors import UnreadableSource

START = re.compile(
    r"\s*\{(?=(?:[^{}\[\]\\]|\\.){0,2000}?\"version\"\s*:\s*\"https?://(?:www\.)?jsonfeed\.org/version/)", re.S
)


# Ghost: https://ghost.org/docs/migration/custom/
GHOST = re.compile(r"\s*\{\s*\"db\"\s*:\s*\[\s*\{")


def is_json_feed(text: str) -> bool:
    """Return whether a text is a JSON Feed or an export of Ghost."""
    return START.match(text) is not None or GHOST.match(text) is not None


def items_of(text: str, where: str) -> tuple[list[dict[str, Any]], str, str]:
    """Return the items of a JSON Feed, in the form of feedparser's items, and the feed's title and language.

    Raises `UnreadableSource` if the text is not a JSON Feed.
    """
    try:
        held = as_feed(json.loads(text))
        items = objects(held.get("items"))
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError, IndexError) as error:
        raise UnreadableSource(f"{where}: The JSON feed could not be read ({error}).") from error
    return [as_parsed(item) for item in items], str(held.get("title") or ""), str(held.get("language") or "")


def as_feed(held: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON Feed unchanged, and an export of Ghost as a feed of its published posts."""
    if "db" not in held:
        return held
    data = held["db"][0]["data"]
    said = {str(each.get("key")): each.get("value") for each in objects(data.get("settings"))}
    posts = [
        post for post in objects(data["posts"]) if post.get("status", "published") != "draft" and not is_page(post)
    ]
    items = [
        {"title": post.get("title"), "content_html": post.get("html"), "date_published": post.get("published_at")}
        | ({"url": url} if (url := str(post.get("url") or "")).startswith("http") else {})
        for post in posts
    ]
    return {"title": said.get("title"), "language": said.get("lang"), "items": items}


def objects(values: Any) -> list[dict[str, Any]]:
    """Return the objects in a list, without anything else."""
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []


def is_page(post: dict[str, Any]) -> bool:
    return post.get("type") == "page" or post.get("page") in (True, 1)


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
