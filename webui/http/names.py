"""Encode names (of identifiers, authors ...) as the last part of a URL, and decode them."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from flask import Flask
from werkzeug.routing import BaseConverter

# Paths that browsers, servers or file systems change: leading, trailing or repeated slashes, and parts of dots.
AWKWARD = re.compile(r"%|^/|//|/$|(?:^|/)\.{1,2}(?:/|$)")


def quoted(name: str) -> str:
    """Encode a name for the end of a path. It is quoted twice if a path would not preserve it."""
    if AWKWARD.search(name):
        return quote(quote(name, safe="").replace(".", "%2E"))
    return quote(name)


def unquoted(text: str) -> str:
    """Decode the end of a path, which the server has already unquoted once."""
    return unquote(text) if "%" in text else text


class NameConverter(BaseConverter):
    """Matches any name in a route, including one that begins with a slash."""

    regex = ".+?"
    part_isolating = False

    def to_python(self, value: str) -> str:
        return unquoted(value)


def register(app: Flask) -> None:
    """Make `<name:...>` available in the routes of an app."""
    app.url_map.converters["name"] = NameConverter
