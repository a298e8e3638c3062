"""A file of named arrays, written once and mapped to be read.

    magic (8 bytes) | arrays, each at a multiple of 8 bytes | directory (JSON) | its offset (8 bytes) | magic

The directory holds the type, the offset and the length of each array, and facts about the file. Numbers are in the
byte order of the machine that wrote them. Whole numbers take the smallest unsigned type that holds the largest one.
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
    """Writes a file of arrays; readable once it is closed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._at = self._file.write(MAGIC)

    def add(self, name: str, array: Array) -> None:
        """Write a one-dimensional array."""
        self.add_bytes(name, np.ascontiguousarray(array).tobytes(), array.dtype.str)

    def add_bytes(self, name: str, held: bytes, kind: str = "|u1") -> None:
        """Write the bytes of an array of a numpy type."""
        self.append(b"\0" * (-self._at % ALIGNMENT))
        self._directory[name] = (kind, self._at, len(held) // np.dtype(kind).itemsize)
        self.append(held)

    def append(self, held: bytes) -> int:
        """Write bytes that belong to no array; return where they end."""
        self._at += self._file.write(held)
        return self._at

    def close(self, about: Mapping[str, Any] | None = None) -> None:
        """Write the directory, with facts about the file, and close it."""
        directory = json.dumps({"arrays": self._directory, "about": about or {}}).encode()
        self._file.write(directory + TRAILER.pack(self._at, MAGIC))
        self._file.close()

    def abandon(self) -> None:
        """Close the file as it is; nobody can read it."""
        self._file.close()


class Arrays:
    """The arrays of a mapped file by name; raises `ValueError` for a file that is not one."""

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

    def __getitem__(self, name: str) -> Array:
        kind, offset, count = self._directory[name]
        return np.frombuffer(self.held, dtype=kind, count=count, offset=offset)

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def view(self, name: str) -> memoryview:
        """Return an array of whole numbers as what single ones are read from quickly."""
        array: Any = self[name]
        return memoryview(array)

    def offset(self, name: str) -> int:
        """Return where the bytes of an array start in the file."""
        return self._directory[name][1]


def smallest(numbers: Array) -> Array:
    """Return whole numbers, none negative, in the smallest unsigned type that holds them."""
    largest = int(numbers.max()) if len(numbers) else 0
    fitting = (kind for kind in UNSIGNED if largest <= np.iinfo(kind).max)
    return numbers.astype(next(fitting, np.uint64))
