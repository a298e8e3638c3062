"""Features of the kernel that are no identifiers: when each appeared, and which titles report it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadArchive
from indexer.profile.tables import rows

SHORTEST = 8  # hexadecimal digits by which a title names a commit
COMMIT = re.compile(rf"\b[0-9a-f]{{{SHORTEST},40}}\b")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature, the first release that has it and the commit; `words` match the titles that report it."""

    name: str
    kind: str
    version: str
    commit: str
    source: str
    words: re.Pattern[str] | None


def load_features(path: Path) -> tuple[Feature, ...]:
    """Return the features of a table, none where there is no table; raises `BadArchive` for a bad pattern."""
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


def features_told(title: str, known: Iterable[Feature]) -> list[Feature]:
    """Return the features that a title reports, by the commit or by its words."""
    text = title.casefold()
    commits = [match[0][:SHORTEST] for match in COMMIT.finditer(text)]
    return [
        each
        for each in known
        if each.commit[:SHORTEST] in commits or (each.words is not None and each.words.search(text))
    ]
