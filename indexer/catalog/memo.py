"""Values derived from a catalog, computed once for each of its generations."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import Any, Protocol, TypeVar


class Generation(Protocol):
    """A catalog, as far as its derived values need it."""

    generation: str
    memo: Memo


Of = TypeVar("Of", bound=Generation)
Made = TypeVar("Made")
MOST = 64  # cached values; a view has one or two


class Memo:
    """A bounded cache of values computed from a catalog; the oldest is dropped first."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, Callable[[Any], Any]], Any] = OrderedDict()
        self._lock = RLock()
        self._most = MOST

    def once(self, catalog: Of, make: Callable[[Of], Made]) -> Made:
        """Return `make(catalog)`, computed once for each generation; `make` may use cached values itself."""
        key = (catalog.generation, make)
        with self._lock:
            if key not in self._made:
                made = make(catalog)
                self._made[key] = made
                while len(self._made) > self._most:
                    self._made.popitem(last=False)
                return made
            found: Made = self._made[key]
            return found

    def forget(self) -> None:
        """Drop all values and cache no more, since a later generation has replaced the catalog."""
        with self._lock:
            self._most = 0
            self._made.clear()


def once(catalog: Of, make: Callable[[Of], Made]) -> Made:
    """Return `make(catalog)`, computed once for each generation of the catalog."""
    return catalog.memo.once(catalog, make)
