"""Tab-separated tables: a row of names, rows of values, and comment lines that begin with #."""

from __future__ import annotations

from pathlib import Path

from indexer.errors import BadArchive


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table by column name; raises `BadArchive` for a file that is missing or ragged."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadArchive(f"{path}: {error.strerror}; the archive folder should hold it") from error
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    if not lines:
        raise BadArchive(f"{path}: the table has no row of column names")
    head, *values = lines
    for row in values:
        if len(row) != len(head):
            raise BadArchive(f"{path}: a row of {len(row)} values where there are {len(head)} columns: {row[0]}")
    return [dict(zip(head, row, strict=True)) for row in values]
