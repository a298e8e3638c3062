"""What the archive's tables say of words: other names of one thing, words of one meaning, words to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from indexer.analysis import fold, forms


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


def stems(words: Sequence[str]) -> tuple[str, ...]:
    """Return the stems of some words, so that plurals and other forms are one."""
    return tuple(forms(fold(word))[-1] for word in words)


class Meanings:
    """What the archive's tables say of words: other names of one thing, words of one meaning, words to leave out."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.common = frozenset(about["common"])
        self.aliases: dict[str, list[Alias]] = {}
        for each in about["aliases"]:
            self._add_alias(each["written"], each["canonical"], each["why"])
        self.others: dict[str, list[str]] = {}
        self.phrasings: dict[str, list[Phrasing]] = {}
        self.near: dict[tuple[str, ...], list[str]] = {}
        for group in about["same"]:
            for alternative in group:
                self._add_alternative(alternative, tuple(other for other in group if other != alternative))
        for group in about["asking"]["near"]:
            for alternative in group:
                key = stems(alternative.split())
                self.near.setdefault(key, []).extend(other for other in group if other != alternative)

    def nearby(self, words: Sequence[str]) -> list[str]:
        """Return words and phrases of related meaning to one word, or to several together."""
        return self.near.get(stems(words), [])

    def same(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return what means the same as some words together."""
        wanted = stems(words)
        return next((others for held, others in self.phrasings.get(wanted[0], ()) if held == wanted), ())

    def _add_alias(self, written: str, canonical: str, why: str) -> None:
        if not canonical:
            return
        notice = f"The newsletter writes {written}; the kernel has {canonical} for it ({why})."
        one, other = fold(written), fold(canonical)
        self.aliases.setdefault(one, []).append(Alias(canonical, other, one, notice))
        self.aliases.setdefault(other, []).append(Alias(written, one, one, notice))

    def _add_alternative(self, alternative: str, others: tuple[str, ...]) -> None:
        words = stems(alternative.split())
        if len(words) > 1:
            self.phrasings.setdefault(words[0], []).append(Phrasing(words, others))
        else:
            for form in forms(alternative):
                held = self.others.setdefault(form, [])
                held += [other for other in others if other not in held]
