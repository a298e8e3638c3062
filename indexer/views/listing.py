"""Lazy lists, whose items are computed on access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

Item = TypeVar("Item")


class Listing(Sequence[Item], Generic[Item]):
    """A lazy sequence of `make(key)` for each key, in order."""

    def __init__(self, keys: Sequence[str], make: Callable[[str], Item]) -> None:
        self.keys = keys
        self.make = make

    def __len__(self) -> int:
        return len(self.keys)

    def __repr__(self) -> str:
        return f"<list of {len(self):,} items, looked up when used>"

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, at: int | slice) -> Item | tuple[Item, ...]:
        return tuple(map(self.make, self.keys[at])) if isinstance(at, slice) else self.make(self.keys[at])
