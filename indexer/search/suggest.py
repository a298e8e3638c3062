"""What was probably meant: words that the archive has in place of misspelt ones, and suggestions as one types."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.index.analysis import SUB_WORD, fold
from indexer.index.opening import Index

SPELT_FIELDS = ("title", "body", "author", "names", "parts", "inside")
SHORTEST = 4
FARTHEST = 2  # letters; a word of up to LONGER letters may differ in one
LONGER = 6
FIRST_LETTER = 0.5  # what it costs besides if the first letters differ: one seldom mistypes these
MOST_NEAR = 12
MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for: its group, its text, how many entries it leads to."""

    group: str
    text: str
    count: int


class Speller:
    """Knows the words of an index: those nearest to a misspelt one, those that begin like one that is being typed."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._groups: dict[str, list[tuple[str, str, int]]] = {}

    @cached_property
    def words(self) -> list[str]:
        """The words and names that a misspelt one is compared with."""
        found = {term for name in SPELT_FIELDS for term in self.index.vocabulary(name)}
        return sorted(term for term in found if len(term) >= SHORTEST and term.isascii() and "." not in term)

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
        limit = FARTHEST if len(word) > LONGER else 1
        close = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=limit, limit=MOST_NEAR)
        ranked = sorted(
            (distance + (FIRST_LETTER if term[0] != word[0] else 0), -self.holders(term), term)
            for term, distance, _ in close
        )
        return ranked[0][2] if ranked else None

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

    def suggestions(self, typed: str, labels: dict[str, str]) -> list[Suggestion]:
        """Return what begins like `typed`: identifiers, authors, topics and titles, each group's most frequent first.

        `labels` are the labels of the topics by their ids.
        """
        start = fold(typed.strip())
        if not start:
            return []
        return [
            suggestion
            for group, names in self.groups(labels).items()
            for suggestion in most([Suggestion(group, text, n) for folded, text, n in names if begins(folded, start)])
        ]

    def groups(self, labels: dict[str, str]) -> dict[str, list[tuple[str, str, int]]]:
        """Return what can be suggested, by group: each folded, as it is shown, and how many entries it leads to."""
        if not self._groups:
            about, index = self.index.about, self.index
            people = zip(index.values["person"].names, index.counts("person"), strict=True)
            topics = zip(index.values["topic"].names, index.counts("topic"), strict=True)
            self._groups = {
                "identifier": [(fold(name), name, n) for name, n in about["identifiers"].items()],
                "author": [(fold(name), name, n) for name, n in people],
                "topic": [(fold(labels.get(name, name)), labels.get(name, name), n) for name, n in topics],
                "title": [(fold(title), title, 1) for title in about["titles"]],
            }
        return self._groups


def begins(text: str, start: str) -> bool:
    """Return whether a text, or a word or part of a name in it, begins in some way."""
    return text.startswith(start) or f" {start}" in text or f"_{start}" in text


def most(found: list[Suggestion]) -> list[Suggestion]:
    return sorted(found, key=lambda each: (-each.count, each.text))[:MOST_SUGGESTED]
