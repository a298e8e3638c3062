"""The files of an exported site, and its broken links."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from webui.export.folders import MARKER

ADDRESSES = ("href", "src", "action")


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MARKER}


class Links(HTMLParser):
    """Collects the URLs in a page's tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {str(value) for name, value in attrs if name in ADDRESSES}


def astray(folder: Path) -> set[tuple[str, str]]:
    """Return the links to missing files, each with a page that contains it."""
    files = files_in(folder)
    found = {}
    for name in sorted(each for each in files if each.endswith(".html")):
        for link in Links((folder / name).read_text(encoding="utf-8")).found:
            parts = urlsplit(link)
            to = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            if not parts.scheme and (link.startswith("/") or (parts.path and to not in files)):
                found[link] = name
    return {(name, link) for link, name in found.items()}
