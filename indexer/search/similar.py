"""Similarity in meaning, with the extra `semantic`: the last places of a page of closest matches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.query.tree import Match, Not, Phrase, Word, conjuncts
from indexer.search.intent import Intent
from indexer.search.scoring import Scored
from indexer.storage.index import Floats, Ids, Index, Mask

MOST_SIMILAR = 2  # hits of a page, or at the end of all
LEAST = 3.0  # standard deviations above the mean similarity from which an entry is similar


@dataclass(frozen=True, slots=True)
class Similar:
    """The entries that are most similar in meaning to a query's words, best first."""

    ids: Ids

    def promoted(self, scored: Scored, limit: int) -> tuple[Scored, frozenset[int]]:
        """Move similar entries that have some of the words up into the last places of the first page.

        Return the entries with their new scores, and those that were moved.
        """
        ids, scores = scored
        if len(ids) <= limit:
            return scored, frozenset()
        order = np.argsort(-scores, kind="stable")
        kept = max(1, limit - MOST_SIMILAR)
        moved = [doc for doc in self.ids.tolist() if doc in ids and doc not in ids[order[:kept]]][: limit - kept]
        scores = scores.copy()
        scores[np.searchsorted(ids, moved)] = np.nextafter(scores[order[kept - 1]], np.float32(0))
        return Scored(ids, scores), frozenset(moved)

    def besides(self, ids: Ids) -> list[int]:
        """Return the similar entries that are not among `ids`: those with none of the words."""
        return [doc for doc in self.ids.tolist() if doc not in ids][:MOST_SIMILAR]


def similar(index: Index, intent: Intent, corrected: dict[str, str], among: Mask) -> Similar | None:
    """Return the entries among `among` that are most similar to the words of an intent.

    Return None without the extra, without entries, or if there is only one word.
    """
    nodes = [node for node in (*conjuncts(intent.tree), *intent.optional) if isinstance(node, Word | Phrase)]
    if (
        len(nodes) < 2
        or not index.size
        or (found := index.similarity(" ".join(corrected.get(n.text, n.text) for n in nodes))) is None
    ):
        return None
    above: Floats = found - found.mean() - np.float32(LEAST * found.std())
    ids = np.flatnonzero(among & (above > 0))
    return Similar(ids[np.argsort(-above[ids], kind="stable")])


def is_condition(node: object) -> bool:
    """Return whether a node is a condition that does not depend on words."""
    return isinstance(node, Not | Match)
