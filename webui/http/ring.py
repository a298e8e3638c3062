"""Recent values in memory that forked processes share, without locks between them."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Hashable
from struct import Struct
from threading import Lock
from zlib import crc32

RECORD = Struct("<16sII")  # the digest of the key, the length of the value, and the checksum of both
POSITION = Struct("<Q")
SET = Struct("<4Q")  # the positions of the values whose keys have the same place in the table
SETS = 2_048


class Ring:
    """A cache of bytes by key. Each new value overwrites the oldest ones.

    Processes that are forked after it was made share it. Two of them that write at the same moment can spoil a value,
    which the checksum reveals, so that it counts as missing.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._start = POSITION.size + SETS * SET.size
        self._memory = mmap.mmap(-1, self._start + size)
        self._lock = Lock()  # between the threads of a process

    def find(self, key: Hashable) -> bytes | None:
        """Return the value of a key, or None."""
        name = digest(key)
        for end in reversed(SET.unpack_from(self._memory, set_of(name))):
            if end and (found := self._at((end - 1) % self._size, name)) is not None:
                return found
        return None

    def put(self, key: Hashable, value: bytes) -> None:
        """Store a value. Values that are larger than a sixteenth of the memory are not stored."""
        length = RECORD.size + len(value)
        if length > self._size // 16:
            return
        name = digest(key)
        with self._lock:
            (position,) = POSITION.unpack_from(self._memory)
            if position % self._size + length > self._size:  # a value is never split
                position += self._size - position % self._size
            POSITION.pack_into(self._memory, 0, position + length)
            start = self._start + position % self._size
            RECORD.pack_into(self._memory, start, name, len(value), crc32(value, crc32(name)))
            self._memory[start + RECORD.size : start + length] = value
            ends = SET.unpack_from(self._memory, set_of(name))
            SET.pack_into(self._memory, set_of(name), *sorted((*ends, position + 1))[1:])

    def _at(self, offset: int, name: bytes) -> bytes | None:
        """Return the value at an offset if it belongs to a key and is whole."""
        start = self._start + offset
        if offset + RECORD.size > self._size:
            return None
        known, length, checksum = RECORD.unpack_from(self._memory, start)
        if known != name:
            return None
        value = self._memory[start + RECORD.size : start + RECORD.size + length]
        return value if crc32(value, crc32(name)) == checksum else None


def digest(key: Hashable) -> bytes:
    """Return a digest of a key: equal keys have the same representation in all processes."""
    return hashlib.blake2b(repr(key).encode(), digest_size=16).digest()


def set_of(name: bytes) -> int:
    """Return the offset of the positions of a key."""
    return POSITION.size + int.from_bytes(name[:4], "little") % SETS * SET.size
