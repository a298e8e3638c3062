"""How much an entry is worth for a term: BM25 in each field, weighed by one table; and sums of that over terms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from indexer.catalog.profiles import KindAbout
from indexer.storage.cache import Kept
from indexer.storage.index import Floats, Ids, Index, Mask, fixing

# One table of weights. A name as a whole counts most, then the title; a part of a name less than a word.
FIELD_WEIGHTS = {
    "names": 4.0,
    "title": 3.0,
    "author": 2.0,
    "body": 1.0,
    "link": 0.8,
    "inside": 0.4,
    "parts": 0.7,
    "joined": 0.7,
    "section": 0.3,
}
OTHER_KIND = KindAbout("", "", weight=1.0, change=0.5, style="")  # one that no profile declares
NESTED_WEIGHT = 0.75  # a patch of a series, beside its cover
MENDING_WEIGHT = 0.8  # a patch that mends something, beside one that brings it
ALIAS_WEIGHT = 0.8  # a name that was not typed, but means the same
BRINGING_WEIGHT = 0.3  # an entry of the commit that brought an identifier, beside one with the commit's id
SAME_WEIGHT = 0.5  # a word that means the same as the one that was typed
RARE_WEIGHT = 0.3  # words written as one in a way that is seldom used, beside the usual way
PREFIX_WEIGHT = 0.5  # a word that only begins as what was typed
OPTIONAL_WEIGHT = 0.3  # a word that an entry need not have
PHRASE_WEIGHT = 1.3  # words that stand together, beside the same words apart
SURE_WEIGHT = 2.0  # a version asked for that is stated or landed, beside one that is told by its date
UNSURE_WEIGHT = 0.85  # one that is of several by its date
# The constants of BM25, as Whoosh has them: k1 bounds what repetition adds, b is how much length counts. Of names it
# counts nothing: an entry that names many things is no less about each.
K1, B = 1.2, 0.75
FIELD_B = {"names": 0.0, "parts": 0.0, "joined": 0.0, "title": 0.4}
MOST_IMPACTS = 1_500_000  # entries of the terms that are kept, and so many times more as the index has entries
IMPACTS_AN_ENTRY = 16
FEW = 16  # times fewer entries than another part has: then they are looked up in it one by one


class Scored(NamedTuple):
    """Some entries, ascending, and what each is worth."""

    ids: Ids
    scores: Floats


class Elsewhere(Scored):
    """Entries that another engine is to find: `ids` can only be counted, and what is made of them is described.

    `Words` and `Matcher` decide what a query is made of, whichever engine then finds it.
    """

    __slots__ = ()

    def any_of(self, parts: Sequence[Scored]) -> Scored:
        """Return the entries of any part, as `any_of` does."""
        raise NotImplementedError

    def all_of(self, parts: Sequence[Scored]) -> Scored:
        """Return the entries of all parts, as `all_of` does."""
        raise NotImplementedError

    def without(self, excluded: Iterable[Scored]) -> Scored:
        """Return these entries without others, as `without` does."""
        raise NotImplementedError

    def weighed(self, weight: float) -> Scored:
        """Return these entries, each worth so many times as much."""
        raise NotImplementedError


def elsewhere(parts: Sequence[Scored]) -> Elsewhere | None:
    """Return one of some parts that another engine is to find, None where all are here."""
    return next((part for part in parts if isinstance(part, Elsewhere)), None)


class Scorer:
    """BM25 over one index; what was computed for a term is kept, bounded."""

    def __init__(self, index: Index) -> None:
        self.index = index
        most = MOST_IMPACTS + IMPACTS_AN_ENTRY * index.size
        self._impacts: Kept[Scored | None] = Kept(most, lambda held: len(held.ids) if held else 0)
        kinds, lead = index.values("kind"), index.values("lead")
        # A report stands over the patch that it reports, an entry over prose between entries.
        declared = [index.said.kinds.get(name, OTHER_KIND) for name in kinds.names]
        weights = np.array([kind.weight for kind in declared], dtype=np.float32)
        self.kind_weights = kinds.of_each(weights, 1.0)
        self.nesting = lead.of_each(np.ones(len(lead.names), dtype=np.float32), NESTED_WEIGHT)
        self.mending = np.where(
            index.marked("kind", ["patch"]) & fixing(index), np.float32(MENDING_WEIGHT), np.float32(1)
        )
        # If only a version and a topic are asked for: merged changes, then patches, then everything else.
        changes = np.array([kind.change for kind in declared], dtype=np.float32)
        self.change_weights = kinds.of_each(changes, 1.0)
        self.prior: Floats = self.kind_weights * self.nesting * self.mending

    def impacts(self, field: str, term: str) -> Scored | None:
        """Return the entries that hold a term in a field and the BM25 of each; None where there are none."""
        return self._impacts.get((field, term), lambda: self._bm25(field, term))

    def _bm25(self, field: str, term: str) -> Scored | None:
        postings = self.index.decoded(field, term)
        if postings is None:
            return None
        lengths, mean = self.index.lengths(field)
        tf = postings.weights
        b = FIELD_B.get(field, B)
        norm = K1 * ((1 - b) + b * lengths[postings.ids] / max(mean, 1e-9))
        return Scored(postings.ids, (self.idf(len(postings.ids)) * tf * (K1 + 1) / (tf + norm)).astype(np.float32))

    def idf(self, holders: int) -> float:
        """Return the inverse document frequency of a term that `holders` entries hold, by Whoosh's formula."""
        return math.log(max(1, self.index.size) / (holders + 1)) + 1


