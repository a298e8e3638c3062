"""Find the names nearest to an unknown text."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.analysis import fold

LONGEST = 300  # characters of the text that are compared
MOST = 5
FARTHEST = 0.6  # maximum share of differing letters in a near name
MISSPELT = 0.4  # maximum share of differing letters in a name that is probably meant


def nearest(text: str, names: Iterable[str], most: int = MOST, farthest: float = FARTHEST) -> tuple[str, ...]:
    """Return the names nearest to a text, ignoring case and accents: prefixes first, then by edit distance."""
    from rapidfuzz import process  # needed only for unknown names
    from rapidfuzz.distance import OSA

    wanted = fold(text[:LONGEST])
    keys = {known: fold(known) for known in names}
    begin = [known for known, key in keys.items() if wanted and key.startswith(wanted)]
    close = process.extract(wanted, keys, scorer=OSA.normalized_distance, score_cutoff=farthest, limit=most)
    return tuple(dict.fromkeys([*begin, *(known for _, _, known in close)]))[:most]
