"""Scoring: BM25 by field with one table of weights, and sums over terms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indexer.catalog.profiles import KindAbout
from indexer.storage.cache import LRU
from indexer.storage.fixes import fixing
from indexer.storage.index import Floats, Ids, Index, Mask
from indexer.storage.schema import SEARCHED

# One table of weights. A whole name counts most, then the title; a part of a name counts less than a word.
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
NESTED_WEIGHT = 0.75  # a patch of a series, relative to its cover letter
MENDING_WEIGHT = 0.8  # a patch that fixes something, relative to one that adds something
ALIAS_WEIGHT = 0.8  # another name of the typed name
BRINGING_WEIGHT = 0.3  # an entry about the commit that added an identifier, relative to one with the commit's id
SAME_WEIGHT = 0.5  # a synonym of the typed word
RARE_WEIGHT = 0.3  # words joined in a rare form, relative to the usual form
WITH_YEAR_WEIGHT = 2.0  # a name joined with its year, which counts as two words
PREFIX_WEIGHT = 0.5  # a word with the typed prefix
OPTIONAL_WEIGHT = 0.3  # an optional word
PHRASE_WEIGHT = 1.3  # adjacent words, relative to separate ones
SURE_WEIGHT = 2.0  # a requested version that is stated or landed, relative to one derived from the date
UNSURE_WEIGHT = 0.85  # a date that allows several versions
# The constants of BM25, as in Whoosh: k1 limits the effect of repetition, b is the effect of length. For names b is
# zero: an entry that mentions many names is not less relevant to each.
K1, B = 1.2, 0.75
FIELD_B = {"names": 0.0, "parts": 0.0, "joined": 0.0, "title": 0.4}
MOST_IMPACTS = 1_500_000  # size of the cache of scored terms over a small index, in entries
CACHED_AN_ENTRY = 16  # by how much a cache grows with each entry of the index
LARGEST_CACHE = 6_000_000  # entries, of about 8 bytes each
FEW = 16  # if a part has this many times fewer entries than another, they are looked up one by one
SPARSE = 64  # if an index has this many times more entries than the parts, those of the parts are sorted instead
SORTING = 300  # fixed cost of sorting, in entries of parts


class Scored(NamedTuple):
    """Entries, ascending, and their scores."""

    ids: Ids
    scores: Floats


class Deferred(Scored):
    """Entries that another engine will find. `ids` can only be counted; operations return a description.

    `Words` and `Matcher` decide the parts of a query for every engine.
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
        """Return these entries with their scores multiplied."""
        raise NotImplementedError


def cache_size(least: int, size: int) -> int:
    """Return the maximum size of a cache over an index of some size. All are numbers of entries."""
    return min(least + CACHED_AN_ENTRY * size, LARGEST_CACHE)


def deferred(parts: Sequence[Scored]) -> Deferred | None:
    """Return a part that another engine will find, or None if all are local."""
    return next((part for part in parts if isinstance(part, Deferred)), None)