NOTHING = Scored(np.empty(0, np.intp), np.empty(0, np.float32))


def any_of(parts: Sequence[Scored], size: int) -> Scored:
    """Return the entries of any part, each with the sum of what it is worth in them; `size` is that of the index."""
    if len(parts) == 1:
        return parts[0]
    if there := elsewhere(parts):
        return there.any_of(parts)
    held, sums = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.float32)
    for ids, scores in parts:
        held[ids] = True
        sums[ids] += scores
    ids = np.flatnonzero(held)
    return Scored(ids, sums[ids])


def all_of(parts: Sequence[Scored], size: int) -> Scored:
    """Return the entries of all parts, of which there is one at least, with the sum of what each is worth in them."""
    if there := elsewhere(parts):
        return there.all_of(parts)
    least, *others = sorted(parts, key=lambda part: len(part.ids))
    ids, scores = least
    for part in others:
        held, worth = looked_up(part, ids, size)
        ids, scores = ids[held], (scores + worth)[held]
    return Scored(ids, scores)


def looked_up(part: Scored, ids: Ids, size: int) -> tuple[Mask, Floats]:
    """Return which of some entries are in a part, and what each is worth in it."""
    if FEW * len(ids) < len(part.ids):
        at = part.ids.searchsorted(ids)
        held = np.equal(part.ids.take(at, mode="clip"), ids)
        return held, part.scores.take(at, mode="clip") * held
    mask, sums = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.float32)
    mask[part.ids] = True
    sums[part.ids] = part.scores
    return mask[ids], sums[ids]


def without(part: Scored, excluded: Iterable[Scored], size: int) -> Scored:
    """Return a part without the entries of others."""
    if isinstance(part, Elsewhere):
        return part.without(excluded)
    mask = np.ones(size, dtype=bool)
    for other in excluded:
        mask[other.ids] = False
    keep = mask[part.ids]
    return Scored(part.ids[keep], part.scores[keep])


def weighed(part: Scored, weight: float) -> Scored:
    """Return a part with what each entry is worth multiplied."""
    if weight == 1:
        return part
    if isinstance(part, Elsewhere):
        return part.weighed(weight)
    return Scored(part.ids, part.scores * np.float32(weight))
