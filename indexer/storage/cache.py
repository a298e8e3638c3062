"""What was computed and may be needed again, bounded: of what is over the bound, what was used longest ago goes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Generic, TypeVar

Value = TypeVar("Value")
PART = 64  # what a part of a key weighs besides its letters
BOOKKEEPING = 256  # what a value weighs besides, so that even many that hold nothing are bounded


class Kept(Generic[Value]):
    """Values by key, bounded by `most`: what `weigh` says of each value, and the letters of its key.

    Safe to share between threads.

    What `get` misses it makes under the lock, so that it is made once; what takes long, or may not be kept at all, is
    made outside between `find` and `put`.
    """

    def __init__(self, most: int, weigh: Callable[[Value], int]) -> None:
        self.most = most
        self.weigh = weigh
        self.held = 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made where it is not there."""
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
        """Return the value of a key, None where it is not there."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value that was made outside, unless there is one."""
        with self._lock:
            if key not in self._values:
                self._add(key, value)

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
    """Return how many letters a key holds, with a few for each of its parts."""
    if isinstance(key, tuple):
        return PART + sum(map(letters, key))
    return PART + (len(key) if isinstance(key, str) else 0)
