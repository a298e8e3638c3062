"""The order of hits: the lowest of some numbers, the first of each group, and versions newest first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.query.versions import version_key
from indexer.storage.index import Ids, Index, inverse


def first_of_each(groups: Ids, order: npt.NDArray[np.int64]) -> tuple[Ids, Ids]:
    """Return the index of the first of each group in an order, and the group sizes by group number."""
    ranked = np.argsort(order)[::-1]
    first = np.full(int(groups.max(initial=0)) + 1, -1, dtype=np.intp)
    first[groups[ranked]] = ranked
    return first[first >= 0], np.bincount(groups, minlength=1)


def lowest(order: npt.NDArray[np.int64], count: int) -> Ids:
    """Return the indices of the `count` lowest numbers, the lowest first."""
    if count >= len(order):
        return order.argsort()
    first = order.argpartition(count)[:count]
    return first[order[first].argsort()]


def newest_version_first(index: Index, facet: str) -> npt.NDArray[np.int64]:
    """Return the rank of each entry if entries are ordered by the newest of their versions of a facet."""
    values = index.values(facet)
    order = sorted(range(len(values.names)), key=lambda number: version_key(values.names[number]))
    ranks = np.zeros(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    newest = np.zeros(index.size, dtype=np.int64)
    np.maximum.at(newest, values.docs, ranks[values.ids])
    return inverse(np.lexsort((index.recency, -newest))).astype(np.int64)
