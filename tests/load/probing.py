"""The highest rate that a server bears, found by short probes: doubled until it fails, then halved in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.load.driving import Driven

MOST = 50.0  # milliseconds that 99 % may take at most
FIRST = 20.0  # requests a second
HIGHEST = 5_000.0
STEPS = 2  # halvings

Drive = Callable[[float], Awaitable[Driven]]


@dataclass(frozen=True, slots=True)
class Borne:
    """The highest rate that was borne, what came of it, and the errors of all probes that the server lost."""

    best: Driven | None
    errors: tuple[str, ...]

    @property
    def rate(self) -> float:
        return self.best.rate if self.best else 0.0


async def highest(drive: Drive) -> Borne:
    """Return the highest rate borne; a rate is lost when it fails twice."""
    best: Driven | None = None
    errors: list[str] = []

    async def bears(rate: float) -> bool:
        nonlocal best
        for _ in range(2):
            found = await drive(rate)
            errors.extend(found.errors)
            if found.bears(MOST):
                best = found
                return True
        return False

    low, high = 0.0, FIRST
    while high < HIGHEST and await bears(high):
        low, high = high, 2 * high
    for _ in range(STEPS if low else 0):
        middle = (low + high) / 2
        if await bears(middle):
            low = middle
        else:
            high = middle
    return Borne(best, tuple(errors))
