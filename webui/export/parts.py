"""Data files that a page loads on demand. They are scripts, because pages on disk cannot read other files."""

from __future__ import annotations

import json
from collections.abc import Sequence

from webui.export.folders import Files

FOLDER = "search"
ENOUGH = 40_000  # characters of a file, unless a single row is longer


class Parts:
    """Writes rows to numbered files of limited size. `firsts` are the keys of the first row of each file."""

    def __init__(self, files: Files, kind: str) -> None:
        self.files = files
        self.kind = kind
        self.firsts: list[object] = []
        self._rows: list[str] = []
        self._size = 0

    def add(self, key: object, *values: object) -> None:
        """Write a row."""
        if not self._rows:
            self.firsts.append(key)
        self._rows.append(compact([key, *values]))
        self._size += len(self._rows[-1])
        if self._size >= ENOUGH:
            self.end()

    def end(self) -> None:
        """Write the rest."""
        if self._rows:
            write_part(self.files, f"{self.kind}-{len(self.firsts) - 1}", f"[{','.join(self._rows)}]")
        self._rows, self._size = [], 0


def write_part(files: Files, name: str, value: str) -> None:
    """Write a file that passes a named JSON value to the search."""
    files.write(f"{FOLDER}/{name}.js", f"backissue.part({compact(name)},{value})\n".encode("utf-8", "replace"))


def compact(value: object) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def deltas(ascending: Sequence[int]) -> list[int]:
    """Return the first number, followed by the differences between neighbours."""
    return [b - a for a, b in zip([0, *ascending], ascending, strict=False)]
