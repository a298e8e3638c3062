"""The golden pairs: an input with one quirk of real issues, and beside it the entries that it divides into.

`python -m tests.golden` writes the expectations anew, from the root of the repository; read the diff against the
rules for dividing an issue before you keep it.
"""

from __future__ import annotations

import json
from pathlib import Path

from indexer.ingest import parse
from indexer.model import Entry
from indexer.sources.archive import Archive

FOLDER = Path(__file__).with_name("golden")
SHIPPED = Path(__file__).resolve().parents[1] / "archive"
SUFFIXES = (".md", ".html", ".txt")
FIELDS = "n id kind title url author section parent identifiers helpers".split()


def inputs() -> list[Path]:
    """Return the inputs of the pairs."""
    return sorted(path for path in FOLDER.iterdir() if path.suffix in SUFFIXES)


def expectation_of(path: Path) -> Path:
    """Return the file with the expected entries of an input."""
    return path.with_suffix(".expected.jsonl")


def entries_in(path: Path) -> str:
    """Return the entries of an input as JSON Lines."""
    archive = Archive(SHIPPED, FOLDER / "no-data")
    (issue,) = parse(path.read_bytes(), path.name, archive)
    return "".join(json.dumps(fields(entry), ensure_ascii=False) + "\n" for entry in issue.entries)


def fields(entry: Entry) -> dict[str, object]:
    """Return the fields of an entry that are compared."""
    return {name: getattr(entry, name) for name in FIELDS} | {
        "kernel": [[version.version, version.how] for version in entry.versions],
        "locator": entry.locator,
        "line": entry.line,
    }


def main() -> None:
    """Rewrite all expectations."""
    for path in inputs():
        expectation_of(path).write_text(entries_in(path), encoding="utf-8")


if __name__ == "__main__":
    main()
