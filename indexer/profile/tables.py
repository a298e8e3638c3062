"""Tables of an archive: TOML, and tab-separated rows with comment lines that begin with #."""

from __future__ import annotations

import errno
import tomllib
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive


def rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """Return the rows of a table as dicts by column name.

    Raises `BadArchive` if the file is missing, is not UTF-8, has ragged rows, or lacks one of `columns`.
    """
    try:
        text = text_of(path)
    except OSError as error:
        raise BadArchive(
            f"{path}: The table could not be read ({error.strerror}). The archive folder needs it."
        ) from error
    except UnicodeDecodeError as error:
        raise BadArchive(f"{path}: Byte {error.start} is not valid UTF-8. Save the table as UTF-8.") from error
    lines = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    if not lines:
        raise BadArchive(f"{path}: The table has no header. Add a row of column names.")
    head, *values = lines
    if lacking := [column for column in columns if column not in head]:
        raise BadArchive(f"{path}: The table has no column {', '.join(lacking)}. Add it.")
    for row in values:
        if len(row) != len(head):
            raise BadArchive(
                f"{path}: The row {row[0]} has {len(row)} values for {len(head)} columns. Separate them by tabs."
            )
    return [dict(zip(head, row, strict=True)) for row in values]


def text_of(path: Path) -> str:
    """Return the text of a table. Raises `OSError` for anything but a file, because reading a FIFO may never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "It is not a regular file")
    return path.read_text(encoding="utf-8")


def load(path: Path) -> dict[str, Any]:
    """Return the contents of a TOML file. Raises `BadArchive` if it is missing or not valid."""
    try:
        return tomllib.loads(text_of(path))
    except OSError as error:
        raise BadArchive(
            f"{path}: The table could not be read ({error.strerror}). The archive folder needs it."
        ) from error
    except (ValueError, RecursionError) as error:  # also for integers of thousands of digits, and deep nesting
        raise BadArchive(f"{path}: The table is not valid TOML: {error}.") from error
