"""The word that was meant by a misspelt one: the nearest of the index's own."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import numpy as np

from indexer.analysis import SUB_WORD, fold, stemmed
from indexer.storage.index import Index
from indexer.storage.spelling import SHORTEST, SPELT_FIELDS

FARTHEST = 2  # edits
LETTERS_AN_EDIT = 4  # that a word has for each edit that it may need; the shortest may need one
# What an edit costs: a letter left out, added, or changed with its neighbour is 1. Ordinary words that the index lacks
# are told from misspelt ones by what slips of the fingers seldom do.
DOUBLED = 0.5  # a double letter written once, or the other way round
OTHER_LETTER = 1.5  # a letter in place of another, but for a vowel in place of a vowel
FIRST_LETTER = 0.5  # besides, where the first letters differ
VOWELS = frozenset("aeiouy")
MOST_NEAR = 12
MOST_FORMS = 64  # words that begin like a stem
NAMES = ("names", "parts", "joined")
DIGITS = re.compile(r"\d")


@cache
def english() -> frozenset[str]:
    """Return common English and technical words, which no archive needs to have to be spelt right."""
    text = files("indexer.search").joinpath("english.txt").read_text(encoding="ascii")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def is_english(word: str) -> bool:
    """Return whether a folded word, or what is left of it without a plural's s, is a common English one."""
    return word in english() or word.removesuffix("s") in english()


class Speller:
    """Knows the words of an index: those nearest to a misspelt one."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def known(self, word: str) -> bool:
        return any(self.index.postings(name, word) for name in (*SPELT_FIELDS, "link", "section"))

    def nearest(self, word: str) -> str | None:
        """Return the word that is meant by one that the index does not have; None where none is near enough.

        A transposition counts once. A name of several parts is also corrected part by part.
        """
        folded = fold(word)
        if not folded.isascii() or len(folded) < SHORTEST or self.known(folded) or is_english(folded):
            return None
        return self.near(folded) or self.by_parts(folded)

    def near(self, word: str) -> str | None:
        """Return the nearest word; of several the one that most entries have.

        Digits are never corrected: 2018 is not 2017, nor mlx4 mlx5.
        """
        from rapidfuzz import process  # most searches need no correction
        from rapidfuzz.distance import OSA

        most = max(1.0, min(FARTHEST, len(word) / LETTERS_AN_EDIT))
        close = process.extract(
            word, self.index.alike(word, FARTHEST), scorer=OSA.distance, score_cutoff=FARTHEST, limit=None
        )
        alike = [term for term, _, _ in close if DIGITS.findall(term) == DIGITS.findall(word)]
        costs = [(cost, term) for term in alike if (cost := distance(word, term)) <= most and not self.is_stem(term)]
        least = min((cost for cost, _ in costs), default=0.0)
        nearest = [term for cost, term in costs if cost == least][:MOST_NEAR]
        return min(nearest, key=lambda term: (-self.holders(term), term)) if nearest else None

    def is_stem(self, term: str) -> bool:
        """Return whether a term is only the stem of words, and no word of an entry itself."""
        for name in ("title", "body"):
            held = self.index.postings(name, term)
            longer = [each for each in self.index.with_prefix(name, term[:-1], MOST_FORMS) if each != term]
            forms = [each for each in longer if stemmed(each) == term]
            if held and not (forms and np.isin(held.ids, np.flatnonzero(self.index.marked(name, forms))).all()):
                return False
        return not any(self.index.postings(name, term) for name in (*NAMES, "author"))

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


def distance(word: str, other: str) -> float:
    """Return what it costs to make one word of another: the weighted optimal string alignment of the two."""
    before: list[float] = []
    row = [float(column) for column in range(len(other) + 1)]
    for i, letter in enumerate(word, 1):
        earlier, before, row = before, row, [float(i)]
        for j, wanted in enumerate(other, 1):
            cost = min(
                before[j] + (DOUBLED if i > 1 and letter == word[i - 2] else 1),
                row[j - 1] + (DOUBLED if j > 1 and wanted == other[j - 2] else 1),
                before[j - 1] + replacing(letter, wanted),
            )
            if i > 1 and j > 1 and letter == other[j - 2] and wanted == word[i - 2]:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1] + (FIRST_LETTER if word[0] != other[0] else 0)


def replacing(letter: str, wanted: str) -> float:
    if letter == wanted:
        return 0
    return 1 if {letter, wanted} <= VOWELS else OTHER_LETTER
