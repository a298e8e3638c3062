"""How Whoosh keeps a block of a term's postings: as machine numbers in a row, which numpy takes as they are.

Whoosh 2.7.4 pickles a tuple of Python numbers and one of byte strings, and to read these is most of what the first use
of a common word takes. The methods that are overridden are private to it; its version is pinned for that.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3PostingsWriter

NUMBER, WEIGHT = "I", "f"  # of 32 bits
LONGEST = 8_192  # postings of a block; long, since a term is always read as a whole


class Block(NamedTuple):
    """Document numbers, weights (None where all are 1), and values one after the other."""

    numbers: bytes
    weights: bytes | None
    values: bytes


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own format but for its blocks of postings; an index keeps it in its table of contents."""

    def __init__(self) -> None:
        super().__init__(blocklimit=LONGEST, compression=0, inlinelimit=0)
        self.length_stats = False  # the shortest and longest document of a block, by which Whoosh's searcher skips

    def postings_writer(self, dbfile: Any, **_: Any) -> BlockWriter:
        """Return what writes the postings of terms."""
        return BlockWriter(dbfile, self._blocklimit, compression=self._compression, inlinelimit=self._inlinelimit)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> BlockReader:
        """Return what reads the postings of a term."""
        return BlockReader(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class BlockWriter(W3PostingsWriter):  # type: ignore[misc]
    """Writes the three parts of a `Block`."""

    def _mini_ids(self) -> bytes:
        return bytes(self._ids.tobytes())

    def _mini_weights(self) -> bytes | None:
        return None if self._weights.count(1.0) == len(self._weights) else self._weights.tobytes()

    def _mini_values(self) -> bytes:
        return b"".join(self._values)


class BlockReader(W3LeafMatcher):  # type: ignore[misc]
    """Reads blocks as they are kept; and posting by posting for Whoosh, which makes one segment of several so."""

    def blocks(self) -> Iterator[Block]:
        """Yield all blocks from the one at hand on."""
        while True:
            yield self._block()
            if self._lastblock:
                return
            self._next_block()

    def _block(self) -> Block:
        if self._data is None:
            self._read_data()
        return Block(*self._data)

    def _read_ids(self) -> None:
        self._ids = array(NUMBER, self._block().numbers)

    def _read_weights(self) -> None:
        weights = self._block().weights
        self._weights = array(WEIGHT, [1.0]) * self._blocklength if weights is None else array(WEIGHT, weights)

    def _read_values(self) -> None:
        """Part the values: a place is a number, and a term has as many places in a document as it weighs there."""
        values = self._block().values
        if not values:
            self._values = (b"",) * self._blocklength
            return
        self._read_weights()
        size = array(NUMBER).itemsize
        ends = itertools.accumulate((int(weight) * size for weight in self._weights), initial=0)
        self._values = [values[start:end] for start, end in itertools.pairwise(ends)]
