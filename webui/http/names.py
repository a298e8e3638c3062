"""Names of anything (an identifier, an author ...) as the last part of an address, and back."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from flask import Flask
from werkzeug.routing import BaseConverter

# What browsers, servers and file systems change in a path: slashes at an end or beside each other, parts that are dots.
AWKWARD = re.compile(r"%|^/|//|/$|(?:^|/)\.{1,2}(?:/|$)")


def quoted(name: str) -> str:
    """Return a name as the end of a path; quoted twice if a path would not keep it, and then without / and dots."""
    if AWKWARD.search(name):
        return quote(quote(name, safe="").replace(".", "%2E"))
    return quote(name)


def unquoted(text: str) -> str:
    """Return the name that the end of a path stands for, once the server has unquoted the path."""
    return unquote(text) if "%" in text else text


class NameConverter(BaseConverter):
    """Matches any name in the rule of a route, one that begins with a slash, too."""

    regex = ".+?"
    part_isolating = False

    def to_python(self, value: str) -> str:
        return unquoted(value)


def register(app: Flask) -> None:
    """Let the routes of an app use `<name:...>`."""
    app.url_map.converters["name"] = NameConverter
