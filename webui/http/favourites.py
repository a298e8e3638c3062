"""The URLs that are requested most."""

from __future__ import annotations

from collections import Counter

MOST = 1_000  # URLs that are counted
LONGEST = 500  # characters of such a URL


class Favourites:
    """Counts repeated requests by key. The counts are halved whenever there are too many, so that old ones fade.

    A count that two threads change at once may be lost, which does no harm.
    """

    def __init__(self) -> None:
        self._counts = Counter[tuple[str, ...]]()

    def count(self, key: tuple[str, ...]) -> None:
        """Count a request."""
        if sum(map(len, key)) > LONGEST:
            return
        self._counts[key] += 1
        if len(self._counts) > MOST:
            self._counts = Counter({key: count // 2 for key, count in self._counts.copy().items() if count > 1})

    def most(self) -> list[tuple[str, ...]]:
        """Return all counted keys, the most requested first."""
        return [key for key, _ in self._counts.copy().most_common()]
