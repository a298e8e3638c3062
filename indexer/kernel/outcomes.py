"""Outcomes of patches, and their tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.errors import BadArchive
from indexer.model import OUTCOMES, Outcome
from indexer.profile.tables import rows

COLUMNS = ("entry", "outcome", "commit", "repository", "release", "source", "grade")
KERNEL = "linux"  # the repository whose releases are kernel versions


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """Return the outcomes of a table by entry id, or none if it does not exist.

    Raises `BadArchive` for an invalid table.
    """
    if not path.exists():
        return {}
    found = {}
    for row in rows(path, *COLUMNS):
        if row["outcome"] not in OUTCOMES:
            raise BadArchive(f"{path}: {row['outcome']!r} is not an outcome. Use one of: {', '.join(OUTCOMES)}.")
        found[row["entry"]] = Outcome(**{column: row[column] for column in COLUMNS})
    return found


def table_of(outcomes: Iterable[Outcome], comments: Iterable[str]) -> str:
    """Return a table of outcomes as text, with comment lines above it."""
    lines = [*(f"# {comment}" for comment in comments), "\t".join(COLUMNS)]
    lines += ["\t".join(cell(getattr(each, column)) for column in COLUMNS) for each in outcomes]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Return a text as a table cell: on one line, without tabs."""
    return " ".join(text.split())


def combined(shipped: dict[str, Outcome], own: dict[str, Outcome]) -> dict[str, Outcome]:
    """Merge two tables; the user's row replaces a shipped one unless its outcome is unknown."""
    outcomes_from = {entry: each for entry, each in own.items() if each.outcome != "unknown" or entry not in shipped}
    return shipped | outcomes_from
