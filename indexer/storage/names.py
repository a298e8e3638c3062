"""Sorted names in a mapped file: their concatenated bytes and end offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np

from indexer.storage.arrays import Array, Arrays


class Names(Sequence[str]):
    """Distinct names in the order of their UTF-8 bytes, decoded on access."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._held = arrays.held
        self._base = arrays.offset(f"{name}.names")
        self._ends = arrays.view(f"{name}.ends")

    def __len__(self) -> int:
        return len(self._ends) - 1

    def bytes_at(self, number: int) -> bytes:
        """Return the name with a number as UTF-8."""
        return self._held[self._base + self._ends[number] : self._base + self._ends[number + 1]]

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return self.between(*number.indices(len(self))[:2])[:: number.step]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self.bytes_at(number % len(self)).decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self.between(0, len(self)))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.find(in_bytes(name)) is not None

    def between(self, start: int, end: int) -> list[str]:
        """Return a range of names."""
        if start >= end:
            return []
        ends = self._ends[start : end + 1].tolist()
        first = ends[0]
        held = self._held[self._base + first : self._base + ends[-1]]
        return [held[a - first : b - first].decode() for a, b in pairwise(ends)]

    def containing(self, part: bytes) -> Iterator[int]:
        """Yield the numbers of the names that contain the bytes, searching the mapped file at once."""
        end = self._base + int(self._ends[-1])
        at = self._held.find(part, self._base, end)
        while at >= 0:
            number = int(np.searchsorted(self._ends, at - self._base, side="right")) - 1
            last = self._base + int(self._ends[number + 1])
            inside = at + len(part) <= last  # names are concatenated, so a match may span two
            if inside:
                yield number
            at = self._held.find(part, last if inside else at + 1, end)

    def find(self, name: bytes) -> int | None:
        """Return the number of a name, or None."""
        at = self.place(name)
        return at if at < len(self) and self.bytes_at(at) == name else None

    def place(self, name: bytes, low: int = 0, high: int | None = None) -> int:
        """Return the number of names that sort before a name, which is known to be from `low` to `high`."""
        held, base, ends = self._held, self._base, self._ends
        high = len(ends) - 1 if high is None else high
        while low < high:
            middle = (low + high) // 2
            if held[base + ends[middle] : base + ends[middle + 1]] < name:
                low = middle + 1
            else:
                high = middle
        return low

    def with_prefix(self, prefix: bytes) -> tuple[int, int]:
        """Return the range of numbers of the names with a prefix."""
        start = self.place(prefix)
        step, end = 1, start  # few names have a long prefix, so look for the end near the start
        while end < len(self) and self.bytes_at(end).startswith(prefix):
            end, step = end + step, 2 * step
        return start, self.place(prefix + b"\xff", start, min(end, len(self)))


def packed(names: Sequence[bytes]) -> tuple[bytes, Array]:
    """Return the concatenated bytes of sorted names, and their start offsets followed by the end."""
    ends = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum([len(name) for name in names], out=ends[1:])
    return b"".join(names), ends


def in_bytes(name: str) -> bytes:
    """Encode a name as the index stores it; a lone surrogate becomes a question mark."""
    return name.encode("utf-8", "replace")
