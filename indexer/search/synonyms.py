"""What the archive's tables say of words: other names of one thing, words of one meaning, words to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from indexer.analysis import fold, stems


class Alias(NamedTuple):
    """Another name of the same thing, as it is shown and folded, which one the issues write, and why they are one."""

    shown: str
    name: str
    written: str
    notice: str


class Phrasing(NamedTuple):
    """Words that mean the same as others together, and these others."""

    words: tuple[str, ...]
    others: tuple[str, ...]


class Meanings:
    """What the archive's tables say of words: other names of one thing, words of one meaning, words to leave out."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.common = frozenset(about["common"])
        self.aliases: dict[str, list[Alias]] = {}
        owners = (each["elsewhere"].get("owner") for each in about["profiles"])
        self.owner = next(filter(None, owners), "the usual name")
        for each in about["aliases"]:
            self._add_alias(each["written"], each["canonical"], each["why"])
        held = about["meanings"]  # as `indexer.build.meanings` makes it
        self.others: dict[str, list[str]] = held["others"]
        self.near: dict[str, list[str]] = held["near"]
        self.phrasings = {
            first: [Phrasing(tuple(words), tuple(others)) for words, others in found]
            for first, found in held["phrasings"].items()
        }

    def nearby(self, words: Sequence[str]) -> list[str]:
        """Return words and phrases of related meaning to one word, or to several together."""
        return self.near.get(" ".join(stems(words)), [])

    def same(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return what means the same as some words together."""
        wanted = stems(words)
        return next((others for held, others in self.phrasings.get(wanted[0], ()) if held == wanted), ())

    def _add_alias(self, written: str, canonical: str, why: str) -> None:
        if not canonical:
            return
        notice = f"The newsletter writes {written}; {self.owner} has {canonical} for it ({why})."
        one, other = fold(written), fold(canonical)
        self.aliases.setdefault(one, []).append(Alias(canonical, other, one, notice))
        self.aliases.setdefault(other, []).append(Alias(written, one, one, notice))
