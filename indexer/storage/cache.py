"""A size-bounded, thread-safe LRU cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Generic, TypeVar

Value = TypeVar("Value")
PART = 64  # weight of a key part besides its characters
BOOKKEEPING = 256  # weight of an item besides its value, so that empty values are bounded, too


class LRU(Generic[Value]):
    """An LRU cache whose total weight is at most `most`: `weigh(value)` plus the size of the key for each item.

    Thread-safe. `get` computes a missing value under the lock, so it is computed once. Compute slow values outside
    the lock, between `find` and `put`.
    """

    def __init__(self, most: int, weigh: Callable[[Value], int]) -> None:
        self.most = most
        self.weigh = weigh
        self.held = 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, computing it if it is missing."""
        with self._lock:
            try:
                self._values.move_to_end(key)
                return self._values[key]
            except KeyError:
                pass
            value = make()
            self._add(key, value)
            return value

    def find(self, key: Hashable) -> Value | None:
        """Return the value of a key, or None."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Hashable, value: Value) -> None:
        """Store a value unless the key has one."""
        with self._lock:
            if key not in self._values:
                self._add(key, value)

    def clear(self) -> None:
        """Drop all values."""
        with self._lock:
            self._values.clear()
            self.held = 0

    def _add(self, key: Hashable, value: Value) -> None:
        self._values[key] = value
        self.held += self._weight(key, value)
        while self.held > self.most and len(self._values) > 1:
            self.held -= self._weight(*self._values.popitem(last=False))

    def _weight(self, key: Hashable, value: Value) -> int:
        return self.weigh(value) + letters(key) + BOOKKEEPING

    def __len__(self) -> int:
        return len(self._values)


def letters(key: object) -> int:
    """Return the size of a key in characters, including overhead for each part."""
    if isinstance(key, str):
        return PART + len(key)
    return PART + sum(map(letters, key)) if isinstance(key, tuple) else PART
