"""Hooks of MkDocs: add pages outside of docs/ to the manual, and adjust links to them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "ARCHITECTURE.md": "architecture.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "archive/README.md": "archive.md",
}
LINK = re.compile(r"\]\((?!https?:|#|mailto:)(?P<path>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages outside of docs/."""
    for path, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return a page with its links adjusted for the site."""
    outside = {name: path for path, name in PAGES.items()}
    folder = posixpath.dirname(outside.get(page.file.src_uri, f"docs/{page.file.src_uri}"))

    def on_site(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match["path"]))
        return f"]({PAGES.get(path, path.removeprefix('docs/'))}{match['anchor'] or ''})"

    return LINK.sub(on_site, markdown)
