"""Complete the pages of a Substack export with the titles and dates from the table beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from html import escape
from pathlib import Path

from indexer.errors import UnreadableSource
from indexer.model import LARGEST_OF_SEVERAL
from indexer.sources.files import read_file

Row = Mapping[str, str]
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


def row_of(path: Path) -> Row | None:
    """Return the row on a page in the table of its export, which is in its folder or the one above; None for others."""
    if path.suffix.lower() not in PAGES:
        return None
    tables = (folder / TABLE for folder in (path.parent, path.parent.parent))
    table = next((each for each in tables if each.is_file()), None)
    if table is None:
        return None
    try:
        return rows_of(table, table.stat().st_mtime_ns).get(path.stem)
    except (OSError, UnreadableSource):
        return None


@lru_cache(maxsize=4)
def rows_of(table: Path, changed: int) -> dict[str, Row]:
    """Return the rows of a table by the id of their page. A row that cannot be read is left out."""
    text = read_file(table, most=LARGEST_OF_SEVERAL).decode("utf-8-sig", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    found: dict[str, Row] = {}
    while True:
        with suppress(csv.Error):  # such as a cell of more than 131,072 characters
            row = next(reader, None)
            if row is None:
                return found
            found.setdefault(row.get("post_id") or "", row)
