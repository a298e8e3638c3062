"""Complete the pages of a Substack export with the titles and dates from the table beside them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from html import escape
from pathlib import Path

TABLE = "posts.csv"
PAGES = (".html", ".htm")
PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="{date}">
</head><body><article>
{body}
</article></body></html>
"""


def completed(path: Path, raw: bytes) -> bytes:
    """Return the contents of a file; a page of an export becomes a whole page with its title and date."""
    row = row_of(path)
    if row is None:
        return raw
    title = row.get("title") or row.get("subtitle") or ""
    body = raw.decode("utf-8", "replace")
    date = row.get("post_date") or ""
    return PAGE.format(title=escape(title), date=escape(date), body=body).encode()


def is_draft(path: Path) -> bool:
    """Return whether a file is a page of an export that was never published."""
    row = row_of(path)
    return row is not None and str(row.get("is_published")).casefold() == "false"


def row_of(path: Path) -> Mapping[str, str] | None:
    """Return the row on a page in the table of its export, which is in its folder or the one above; None for others."""
    if path.suffix.lower() not in PAGES:
        return None
    tables = (folder / TABLE for folder in (path.parent, path.parent.parent))
    table = next((each for each in tables if each.is_file()), None)
    if table is None:
        return None
    try:
        with table.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
            return next((row for row in csv.DictReader(lines) if row.get("post_id") == path.stem), None)
    except (OSError, csv.Error):
        return None
