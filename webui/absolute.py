"""Absolute addresses: on the host that was asked, or on the one that the setting names."""

from __future__ import annotations

import re

from flask import current_app, request

from indexer.errors import BackissueError

BASE = re.compile(r"(?P<base>https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)/?", re.IGNORECASE)


class BadBase(BackissueError):
    """A base of addresses that is none."""


def checked(base: str) -> str:
    """Return a base of addresses without its last slash; raises `BadBase` unless it is http or https and a host."""
    match = BASE.fullmatch(base)
    if match is None:
        raise BadBase(f"{base!r} is no base of addresses: it is http:// or https:// and a host, with no path behind it")
    return match["base"]


def base() -> str:
    """Return what comes before the path in an absolute address; "" where the asker names no host that could be one."""
    set_by_hand: str = current_app.config["BASE_URL"]
    if set_by_hand or not request.host:
        return set_by_hand
    return f"{request.scheme}://{request.host}"


def absolute(path: str) -> str:
    return base() + path
