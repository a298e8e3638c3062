"""Absolute addresses: on the host that was asked, or on the one that the setting names."""

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
    """A base of addresses that is none."""


def checked(base: str) -> str:
    """Return a base of addresses without its last slash; raises `BadBase` unless it is http or https and a host."""
    return matched(BASE, base, "no base of addresses: it is http:// or https:// and a host, with no path behind it")


def checked_site(base: str) -> str:
    """Return the address of an exported site without its last slash; unlike that of a server, it may have a path."""
    return matched(SITE, base, "no address of a site: it is http:// or https://, a host, and perhaps a path")


def matched(pattern: re.Pattern[str], base: str, wrong: str) -> str:
    match = pattern.fullmatch(base)
    if match is None:
        raise BadBase(f"{base!r} is {wrong}")
    return match["base"]


def base() -> str:
    """Return what comes before the path in an absolute address; "" where the asker names no host that could be one."""
    set_by_hand: str = current_app.config["BASE_URL"]
    if set_by_hand or not request.host:
        return set_by_hand
    return f"{request.scheme}://{request.host}"


def within(location: str) -> str:
    """Return the address that a redirect leads to; one of this server without the host, which the request may invent.

    One slash only begins a path: two would begin a host.
    """
    parts = urlsplit(location)
    if parts.netloc not in ("", request.host):
        return location
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, parts.fragment))


def absolute(path: str) -> str:
    """Return the absolute address of a path; in a site that is exported that of its file, "" where it has none."""
    return prefixing()(path)


def prefixing() -> Callable[[str], str]:
    """Return the function that makes paths absolute in this request, for many of them."""
    of_file: Callable[[str], str] | None = current_app.config["ABSOLUTE"]
    start = base()
    return of_file or (lambda path: start + path)
