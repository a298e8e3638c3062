"""Rewrite the links of a page, without changing anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

# The attributes that contain a URL, by element.
ADDRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action"}
# Templates and sanitised texts have double quotes around each value, and neither < nor > elsewhere in a tag.
TAG = re.compile(rf'<({"|".join(ADDRESSES)})(\s(?:[^"<>]++|"[^"]*+")*+)>')
ADDRESS = {element: re.compile(rf'\s{name}="(/[^"]*)"') for element, name in ADDRESSES.items()}


def relinked(html: str, lead: Callable[[str], str | None]) -> str:
    """Replace each URL of a page that begins with / by the result of `lead`.

    If that is None, a link loses its target, and a <link> element is left out.
    """
    return TAG.sub(lambda tag: tag_led(tag, lead), html)


def tag_led(tag: re.Match[str], lead: Callable[[str], str | None]) -> str:
    element, attributes = tag.groups()
    address = ADDRESS[element].search(attributes)
    if address is None:
        return tag[0]
    led = lead(unescape(address[1]))
    if led is None and element == "link":
        return ""
    start, end = address.span()
    attribute = "" if led is None else f' {ADDRESSES[element]}="{escape(led)}"'
    return f"<{element}{attributes[:start]}{attribute}{attributes[end:]}>"
