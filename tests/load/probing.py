"""Find the highest rate that a server can handle by short probes: double it until it fails, then bisect."""

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
    """The highest handled rate, its results, and the errors of failed probes."""

    best: Driven | None
    errors: tuple[str, ...]

    @property
    def rate(self) -> float:
        return self.best.rate if self.best else 0.0


async def highest(drive: Drive) -> Borne:
    """Return the highest handled rate. A rate fails after two failed probes."""
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