class Scorer:
    """BM25 over one index, with a bounded cache of terms."""

    def __init__(self, index: Index) -> None:
        self.index = index
        most = cache_size(MOST_IMPACTS, index.size)
        self._impacts: LRU[dict[str, Scored]] = LRU(most, lambda held: sum(len(each.ids) for each in held.values()))
        self._norms: dict[str, Floats] = {}
        kinds, lead = index.values("kind"), index.values("lead")
        # A report ranks above the patch that it reports, an entry above commentary.
        declared = [index.about.kinds.get(name, OTHER_KIND) for name in kinds.names]
        weights = np.array([kind.weight for kind in declared], dtype=np.float32)
        self.kind_weights = kinds.of_each(weights, 1.0)
        self.nesting = lead.of_each(np.ones(len(lead.names), dtype=np.float32), NESTED_WEIGHT)
        self.mending = np.where(
            index.marked("kind", ["patch"]) & fixing(index), np.float32(MENDING_WEIGHT), np.float32(1)
        )
        # For queries of only a version and a topic: merged changes, then patches, then everything else.
        changes = np.array([kind.change for kind in declared], dtype=np.float32)
        self.change_weights = kinds.of_each(changes, 1.0)
        self.prior: Floats = self.kind_weights * self.nesting * self.mending

    def forget(self) -> None:
        """Drop the terms that were scored, and what was read for them."""
        self._impacts.clear()
        self.index.forget()

    def impacts(self, field: str, term: str) -> Scored | None:
        """Return the entries that have a term in a field with their BM25 scores, or None."""
        return self.of(term).get(field)

    def of(self, term: str) -> Mapping[str, Scored]:
        """Return the entries that have a term with their BM25 scores, by field."""
        return self._impacts.get(term, lambda: self._in_fields(term))

    def _in_fields(self, term: str) -> dict[str, Scored]:
        """Return the BM25 scores of a term by field. They are computed together: most fields have few entries."""
        having = self.index.counts_of(term)
        each = {name: found for name in SEARCHED if name in having and (found := self.index.decoded(name, term))}
        if not each:
            return {}
        tf = np.concatenate([found.weights for found in each.values()])
        norm = np.concatenate([self.norms(name).take(found.ids) for name, found in each.items()])
        scores, start, scored = tf / (tf + norm), 0, {}
        for name, found in each.items():
            end = start + len(found.ids)
            part = scores[start:end]
            part *= self.idf(end - start) * (K1 + 1)
            scored[name], start = Scored(found.ids, part), end
        return scored

    def norms(self, field: str) -> Floats:
        """Return the effect of the length of a field in each entry."""
        if field not in self._norms:
            lengths, mean = self.index.lengths(field)
            b = FIELD_B.get(field, B)
            self._norms[field] = K1 * ((1 - b) + b * lengths / max(mean, 1e-9))
        return self._norms[field]

    def idf(self, holders: int) -> float:
        """Return the inverse document frequency of a term in `holders` entries, by Whoosh's formula."""
        return math.log(max(1, self.index.size) / (holders + 1)) + 1


NOTHING = Scored(np.empty(0, np.intp), np.empty(0, np.float32))


def everything(index: Index) -> Scored:
    """Return all entries with score zero."""
    scores = np.zeros(index.size, dtype=np.float32)
    scores.flags.writeable = False
    return Scored(index.all, scores)


def any_of(parts: Sequence[Scored], size: int) -> Scored:
    """Return the union of parts with summed scores; `size` is the size of the index."""
    if len(parts) == 1:
        return parts[0]
    if there := deferred(parts):
        return there.any_of(parts)
    if SPARSE * (SORTING + sum([len(ids) for ids, _ in parts])) < size:
        return merged(parts)
    held, sums = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.float32)
    held[np.concatenate([ids for ids, _ in parts])] = True
    for ids, scores in parts:
        sums[ids] += scores
    ids = np.flatnonzero(held)
    return Scored(ids, sums[ids])


def merged(parts: Sequence[Scored]) -> Scored:
    """Return the union of parts with few entries, without going through all entries of the index."""
    ids = np.concatenate([ids for ids, _ in parts])
    order = ids.argsort(kind="stable")
    ids = ids[order]
    scores = np.concatenate([scores for _, scores in parts])[order]
    if not len(ids):
        return Scored(ids, scores)
    first = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
    return Scored(ids[first], np.add.reduceat(scores, first))


def all_of(parts: Sequence[Scored], size: int) -> Scored:
    """Return the intersection of one or more parts with summed scores."""
    if there := deferred(parts):
        return there.all_of(parts)
    least, *others = sorted(parts, key=lambda part: len(part.ids))
    ids, scores = least
    for part in others:
        held, worth = looked_up(part, ids, size)
        ids, scores = ids[held], (scores + worth)[held]
    return Scored(ids, scores)


def looked_up(part: Scored, ids: Ids, size: int) -> tuple[Mask, Floats]:
    """Return the mask of entries that are in a part, and their scores in it."""
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
    if isinstance(part, Deferred):
        return part.without(excluded)
    if not len(part.ids):  # which may stand beside deferred ones
        return part
    mask = np.ones(size, dtype=bool)
    for other in excluded:
        mask[other.ids] = False
    keep = mask[part.ids]
    return Scored(part.ids[keep], part.scores[keep])


def weighed(part: Scored, weight: float) -> Scored:
    """Return a part with its scores multiplied."""
    if weight == 1:
        return part
    if isinstance(part, Deferred):
        return part.weighed(weight)
    return Scored(part.ids, part.scores * np.float32(weight))
