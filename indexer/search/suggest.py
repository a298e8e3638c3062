"""What was probably meant: words that the archive has in place of misspelt ones, and suggestions as one types."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Finds the words of the index that are nearest to a misspelt one."""

    def __init__(self, index: Index) -> None:
        self.index = index

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


def suggestions(index: Index, typed: str, labels: dict[str, str]) -> Iterator[Suggestion]:
    """Yield what begins like `typed`: identifiers, authors and topics, each group's most frequent first.

    `labels` are the labels of the topics by their ids.
    """
    start = fold(typed.strip())
    if not start:
        return
    names = index.about["identifiers"]
    hits = [Suggestion("identifier", name, count) for name, count in names.items() if begins(fold(name), start)]
    yield from most(hits)
    for group, field, shown in (("author", "person", {}), ("topic", "topic", labels)):
        values = index.values[field]
        counts = dict(zip(values.names, index.counts(field), strict=True))
        hits = [
            Suggestion(group, shown.get(name, name), count)
            for name, count in counts.items()
            if begins(fold(shown.get(name, name)), start)
        ]
        yield from most(hits)


def begins(text: str, start: str) -> bool:
    """Return whether a text, or a word or part of a name in it, begins in some way."""
    return text.startswith(start) or f" {start}" in text or f"_{start}" in text


def most(found: list[Suggestion]) -> list[Suggestion]:
    return sorted(found, key=lambda each: (-each.count, each.text))[:MOST_SUGGESTED]
