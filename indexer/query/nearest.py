"""The names that are nearest to a text which is none of them."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.analysis import fold

LONGEST = 300  # characters of what was asked for that are compared
MOST = 5
FARTHEST = 0.6  # share of its letters in which what is near may differ
MISSPELT = 0.4  # and in which what is likely to be meant may


def nearest(text: str, names: Iterable[str], most: int = MOST, farthest: float = FARTHEST) -> tuple[str, ...]:
    """Return the names nearest to a text: those that begin so, then by letters; case and accents aside."""
    from rapidfuzz import process  # only what is not known needs it
    from rapidfuzz.distance import OSA

    wanted = fold(text[:LONGEST])
    keys = {known: fold(known) for known in names}
    begin = [known for known, key in keys.items() if wanted and key.startswith(wanted)]
    close = process.extract(wanted, keys, scorer=OSA.normalized_distance, score_cutoff=farthest, limit=most)
    return tuple(dict.fromkeys([*begin, *(known for _, _, known in close)]))[:most]
