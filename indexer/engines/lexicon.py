"""The words of an index with the results of searching for each, for a search without a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from indexer.analysis import fold, stems, tokens
from indexer.engines.local import LocalCatalog
from indexer.query.tree import Word
from indexer.search.phrases import forms_by_place
from indexer.search.scoring import SAME_WEIGHT, Scored, any_of, weighed
from indexer.search.spelling import english
from indexer.storage.index import FIELD_BITS, PLACE_BITS, Index, Keys
from indexer.storage.schema import SEARCHED
from indexer.storage.spelling import SHORTEST

SCALE = 100  # scores are whole numbers of hundredths
ENTRY_SIZE = 1 << 24  # positions of an entry: 16 fields of a million terms


class Known(NamedTuple):
    """A word with the entries that the search finds for it, ascending, and their scores with the weights of kinds.

    `marks` are other terms to highlight, and `read` is the correction of a word that no entry has.

    `places` are the ascending positions of the word in texts, as entry * ENTRY_SIZE + field * 2^20 + position, so
    adjacent words have adjacent numbers.

    `holders` is the number of entries that have the word in one field, or 0 if it cannot be a correction.
    """

    word: str
    stem: str
    entries: list[int]
    scores: list[int]
    marks: list[str]
    places: list[int]
    holders: int
    read: str = ""


def known_words(catalog: LocalCatalog) -> Iterator[Known]:
    """Yield each word that a search finds, and words that have a synonym together, sorted by code points."""
    together = {found.word: found for found in phrasings(catalog)}
    terms = {term for field in SEARCHED for term in catalog.index.vocabulary(field)}
    for word in sorted({*terms, *explained(catalog), *together}):
        if found := together.get(word) or known(catalog, word):
            yield found


def explained(catalog: LocalCatalog) -> Iterator[str]:
    """Yield the words of tables, which the search understands even if no entry has them."""
    meanings = catalog.searcher.words.synonyms
    yield from (*meanings.others, *meanings.aliases)
    yield from (fold(name).strip("_") for name in catalog.index.metadata["landings"])


def known(catalog: LocalCatalog, word: str) -> Known | None:
    """Return a term of the index as a word; None if it cannot be typed or no entry has it."""
    analysed = list(tokens(word))
    if len(analysed) != 1 or analysed[0][0].text != word:
        return None
    words = catalog.searcher.words
    found = words.resolve(Word(word), literal=False)
    if not len(found.scored.ids) or found.read_as:
        return None
    entries, scores = weighted(catalog, found.scored)
    read = found.corrected or ""
    spelt = (
        not read and len(word) >= SHORTEST and word.isascii() and "." not in word and not words.speller.is_stem(word)
    )
    return Known(
        word, stems([word])[0], entries, scores, sorted(found.marks - {word}), places(catalog.index, word),
        words.speller.holders(word) if spelt else 0, read,
    )  # fmt: skip


def phrasings(catalog: LocalCatalog) -> Iterator[Known]:
    """Yield words that have synonyms together, written as their stems, with the entries of the synonyms."""
    words = catalog.searcher.words
    for phrasing in (each for found in words.synonyms.phrasings.values() for each in found):
        held = [weighed(scored, SAME_WEIGHT) for other in phrasing.others if (scored := words.phrase(other))]
        if held:
            entries, scores = weighted(catalog, any_of(held, catalog.index.size))
            written = " ".join(phrasing.words)
            yield Known(written, written, entries, scores, list(phrasing.others), [], 0)


def weighted(catalog: LocalCatalog, scored: Scored) -> tuple[list[int], list[int]]:
    """Return entries, and their scores times the weights of their kinds."""
    scores = scored.scores * catalog.searcher.scorer.prior[scored.ids]
    return scored.ids.tolist(), np.maximum(1, np.rint(SCALE * scores)).astype(np.int64).tolist()


def places(index: Index, word: str) -> list[int]:
    """Return the positions of a word in texts, in any of its forms."""
    forms = forms_by_place(word, index.about.languages)
    keys: Keys = index.places(forms[0][1]) if len(forms) == 1 else np.empty(0, np.int64)
    field, position = keys >> FIELD_BITS & 15, keys & ((1 << FIELD_BITS) - 1)
    found: list[int] = ((keys >> PLACE_BITS) * ENTRY_SIZE + (field << 20) + position).tolist()
    return found


def correct_words() -> list[str]:
    """Return common words that are spelt right even if no entry has them, sorted."""
    return sorted(english())
