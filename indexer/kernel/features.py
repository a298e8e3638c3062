"""Kernel features that are not identifiers: their first release, and the titles that report them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadArchive
from indexer.profile.tables import rows

SHORTEST = 8  # minimum number of hexadecimal digits of a commit id in a title
COMMIT = re.compile(rf"\b[0-9a-f]{{{SHORTEST},40}}\b")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature, its first release and commit; `words` match titles that report it."""

    name: str
    kind: str
    version: str
    commit: str
    source: str
    words: re.Pattern[str] | None


def load_features(path: Path) -> tuple[Feature, ...]:
    """Return the features of a table, or none if it does not exist. Raises `BadArchive` for an invalid pattern."""
    if not path.exists():
        return ()
    try:
        return tuple(
            Feature(
                row["name"], row["kind"], row["version"], row["commit"], row["source"],
                re.compile(row["words"]) if row["words"] else None,
            )
            for row in rows(path, "name", "kind", "version", "commit", "source", "words")
        )  # fmt: skip
    except re.error as error:
        raise BadArchive(f"{path}: {error.pattern!r} is not a regular expression ({error}).") from error


def reported_features(title: str, known: Iterable[Feature]) -> list[Feature]:
    """Return the features that a title reports, by commit or by words."""
    text = title.casefold()
    commits = [match[0][:SHORTEST] for match in COMMIT.finditer(text)]
    return [
        each
        for each in known
        if each.commit[:SHORTEST] in commits or (each.words is not None and each.words.search(text))
    ]
