"""Aliases, synonyms, related words and ignored words, from the archive's tables, and known names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from indexer.analysis import fold, stems
from indexer.catalog.answers import Notice
from indexer.search.spelling import costs_of


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


class Known(NamedTuple):
    """A name in the tables of facts: its kind, first version and commit."""

    name: str
    kind: str
    version: str
    commit: str


class Synonyms:
    """Words in the archive's tables: aliases, synonyms, ignored words and the prefixes of identifiers."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.common = frozenset(about["common"])
        self.slight = frozenset(about["slight"])
        self.prefixes = tuple(map(fold, about["prefixes"].values()))
        self.usual_prefixes = {fold(one): fold(usual) for one, usual in about["usual_prefixes"].items()}
        self._about = about
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

    @cached_property
    def written(self) -> frozenset[str]:
        """The words and phrases of the tables, as they are written there."""
        phrasings = (each.others for found in self.phrasings.values() for each in found)
        return frozenset(chain.from_iterable((*self.others.values(), *self.near.values(), *phrasings)))

    @cached_property
    def phrases(self) -> dict[str, list[list[tuple[str, str]]]]:
        """The phrases of the tables by the stem of each of their words, as words with their stems."""
        found: dict[str, list[list[tuple[str, str]]]] = {}
        for words in (each.split() for each in self.written if " " in each):
            held = stems(words)
            for stem in dict.fromkeys(held):
                found.setdefault(stem, []).append(list(zip(words, held, strict=True)))
        return found

    @cached_property
    def alone(self) -> list[str]:
        """The single words with synonyms, as they are written in the tables."""
        return sorted(self.written & self.others.keys())

    def spelt_like(self, folded: str) -> list[str]:
        """Return the words with synonyms that a folded word can be a misspelling of, the nearest first."""
        return [word for _, word in sorted(costs_of(folded, self.alone))]

    def bare_name(self, written: str) -> str:
        """Return a folded name without call brackets, with the usual prefix."""
        return self.with_usual_prefix(fold(written).removesuffix("()"))

    def with_usual_prefix(self, name: str) -> str:
        """Return a folded name with its prefix replaced by the one that is meant: bpf_x for BPF_FUNC_x."""
        for prefix, usual in self.usual_prefixes.items():
            if name.startswith(prefix):
                return usual + name.removeprefix(prefix)
        return name

    def without_prefix(self, name: str) -> list[str]:
        """Return the forms of a folded name without a prefix, the shortest first."""
        return [name.removeprefix(prefix) for prefix in self.prefixes if name.startswith(prefix)]

    def landing(self, *names: str) -> Known | None:
        """Return what is known of the first of some names that the tables of facts have, or None."""
        rows = self._about["landings"]  # read on first access
        return next((Known(name, *rows[name][:3]) for name in names if name in rows), None)

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
