"""Read corrections.toml: manual corrections of single entries."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive
from indexer.model import OUTCOMES

TEXTS = ("kind", "title", "outcome", "commit", "repository", "release", "reason", "source")
LISTS = ("versions", "split")


@dataclass(frozen=True, slots=True)
class Change:
    """The correction of an entry. Empty fields stay as they are.

    `split` holds the openings of texts that are entries of their own. `commit`, `repository` and `release` belong to
    `outcome`. `source` is a URL.
    """

    entry: str
    kind: str = ""
    title: str = ""
    versions: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    outcome: str = ""
    commit: str = ""
    repository: str = ""
    release: str = ""
    reason: str = ""
    source: str = ""


def load_corrections(path: Path) -> dict[str, Change]:
    """Return the corrections in a file by entry id, or none if there is no file. Raises `BadArchive`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise BadArchive(f'{path}: {error}. Write one table per entry: ["newsletter/issue/entry"].') from error
    return {entry: change_in(path, entry, table) for entry, table in tables.items()}


def change_in(path: Path, entry: str, table: object) -> Change:
    """Return the correction in a table. Raises `BadArchive` for wrong keys, wrong values or no reason."""
    if not isinstance(table, Mapping):
        raise BadArchive(f'{path}: {entry} is not a table. Write one table per entry: ["newsletter/issue/entry"].')
    where = f"{path}: [{entry!r}]"
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key in TEXTS and isinstance(value, str):
            values[key] = value
        elif key in LISTS and isinstance(value, list) and all(isinstance(each, str) for each in value):
            values[key] = tuple(value)
        else:
            known = f"The texts are {', '.join(TEXTS)}, the lists of texts {', '.join(LISTS)}."
            raise BadArchive(f"{where}: {key} is unknown or has a wrong value. {known}")
    if not values.get("reason", "").strip():
        raise BadArchive(f'{where}: The correction has no reason. Add one: reason = "...".')
    if values.get("outcome", OUTCOMES[0]) not in OUTCOMES:
        raise BadArchive(f"{where}: {values['outcome']!r} is not an outcome. Use one of: {', '.join(OUTCOMES)}.")
    return Change(entry, **values)
