"""Absolute URLs, with the host of the request or of the setting."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from flask import current_app, request

from indexer.errors import BackissueError

HOST = r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?"
BASE = re.compile(rf"(?P<base>{HOST})/?", re.IGNORECASE)
SITE = re.compile(rf"(?P<base>{HOST}(?:/[a-z0-9_.~%-]+)*)/?", re.IGNORECASE)


class BadBase(BackissueError):
    """A base URL is not valid."""


def checked(base: str) -> str:
    """Return a base URL without a trailing slash. Raises `BadBase` unless it is http or https with a host only."""
    return matched(BASE, base, "not a base URL. Use http:// or https:// and a host, without a path.")


def checked_site(base: str) -> str:
    """Return the URL of an exported site without a trailing slash. Unlike a server's, it may have a path."""
    return matched(SITE, base, "not the URL of a site. Use http:// or https://, a host, and optionally a path.")


def matched(pattern: re.Pattern[str], base: str, wrong: str) -> str:
    match = pattern.fullmatch(base)
    if match is None:
        raise BadBase(f"{base!r} is {wrong}")
    return match["base"]


def base() -> str:
    """Return the base of absolute URLs, "" if the request names no valid host."""
    set_by_hand: str = current_app.config["BASE_URL"]
    if set_by_hand or not request.host:
        return set_by_hand
    return f"{request.scheme}://{request.host}"


def within(location: str) -> str:
    """Return the target of a redirect. For this server it has no host, because the request could have forged it.

    It begins with one slash only: two would begin a host.
    """
    parts = urlsplit(location)
    if parts.netloc not in ("", request.host):
        return location
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, parts.fragment))


def absolute(path: str) -> str:
    """Return the absolute URL of a path. In an exported site it is that of the file, "" if there is none."""
    return prefixing()(path)


def prefixing() -> Callable[[str], str]:
    """Return a function that makes many paths absolute in this request."""
    of_file: Callable[[str], str] | None = current_app.config["ABSOLUTE"]
    start = base()
    return of_file or (lambda path: start + path)
