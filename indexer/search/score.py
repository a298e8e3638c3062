"""How much an entry is worth for a term: BM25 in each field, weighed by one table."""

from __future__ import annotations

import math
from collections import OrderedDict
from threading import Lock

import numpy as np

from indexer.index.opening import Floats, Ids, Index

# One table of weights. A name as a whole counts most, then the title; a part of a name less than a word.
FIELD_WEIGHTS = {
    "names": 4.0,
    "title": 3.0,
    "author": 2.0,
    "body": 1.0,
    "link": 0.8,
    "inside": 0.4,
    "parts": 0.7,
    "section": 0.3,
}
# A report stands over the patch that it reports, an entry over prose between entries.
KIND_WEIGHTS = {
    "helper": 1.6,
    "feature": 1.5,
    "talk": 1.25,
    "project": 1.25,
    "article": 1.25,
    "note": 1.0,
    "patch": 1.0,
    "commentary": 0.9,
}
NESTED_WEIGHT = 0.75  # a patch of a series, beside its cover
ALIAS_WEIGHT = 0.8  # a name that was not typed, but means the same
SAME_WEIGHT = 0.5  # a word that means the same as the one that was typed
PHRASE_WEIGHT = 1.3  # words that stand together, beside the same words apart
# The constants of BM25, as Whoosh has them: k1 bounds what repetition adds, b is how much length counts. Of names it
# counts nothing: an entry that names many things is no less about each.
K1, B = 1.2, 0.75
FIELD_B = {"names": 0.0, "parts": 0.0}
MOST_KEPT = 20_000


class Scorer:
    """BM25 over one index; what was computed for a term is kept."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._kept: OrderedDict[tuple[str, str], tuple[Ids, Floats] | None] = OrderedDict()
        self._lock = Lock()
        kinds = index.values["kind"]
        prior = np.ones(index.size, dtype=np.float32)
        weights = np.array([KIND_WEIGHTS.get(name, 1.0) for name in kinds.names], dtype=np.float32)
        prior[kinds.docs] = weights[kinds.ids]
        nested = np.ones(index.size, dtype=bool)
        nested[index.values["lead"].docs] = False
        self.prior: Floats = np.where(nested, prior * NESTED_WEIGHT, prior).astype(np.float32)

    def impacts(self, field: str, term: str) -> tuple[Ids, Floats] | None:
        """Return the documents that hold a term in a field and the BM25 of each; None where there are none."""
        key = (field, term)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._impacts(field, term)
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def _impacts(self, field: str, term: str) -> tuple[Ids, Floats] | None:
        postings = self.index.postings(field, term)
        if postings is None:
            return None
        lengths, mean = self.index.lengths(field)
        tf = postings.weights
        b = FIELD_B.get(field, B)
        norm = K1 * ((1 - b) + b * lengths[postings.ids] / max(mean, 1e-9))
        return postings.ids, (self.idf(len(postings.ids)) * tf * (K1 + 1) / (tf + norm)).astype(np.float32)

    def idf(self, holders: int) -> float:
        """Return the inverse document frequency of a term that `holders` documents hold, by Whoosh's formula."""
        return math.log(max(1, self.index.size) / (holders + 1)) + 1
