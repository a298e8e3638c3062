"""Lazy lists, whose items are computed on access."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Item = TypeVar("Item")


BATCH = 100  # items that an iteration makes at once


class Listing(Sequence[Item], Generic[Item]):
    """A lazy sequence of an item for each key, in order; `make` returns those of some keys."""

    def __init__(self, keys: Sequence[str], make: Callable[[Sequence[str]], Iterable[Item]]) -> None:
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
        return tuple(self.make(self.keys[at])) if isinstance(at, slice) else next(iter(self.make([self.keys[at]])))

    def __iter__(self) -> Iterator[Item]:
        for start in range(0, len(self.keys), BATCH):
            yield from self.make(self.keys[start : start + BATCH])
