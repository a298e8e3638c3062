"""What was probably meant: other names, words of one meaning, the right spelling, and suggestions as one types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.index.analysis import SUB_WORD, fold, forms, spans
from indexer.index.opening import Ids, Index

SPELT_FIELDS = ("title", "body", "author", "names", "parts", "inside")
SHORTEST = 4
FARTHEST = 2  # letters; a word of up to LONGER letters may differ in one
LONGER = 6
FIRST_LETTER = 0.5  # what it costs besides if the first letters differ: one seldom mistypes these
MOST_NEAR = 12
MOST_SUGGESTED = 5
MOST_ENDINGS = 64  # words that begin as the last one typed
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


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
        for each in about["aliases"]:
            self._add_alias(each["written"], each["canonical"], each["why"])
        self.others: dict[str, list[str]] = {}
        self.phrasings: dict[str, list[Phrasing]] = {}
        for group in about["same"]:
            for alternative in group:
                self._add_alternative(alternative, tuple(other for other in group if other != alternative))

    def _add_alias(self, written: str, canonical: str, why: str) -> None:
        if not canonical:
            return
        notice = f"the kernel has {canonical} where the issues write {written}: {why}"
        one, other = fold(written), fold(canonical)
        self.aliases.setdefault(one, []).append(Alias(canonical, other, one, notice))
        self.aliases.setdefault(other, []).append(Alias(written, one, one, notice))

    def _add_alternative(self, alternative: str, others: tuple[str, ...]) -> None:
        words = tuple(alternative.split())
        if len(words) > 1:
            self.phrasings.setdefault(words[0], []).append(Phrasing(words, others))
        else:
            for form in forms(alternative):
                held = self.others.setdefault(form, [])
                held += [other for other in others if other not in held]


class Speller:
    """Knows the words of an index: those nearest to a misspelt one."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @cached_property
    def words(self) -> list[str]:
        """The words and names that a misspelt one is compared with."""
        found = {term for name in SPELT_FIELDS for term in self.index.vocabulary(name)}
        return sorted(term for term in found if len(term) >= SHORTEST and term.isascii() and "." not in term)

    @cached_property
    def signatures(self) -> npt.NDArray[np.uint64]:
        """The letters of each word as bits."""
        return np.array([signature(word) for word in self.words], dtype=np.uint64)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        return np.array([len(word) for word in self.words], dtype=np.int64)

    def known(self, word: str) -> bool:
        return any(self.index.postings(name, word) for name in (*SPELT_FIELDS, "link", "section"))

    def nearest(self, word: str) -> str | None:
        """Return the word that is meant by one that the index does not have; None where none is near enough.

        A transposition counts once. A name of several parts is also corrected part by part.
        """
        folded = fold(word)
        if not folded.isascii() or len(folded) < SHORTEST or self.known(folded):
            return None
        return self.near(folded) or self.by_parts(folded)

    def near(self, word: str) -> str | None:
        """Return the nearest word; of several the one that most entries have."""
        from rapidfuzz import process  # most searches need no correction
        from rapidfuzz.distance import OSA

        limit = FARTHEST if len(word) > LONGER else 1
        close = process.extract(word, self.candidates(word, limit), scorer=OSA.distance, score_cutoff=limit, limit=None)
        costs = [(distance + (FIRST_LETTER if term[0] != word[0] else 0), term) for term, distance, _ in close]
        least = min((cost for cost, _ in costs), default=0.0)
        nearest = [term for cost, term in costs if cost == least][:MOST_NEAR]
        return min(nearest, key=lambda term: (-self.holders(term), term)) if nearest else None

    def candidates(self, word: str, limit: int) -> list[str]:
        """Return the words that may be within a distance: an edit changes one in length and two letters at the most."""
        apart = np.bitwise_count(self.signatures ^ np.uint64(signature(word)))
        longer = np.abs(self.lengths - len(word))
        words = self.words
        return [words[i] for i in np.flatnonzero((apart <= 2 * limit) & (longer <= limit)).tolist()]

    def holders(self, term: str) -> int:
        """Return how many entries have a term, in the field where most have it."""
        held = (self.index.postings(name, term) for name in SPELT_FIELDS)
        return max((len(postings.ids) for postings in held if postings), default=0)

    def by_parts(self, word: str) -> str | None:
        """Return a name whose misspelt parts were corrected, where there is such a name."""
        parts = SUB_WORD.findall(word)
        if len(parts) < 2:
            return None
        mended = [part if len(part) < SHORTEST or self.known(part) else self.near(part) for part in parts]
        name = "_".join(part or "" for part in mended)
        return name if all(mended) and self.known(name) else None


def signature(word: str) -> int:
    """Return which letters a word has, as bits."""
    return sum(1 << LETTERS.index(letter) for letter in set(word) if letter in LETTERS)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for: its group, its text, how many entries it leads to."""

    group: str
    text: str
    count: int


class Suggester:
    """Suggests what begins like what is being typed; `labels` are those of the topics."""

    def __init__(self, index: Index, labels: dict[str, str]) -> None:
        self.index = index
        self.labels = labels

    @cached_property
    def groups(self) -> dict[str, list[tuple[str, Suggestion]]]:
        """What can be suggested besides titles, by group, each with its folded text."""
        fields = {"identifier": "identifier", "author": "person", "topic": "topic"}
        return {group: [(fold(each.text), each) for each in self._all(group, field)] for group, field in fields.items()}

    def _all(self, group: str, field: str) -> Iterator[Suggestion]:
        values = self.index.values(field)
        labels = self.labels if group == "topic" else {}
        for name, total in zip(values.names, values.totals.tolist(), strict=True):
            yield Suggestion(group, labels.get(name, name), total)

    def suggestions(self, typed: str) -> list[Suggestion]:
        """Return what begins like `typed`: identifiers, authors, topics, each's most frequent first, and titles."""
        start = fold(typed.strip())
        if not start:
            return []
        named = [
            each
            for known in self.groups.values()
            for each in most([suggestion for folded, suggestion in known if begins(folded, start)])
        ]
        return [*named, *self.titles(typed)]

    def titles(self, typed: str) -> list[Suggestion]:
        """Return the newest titles but for patches' that have all words typed, of the last one its beginning."""
        *words, last = [token.forms[0][1] for token, _, _ in spans(typed)] or [""]
        if not last:
            return []
        mask = self.index.marked("title", self.index.with_prefix("title", last, MOST_ENDINGS))
        for word in words:
            mask &= self.index.marked("title", [word])
        mask &= ~self.index.marked("kind", ["patch"])
        found = dict.fromkeys(self._titles(np.flatnonzero(mask)))
        return [Suggestion("title", title, 1) for title in found][:MOST_SUGGESTED]

    def _titles(self, docs: Ids) -> Iterable[str]:
        newest = docs[np.argsort(self.index.recency[docs])][: 2 * MOST_SUGGESTED]
        return (str(self.index.stored(int(doc))["title"]) for doc in newest)


def begins(text: str, start: str) -> bool:
    """Return whether a text, or a word or part of a name in it, begins in some way."""
    return text.startswith(start) or f" {start}" in text or f"_{start}" in text


def most(found: list[Suggestion]) -> list[Suggestion]:
    return sorted(found, key=lambda each: (-each.count, each.text))[:MOST_SUGGESTED]
