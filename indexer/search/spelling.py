"""Spelling correction with the words of the index."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice

from indexer.analysis import SUB_WORD, fold, stemmed
from indexer.storage.cache import LRU
from indexer.storage.index import Index
from indexer.storage.spelling import SHORTEST, SPELT_FIELDS

FARTHEST = 2  # edits
LETTERS_AN_EDIT = 4  # letters in a word per allowed edit; the shortest words may need one edit
ACRONYM = 3  # letters; one more or another letter makes another acronym, so only slips of the fingers are corrected
# Costs of edits: omitting, adding or transposing a letter costs 1. Edits that are rare in typing errors cost more,
# so unknown but correct words stay unchanged.
DOUBLED = 0.5  # a doubled letter written once, or vice versa
OTHER_LETTER = 1.5  # a substituted letter, except a vowel for a vowel
FIRST_LETTER = 0.5  # extra cost if the first letters differ
VOWELS = frozenset("aeiouy")
ENDINGS = ("ing", "ed")  # of English verbs
SHORTEST_START = 4  # letters before an ending
MOST_NEAR = 12
MARGIN = 0.5  # further edits of a correction that fits the other words of a query better
PLAIN = 5  # minimum letters of a word of the archive that may be misspelt there
MOST_CACHED = 100_000  # size of the cache of corrections, in characters
STEMMED = ("title", "body", "parts")  # fields with stems of words
WHOLE = ("names", "joined", "author")  # fields with words as they are
KNOWN_FIELDS = (*SPELT_FIELDS, "link", "section")  # fields with words that are spelt right
MOST_FORMS = 64  # words that begin like a stem
DIGITS = re.compile(r"\d")


@cache
def english() -> frozenset[str]:
    """Return common English and technical words, which are correct even if no entry has them."""
    text = files("indexer.search").joinpath("english.txt").read_text(encoding="ascii")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def is_english(word: str) -> bool:
    """Return whether a folded word, or the word that it is the plural or a form of, is a common English word."""
    if word in english() or word.removesuffix("s") in english():
        return True
    start = next((word.removesuffix(each) for each in ENDINGS if word.endswith(each)), "")
    if len(start) < SHORTEST_START:
        return False
    doubled = start[-1] == start[-2] and start[-3] in VOWELS  # shutting
    return not {start, f"{start}e", start[:-1] if doubled else start}.isdisjoint(english())


class Speller:
    """Finds the words of an index nearest to a misspelt one."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._alike: LRU[list[str]] = LRU(MOST_CACHED, lambda terms: sum(map(len, terms)))

    def warm(self) -> None:
        """Preload what corrections need."""
        self._compared("warmth")
        english()

    def known(self, word: str) -> bool:
        return not self.index.counts_of(word).keys().isdisjoint(KNOWN_FIELDS)

    def nearest(self, word: str) -> str | None:
        """Return the correction of an unknown word, or None if none is near enough.

        A transposition counts as one edit. A name of several parts is also corrected part by part.
        """
        folded = fold(word)
        if self.is_correct(folded):
            return None
        return self.near(folded) or self.by_parts(folded)

    def is_correct(self, folded: str) -> bool:
        """Return whether a folded word needs no correction: an entry has it, or it is a common or short word."""
        return not folded.isascii() or len(folded) < SHORTEST or self.known(folded) or is_english(folded)

    def usual(self, word: str) -> str | None:
        """Return the word nearest to a plain one that some entry has, perhaps as a misspelling; None if it is right."""
        folded = fold(word)
        plain = len(folded) >= PLAIN and folded.isascii() and folded.isalpha() and not is_english(folded)
        return self.near(folded) if plain else None

    def near(self, word: str) -> str | None:
        """Return the nearest word; ties are broken by frequency."""
        return next(iter(self.alike(word)), None)

    def alike(self, word: str) -> list[str]:
        """Return the words that can be meant, the nearest first; recently compared ones are cached.

        Digits are never corrected: 2018 is not 2017, nor mlx4 mlx5.
        """
        return self._alike.get(word, lambda: self._compared(word))

    def _compared(self, word: str) -> list[str]:
        costs = costs_of(word, self.index.alike(word, FARTHEST))
        nearest = list(islice(self.words_within(sorted(costs, key=lambda each: each[0])), MOST_NEAR))
        return [term for _, term in sorted(nearest, key=lambda each: (each[0], -self.holders(each[1]), each[1]))]

    def words_within(self, costs: Iterable[tuple[float, str]]) -> Iterator[tuple[float, str]]:
        """Yield those of some terms, the nearest first, that are words and cost little more than the nearest word."""
        least = math.inf
        for cost, term in costs:
            if cost > least + MARGIN:
                return
            if not self.is_stem(term):
                least = min(cost, least)
                yield cost, term

    def is_stem(self, term: str) -> bool:
        """Return whether a term is only a stem, and not itself a word of an entry."""
        fields = self.index.counts_of(term)
        if not fields.keys().isdisjoint(WHOLE):
            return False
        for name in STEMMED:
            held = self.index.postings(name, term) if name in fields else None
            if held is None:
                continue
            longer = [each for each in self.index.with_prefix(name, term[:-1], MOST_FORMS) if each != term]
            forms = [each for each in longer if self.is_form(each, term)]
            if not (forms and self.index.marked(name, forms)[held.ids].all()):
                return False
        return True

    def is_form(self, word: str, stem: str) -> bool:
        """Return whether a word has a stem in one of the languages of the index."""
        return any(fold(stemmed(word, language)) == stem for language in self.index.about.languages)

    def holders(self, term: str) -> int:
        """Return the largest number of entries that have a term in one field."""
        held = self.index.counts_of(term)
        return max((held[name] for name in SPELT_FIELDS if name in held), default=0)

    def by_parts(self, word: str) -> str | None:
        """Return the existing name that results from correcting the parts of a name, or None."""
        parts = SUB_WORD.findall(word)
        if len(parts) < 2:
            return None
        mended = [self.part(part) for part in parts]
        name = "_".join(part or "" for part in mended)
        return name if all(mended) and self.known(name) else None

    def part(self, part: str) -> str | None:
        """Return the correction of a part of a name, itself if it is known or too short for one, or None."""
        if len(part) < SHORTEST or self.known(part):
            return part
        return self.near(part) or (part if len(part) <= ACRONYM else None)


