"""The table of a segment that finds a term in all searched fields at once: a hash table of the fields' terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

from indexer.storage.arrays import Arrays, ArrayWriter, smallest
from indexer.storage.names import Names

LOOKUP = "lookup"
FIELD_BITS = 5  # of an entry of the table; the others are the number of the term in its field
FIELD = (1 << FIELD_BITS) - 1
A_BUCKET = 1  # average number of entries with the same hash


def write_lookup(file: ArrayWriter, terms: Mapping[int, Sequence[bytes]]) -> None:
    """Write the terms of fields, given by the number of the field: the start of each bucket, and the entries."""
    hashes = [np.fromiter(map(crc32, held), np.uint32, len(held)) for held in terms.values()]
    entries = [
        np.arange(len(held), dtype=np.uint64) << np.uint64(FIELD_BITS) | np.uint64(field)
        for field, held in terms.items()
    ]
    size = max(1, sum(map(len, entries)) // A_BUCKET)
    buckets = np.concatenate([np.empty(0, np.uint32), *hashes]) % np.uint32(size)
    order = np.argsort(buckets, kind="stable")
    file.add(f"{LOOKUP}.entries", smallest(np.concatenate([np.empty(0, np.uint64), *entries])[order]))
    counts = np.bincount(buckets, minlength=size)
    file.add(f"{LOOKUP}.starts", smallest(np.append(0, np.cumsum(counts))))


class Lookup:
    """The table opened for reading; `names` are the terms of each field, by its number."""

    def __init__(self, arrays: Arrays, names: Mapping[int, Names]) -> None:
        self._starts = arrays.view(f"{LOOKUP}.starts")
        self._entries = arrays.view(f"{LOOKUP}.entries")
        self._size = len(self._starts) - 1
        self._names = names

    def find(self, term: bytes) -> dict[int, int]:
        """Return the number of a term in each field that has it, by the number of the field."""
        bucket = crc32(term) % self._size
        start, end = self._starts[bucket], self._starts[bucket + 1]
        found = {}
        for entry in self._entries[start:end] if start < end else ():
            field, number = entry & FIELD, entry >> FIELD_BITS
            if self._names[field].bytes_at(number) == term:
                found[field] = number
        return found
