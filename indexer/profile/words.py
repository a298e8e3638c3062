"""The words of a profile: synonyms, related words, words of little weight, and words that imply filters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive
from indexer.profile.tables import load

LISTS = ("common", "not_people", "products", "question", "slight")

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Groups of words and phrases with the `same` or a `near` meaning, and lists of words by use.

    `products` are names of other software, whose versions are not versions of the profile. `slight` words are required
    like others, but count little if no entry has all words.
    """

    same: Groups = ()
    near: Groups = ()
    common: frozenset[str] = frozenset()
    not_people: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    question: frozenset[str] = frozenset()
    slight: frozenset[str] = frozenset()

    def __add__(self, other: Words) -> Words:
        """Return the words of both, each group and word once."""
        return Words(
            tuple(dict.fromkeys((*self.same, *other.same))),
            tuple(dict.fromkeys((*self.near, *other.near))),
            self.common | other.common,
            self.not_people | other.not_people,
            self.products | other.products,
            self.question | other.question,
            self.slight | other.slight,
        )


def load_words(path: Path) -> Words:
    """Return the words of a file. Raises `BadArchive` if it is not valid."""
    table = load(path)
    try:
        return words_of(table)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadArchive(
            f"{path}: The table is not valid ({type(error).__name__}: {error}). See archive/README.md for its keys."
        ) from error


def words_of(table: dict[str, Any]) -> Words:
    """Return the words of a table; missing lists are empty."""
    lists = {name: frozenset(table.get(name, "").split()) for name in LISTS}
    return Words(
        same=groups(table.get("same", ())),
        near=groups(table.get("near", ())),
        **lists,
    )


def groups(rows: list[list[str]]) -> Groups:
    return tuple(tuple(row) for row in rows)