def costs_of(word: str, others: Collection[str]) -> list[tuple[float, str]]:
    """Return those of some words that a folded word can be a misspelling of, with the costs of the edits."""
    from rapidfuzz import process  # most searches need no correction
    from rapidfuzz.distance import OSA

    most = max(1.0, min(FARTHEST, len(word) / LETTERS_AN_EDIT))
    close = process.extract(word, others, scorer=OSA.distance, score_cutoff=FARTHEST, limit=None)
    # A letter before a word makes another name: fentry is not entry.
    same = (word, word[1:] if word[0] != word[1] else "")
    alike = [term for term, _, _ in close if DIGITS.findall(term) == DIGITS.findall(word) and term not in same]
    return [
        (cost, term)
        for term in alike
        if (cost := distance(word, term)) <= (most if min(len(word), len(term)) > ACRONYM else slip(word, term))
    ]


def slip(word: str, acronym: str) -> float:
    """Return the largest cost of a correction to an acronym: two letters in the wrong order, or one doubled."""
    return 1 if sorted(word) == sorted(acronym) else DOUBLED


def distance(word: str, other: str) -> float:
    """Return the weighted optimal string alignment distance of two words."""
    before: list[float] = []
    row = [float(column) for column in range(len(other) + 1)]
    adding = [DOUBLED if wanted == last else 1.0 for last, wanted in zip(f" {other}", other, strict=False)]
    last = ""
    for i, letter in enumerate(word, 1):
        earlier, before, row = before, row, [float(i)]
        omitting = DOUBLED if letter == last else 1.0
        replacing = 1.0 if letter in VOWELS else OTHER_LETTER
        cost, previous = float(i), ""
        for j, wanted in enumerate(other):
            cost += adding[j]
            if (omitted := before[j + 1] + omitting) < cost:
                cost = omitted
            replaced = before[j]
            if letter != wanted:
                replaced += replacing if wanted in VOWELS else OTHER_LETTER
            if replaced < cost:
                cost = replaced
            if letter == previous and wanted == last and earlier[j - 1] + 1 < cost:
                cost = earlier[j - 1] + 1
            row.append(cost)
            previous = wanted
        last = letter
    return row[-1] + (FIRST_LETTER if word[0] != other[0] else 0)
