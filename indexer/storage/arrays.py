"""A write-once file of named arrays, memory-mapped for reading.

    magic (8 bytes) | arrays, each at a multiple of 8 bytes | directory (JSON) | its offset (8 bytes) | magic

The directory has the type, offset and length of each array, and metadata. Numbers are in the byte order of the
machine that wrote them. Integers use the smallest unsigned type that fits.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"BKISSUE\x01"
TRAILER = struct.Struct("=Q8s")
ALIGNMENT = 8
UNSIGNED = (np.uint8, np.uint16, np.uint32)

Array = npt.NDArray[Any]


class ArrayWriter:
    """Writes a file of arrays, which can be read after it is closed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._at = self._file.write(MAGIC)

    def add(self, name: str, array: Array) -> None:
        """Write a one-dimensional array."""
        self.add_bytes(name, np.ascontiguousarray(array).tobytes(), array.dtype.str)

    def add_bytes(self, name: str, held: bytes, kind: str = "|u1") -> None:
        """Write an array given as bytes and a numpy type."""
        self.append(b"\0" * (-self._at % ALIGNMENT))
        self._directory[name] = (kind, self._at, len(held) // np.dtype(kind).itemsize)
        self.append(held)

    def append(self, held: bytes) -> int:
        """Write bytes outside any array; return their end offset."""
        self._at += self._file.write(held)
        return self._at

    def close(self, about: Mapping[str, Any] | None = None) -> None:
        """Write the directory with metadata, and close the file."""
        directory = json.dumps({"arrays": self._directory, "about": about or {}}).encode()
        self._file.write(directory + TRAILER.pack(self._at, MAGIC))
        self._file.close()

    def abandon(self) -> None:
        """Close the file without a directory, which makes it unreadable."""
        self._file.close()


class Arrays:
    """The arrays of a mapped file by name. Raises `ValueError` for any other file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self.held) < len(MAGIC) + TRAILER.size or self.held[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{path.name} is not a file of arrays")
        end = len(self.held) - TRAILER.size
        start, magic = TRAILER.unpack(self.held[end:])
        if magic != MAGIC or not len(MAGIC) <= start <= end:
            raise ValueError(f"{path.name} was cut off")
        read = json.loads(self.held[start:end])
        self._directory: dict[str, tuple[str, int, int]] = read["arrays"]
        self.about: dict[str, Any] = read["about"]
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._made:
            kind, offset, count = self._directory[name]
            self._made[name] = np.frombuffer(self.held, dtype=kind, count=count, offset=offset)
        return self._made[name]

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def view(self, name: str) -> memoryview:
        """Return an integer array as a memoryview, which is faster for single items."""
        array: Any = self[name]
        return memoryview(array)

    def offset(self, name: str) -> int:
        """Return the file offset of an array."""
        return self._directory[name][1]


def smallest(numbers: Array) -> Array:
    """Convert non-negative integers to the smallest unsigned type that fits."""
    largest = int(numbers.max()) if len(numbers) else 0
    fitting = (kind for kind in UNSIGNED if largest <= np.iinfo(kind).max)
    return numbers.astype(next(fitting, np.uint64))
