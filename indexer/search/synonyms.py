"""Aliases, synonyms, related words and ignored words, from the archive's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from indexer.analysis import fold, stems
from indexer.catalog.answers import Notice


class Alias(NamedTuple):
    """Another name of the same thing, displayed and folded, whether issues write it, and why it is the same."""

    shown: str
    name: str
    written: str
    notice: Notice


class Phrasing(NamedTuple):
    """Words that have synonyms together, and the synonyms."""

    words: tuple[str, ...]
    others: tuple[str, ...]


class Synonyms:
    """Words in the archive's tables: aliases, synonyms and ignored words."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.common = frozenset(about["common"])
        self.slight = frozenset(about["slight"])
        self.aliases: dict[str, list[Alias]] = {}
        owners = (each["elsewhere"].get("owner") for each in about["profiles"])
        self.owner = next(filter(None, owners), "the usual name")
        for each in about["aliases"]:
            self._add_alias(each["written"], each["canonical"], each["why"])
        held = about["meanings"]  # made by `indexer.build.synonyms`
        self.others: dict[str, list[str]] = held["others"]
        self.near: dict[str, list[str]] = held["near"]
        self.phrasings = {
            first: [Phrasing(tuple(words), tuple(others)) for words, others in found]
            for first, found in held["phrasings"].items()
        }

    def knows(self, word: str) -> bool:
        """Return whether a word has synonyms or related words, and so is not a misspelling."""
        return word in self.others or self.near.get(stems([word])[0]) is not None

    def nearby(self, words: Sequence[str]) -> list[str]:
        """Return words and phrases related in meaning to one or several words."""
        return self.near.get(" ".join(stems(words)), [])

    def same(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the synonyms of words together."""
        wanted = stems(words)
        return next((others for held, others in self.phrasings.get(wanted[0], ()) if held == wanted), ())

    def _add_alias(self, written: str, canonical: str, why: str) -> None:
        if not canonical:
            return
        notice = Notice(f"The newsletter writes {written}; {self.owner} has {canonical}.", why=why)
        one, other = fold(written), fold(canonical)
        self.aliases.setdefault(one, []).append(Alias(canonical, other, one, notice))
        self.aliases.setdefault(other, []).append(Alias(written, one, one, notice))
