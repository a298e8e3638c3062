"""The words of a segment for spelling correction, by length, with the letters of each as a bit set."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import ArrayWriter, smallest
from indexer.storage.names import packed
from indexer.storage.segment import SPELLING, Segment

SPELT_FIELDS = ("title", "body", "author", "names", "parts", "inside")
SHORTEST = 3  # minimum number of letters in a word for spelling correction
LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789_"


@cache
def bits() -> npt.NDArray[np.uint64]:
    """Return the bit of each byte, 0 if it is not a letter."""
    found = np.zeros(256, dtype=np.uint64)
    found[list(LETTERS)] = np.uint64(1) << np.arange(len(LETTERS), dtype=np.uint64)
    return found


def write_spelling(file: ArrayWriter, terms: Iterable[bytes]) -> None:
    """Write the terms that are plain words or names, the shortest first, and where the words of each length begin."""
    plain = {term for term in terms if len(term) >= SHORTEST and term.isascii() and b"." not in term}
    words = sorted(plain, key=lambda term: (len(term), term))
    names, ends = packed(words)
    file.add_bytes(f"{SPELLING}.names", names)
    file.add(f"{SPELLING}.ends", smallest(ends))
    letters = bits()[np.frombuffer(names, dtype=np.uint8)]
    file.add(f"{SPELLING}.letters", np.bitwise_or.reduceat(letters, ends[:-1]) if words else letters)
    lengths = np.diff(ends)
    file.add(f"{SPELLING}.of_length", smallest(np.searchsorted(lengths, np.arange(lengths.max(initial=0) + 2))))


def alike(segment: Segment, word: str, edits: int) -> list[str]:
    """Return candidate words of a segment within an edit distance of a word.

    One edit changes the length by at most one, adds at most one letter to the set of letters, and takes at most one
    from it.
    """
    starts = segment.arrays.view(f"{SPELLING}.of_length")
    first, last = (starts[min(max(0, len(word) + more), len(starts) - 1)] for more in (-edits, edits + 1))
    letters = bits_of(word)
    held = segment.arrays[f"{SPELLING}.letters"][first:last]
    some = np.flatnonzero(np.bitwise_count(held ^ letters) <= 2 * edits)
    other = held[some]
    near = (np.bitwise_count(other & ~letters) <= edits) & (np.bitwise_count(letters & ~other) <= edits)
    names = segment.names(SPELLING)
    return [names[number] for number in (first + some[near]).tolist()]


def bits_of(word: str) -> np.uint64:
    """Return the letters of a word as a bit set."""
    found: np.uint64 = np.bitwise_or.reduce(bits()[list(word.encode("ascii", "ignore"))])
    return found
