"""The values of a filter field, counted by distinct sets of values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import Array, smallest
from indexer.storage.inverted import rows
from indexer.storage.segments import Segments

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.intp]
FEW = 16  # below this number of documents, values are counted one by one
FEW_FOR_TABLE = 5  # the same for fields with few values, which a table of them counts faster
MANY = 8  # names are decoded all at once where more than one in MANY is needed
MOST_IN_TABLE = 32_768  # cells of the table of values by sets
FEW_NAMES = 64  # up to this number of values, all are looked at
MOST_DECODED = 4_096  # maximum number of values of a field whose names are all decoded at once


@dataclass(frozen=True)
class Values:
    """The values of a filter field: sorted `names`, the number of each document's set, and the sets of values.

    Set n is `sets[set_starts[n] : set_starts[n + 1]]`, as indices into `names`.
    """

    names: Sequence[str]
    set_of: Array
    set_starts: Array
    sets: Array

    def of(self, doc: int) -> list[str]:
        """Return the values of a document."""
        set_of, starts, sets = self._views
        start, end = starts[set_of[doc]], starts[set_of[doc] + 1]
        return [self.names[i] for i in sets[start:end]]

    @cached_property
    def _views(self) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
        """The arrays as memoryviews, which are faster for single items."""
        return self.set_of.data, self.set_starts.data, self.sets.data

    @cached_property
    def lengths(self) -> Ids:
        """The size of each set."""
        starts = self.set_starts.astype(np.intp)
        return starts[1:] - starts[:-1]

    @cached_property
    def docs(self) -> Ids:
        """The documents, ascending, each repeated for every value it has."""
        return np.repeat(np.arange(len(self.set_of), dtype=np.intp), self.lengths[self.set_of])

    @cached_property
    def ids(self) -> Ids:
        """The indices into `names` of the values of `docs`, in the same order."""
        starts = self.set_starts[:-1].astype(np.intp)
        return self.sets[rows(starts[self.set_of], self.lengths[self.set_of])].astype(np.intp)

    def of_each(self, numbers: Floats, missing: float) -> Floats:
        """Return, for each document, the number given for its first value, or `missing`."""
        held = np.full(len(self.lengths), missing, dtype=np.float32)
        some = self.lengths > 0
        held[some] = numbers[self.sets[self.set_starts[:-1][some]]]
        return held[self.set_of]

    def firsts(self, docs: Ids) -> Ids:
        """Return the first of some documents for each value, in their order; documents have at most one value."""
        docs = docs[self.lengths[self.set_of[docs]] > 0]
        values = self.sets[self.set_starts[:-1][self.set_of[docs]]]
        first = np.full(len(self.names), -1, dtype=np.intp)
        first[values[::-1]] = np.arange(len(docs), dtype=np.intp)[::-1]  # the last assignment of several counts
        return docs[np.sort(first[first >= 0])]

    @cached_property
    def totals(self) -> Ids:
        """The number of documents with each value."""
        return self._totals(np.bincount(self.set_of, minlength=len(self.lengths)))

    def counts(self, docs: Ids) -> dict[str, int]:
        """Count each value over documents, without zeros."""
        if len(docs) < (FEW if self._table is None else FEW_FOR_TABLE):
            found: dict[str, int] = {}
            for name in itertools.chain.from_iterable(map(self.of, docs.tolist())):
                found[name] = found.get(name, 0) + 1
            return found
        if len(docs) == len(self.set_of):
            totals = self.totals
        else:
            totals = self._totals(np.bincount(self.set_of[docs], minlength=len(self.lengths)))
        if len(totals) <= FEW_NAMES:
            return {name: n for name, n in zip(self.names, totals.tolist(), strict=True) if n}
        some = np.flatnonzero(totals)
        # Decoding all names at once takes a tenth of the time for each.
        names = list(self.names) if len(some) > len(self.names) // MANY else self.names
        return {names[i]: n for i, n in zip(some.tolist(), totals[some].tolist(), strict=True)}

    def _totals(self, of_sets: Ids) -> Ids:
        """Count each value, given the count of each set."""
        if (table := self._table) is not None:
            return (of_sets @ table).astype(np.intp)
        each = np.repeat(of_sets, self.lengths)
        return np.bincount(self.sets, weights=each, minlength=len(self.names)).astype(np.intp)

    @cached_property
    def _table(self) -> npt.NDArray[np.float64] | None:
        """A table with 1 for each value (column) of each set (row); None if there are many of them."""
        rows = len(self.lengths)
        if rows * len(self.names) > MOST_IN_TABLE:
            return None
        table = np.zeros((rows, len(self.names)))
        table[np.repeat(np.arange(rows), self.lengths), self.sets] = 1
        return table


def read_values(segments: Segments, field: str, order: Array | None) -> Values:
    """Return the values of a field over all segments, for documents in `order` (None: all, unchanged)."""
    names = segments.vocabulary(field)
    names = list(names) if len(names) <= MOST_DECODED else names
    if len(segments.each) == 1 and order is None:
        return Values(names, *segments.each[0].sets(field))
    places = {name: place for place, name in enumerate(names)}
    of: list[Array] = [np.empty(0, np.intp)]
    lengths, sets = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for segment in segments.each:
        set_of, starts, held = segment.sets(field)
        new = np.array([places.get(name, -1) for name in segment.names(field)], dtype=np.intp)
        placed = new[held] if len(held) else np.empty(0, np.intp)
        of.append(set_of.astype(np.intp) + sum(map(len, lengths)))
        # Values that only deleted documents have are dropped; only the sets of those documents contain them.
        kept = np.append(0, np.cumsum(placed >= 0))[starts.astype(np.intp)]
        lengths.append(np.diff(kept))
        sets.append(placed[placed >= 0])
    numbers = smallest(np.concatenate(of))  # a number a document: the larger part of these arrays
    starts = np.append(0, np.cumsum(np.concatenate(lengths)))
    return Values(names, numbers if order is None else numbers[order], starts, np.concatenate(sets))
