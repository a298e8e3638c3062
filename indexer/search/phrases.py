"""The forms of the words of a phrase."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from indexer.analysis import terms
from indexer.storage.index import Keys, Mask

MOST_PHRASES = 1_000


@lru_cache(maxsize=MOST_PHRASES)
def forms_by_place(text: str, languages: tuple[str, ...]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the forms of the word at each position of a phrase, ignoring call brackets."""
    places: dict[int, list[str]] = {}
    for term in terms(text, languages):
        if not term.text.endswith("()"):
            places.setdefault(term.position, []).append(term.text)
    return [(place, tuple(forms)) for place, forms in places.items()]


@lru_cache(maxsize=MOST_PHRASES)
def forms_in(text: str, languages: tuple[str, ...]) -> frozenset[str]:
    """Return the forms of all words of a phrase."""
    return frozenset(form for _, forms in forms_by_place(text, languages) for form in forms)


def among(few: Keys, many: Keys) -> Mask:
    """Return the mask of keys in `few` that are in `many`; both are sorted."""
    at = many.searchsorted(few)
    return np.equal(many.take(at, mode="clip"), few)
