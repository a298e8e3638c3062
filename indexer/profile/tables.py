"""Tables of an archive: TOML, and tab-separated rows with comment lines that begin with #."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive


def rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """Return the rows of a table as dicts by column name.

    Raises `BadArchive` if the file is missing, is not UTF-8, has ragged rows, or lacks one of `columns`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadArchive(f"{path}: {error.strerror}; the archive folder should hold it") from error
    except UnicodeDecodeError as error:
        raise BadArchive(f"{path}: byte {error.start} is no UTF-8; save the table as UTF-8") from error
    lines = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    if not lines:
        raise BadArchive(f"{path}: the table has no row of column names")
    head, *values = lines
    if lacking := [column for column in columns if column not in head]:
        raise BadArchive(f"{path}: the table has no column {', '.join(lacking)}")
    for row in values:
        if len(row) != len(head):
            raise BadArchive(f"{path}: a row of {len(row)} values where there are {len(head)} columns: {row[0]}")
    return [dict(zip(head, row, strict=True)) for row in values]


def load(path: Path) -> dict[str, Any]:
    """Return the table of a TOML file; raises `BadArchive` where there is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadArchive(f"{path}: {error.strerror}; the archive folder should hold it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadArchive(f"{path}: {error}") from error
