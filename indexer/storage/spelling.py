"""The words of a segment for spelling correction: sorted, with the letters of each as a bit set."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import ArrayWriter, smallest
from indexer.storage.names import packed
from indexer.storage.segment import SPELLING, Segment

SPELT_FIELDS = ("title", "body", "author", "names", "parts", "inside")
SHORTEST = 3  # minimum number of letters in a word for spelling correction
LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789_"


def bits() -> npt.NDArray[np.uint64]:
    """Return the bit of each byte, 0 if it is not a letter."""
    found = np.zeros(256, dtype=np.uint64)
    found[list(LETTERS)] = np.uint64(1) << np.arange(len(LETTERS), dtype=np.uint64)
    return found


def write_spelling(file: ArrayWriter, terms: Iterable[bytes]) -> None:
    """Write the terms that are plain words or names."""
    words = sorted({term for term in terms if len(term) >= SHORTEST and term.isascii() and b"." not in term})
    names, ends = packed(words)
    file.add_bytes(f"{SPELLING}.names", names)
    file.add(f"{SPELLING}.ends", smallest(ends))
    letters = bits()[np.frombuffer(names, dtype=np.uint8)]
    file.add(f"{SPELLING}.letters", np.bitwise_or.reduceat(letters, ends[:-1]) if words else letters)


def alike(segment: Segment, word: str, edits: int) -> list[str]:
    """Return candidate words of a segment within an edit distance of a word.

    One edit changes the length by at most one and the set of letters by at most two.
    """
    letters = np.bitwise_or.reduce(bits()[list(word.encode("ascii", "ignore"))])
    ends = segment.arrays[f"{SPELLING}.ends"].astype(np.int64)
    lengths = ends[1:] - ends[:-1]
    near = np.bitwise_count(segment.arrays[f"{SPELLING}.letters"] ^ letters) <= 2 * edits
    near &= np.abs(lengths - len(word)) <= edits
    names = segment.names(SPELLING)
    return [names[number] for number in np.flatnonzero(near).tolist()]
