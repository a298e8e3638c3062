"""The topics of a profile: their labels, their descriptions, and the words that imply them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive
from indexer.profile.tables import load


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its id, label, description, and the words that imply it, from the profile's topics.toml."""

    id: str
    label: str
    covers: str
    words: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    trees: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    aspect: bool = False


def load_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics in file order. Raises `BadArchive` for an invalid file."""
    try:
        return tuple(topic(name, table) for name, table in load(path).items())
    except (KeyError, TypeError, re.error) as error:
        raise BadArchive(
            f"{path}: The table is not valid ({type(error).__name__}: {error}). See archive/README.md for its keys."
        ) from error


def topic(name: str, table: dict[str, Any]) -> Topic:
    return Topic(
        id=name,
        label=table["label"],
        covers=table["covers"],
        words=alternatives(table.get("words")),
        title=alternatives(table.get("title")),
        unless=alternatives(table.get("unless")),
        trees=tuple(table.get("trees", ())),
        kinds=tuple(table.get("kinds", ())),
        aspect=bool(table.get("aspect", False)),
    )


def alternatives(words: list[str] | None) -> re.Pattern[str] | None:
    """Return one pattern for any of the words, which are regular expressions over folded text.

    The word boundaries surround the whole alternation; repeating them for each word would be ten times slower.
    """
    if not words:
        return None
    return re.compile(f"(?<![a-z0-9])(?:{'|'.join(f'(?:{word})' for word in words)})(?![a-z0-9])")
