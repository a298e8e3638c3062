"""Compare medians: ratios to backissue, their geometric mean, and whether the goals are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean

from tests.bench.engine import OURS, SQLITE, TANTIVY, XAPIAN
from tests.bench.indexing import Indexing
from tests.bench.measuring import Measured
from tests.bench.queries import CLASSES

SIZES = ("archive", "20,000", "200,000")
BESIDE_TANTIVY = ("archive", "20,000")
SLOWER_AT_MOST = 1.5  # times tantivy, in any class
FASTEST = 1.0  # milliseconds, in any class, at the archive's size
COMMON, COMMON_AT_MOST = "common word", 10.0  # milliseconds, at the largest size
INDEX_AT_MOST, ADD_AT_MOST = 2.0, 0.3  # seconds

BySize = Mapping[str, Mapping[str, Measured]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, whether it is met (None if not measured), and the evidence."""

    words: str
    met: bool | None
    why: str = ""


def by_size(found: Iterable[Measured]) -> dict[str, dict[str, Measured]]:
    """Group the measurements by size and engine."""
    sizes: dict[str, dict[str, Measured]] = {}
    for each in found:
        sizes.setdefault(each.size, {})[each.engine] = each
    return sizes


def ratios(one: Measured, other: Measured) -> dict[str, float]:
    """Return the ratio of two engines' warm times for each class that both have."""
    return {name: one.warm[name] / other.warm[name] for name in one.warm if name in other.warm}


def goals(sizes: BySize, indexing: Indexing | None) -> list[Goal]:
    """Return every goal with its result."""
    return [
        *(ahead(sizes, other, size) for other in (SQLITE, XAPIAN) for size in SIZES),
        *(goal for size in BESIDE_TANTIVY for goal in beside_tantivy(sizes, size)),
        fast_at_the_archive(sizes),
        common_at_the_largest(sizes),
        within(
            f"indexing the archive takes less than {INDEX_AT_MOST:g} s",
            indexing.archive if indexing else None,
            INDEX_AT_MOST,
        ),
        within(f"adding an issue takes less than {ADD_AT_MOST:g} s", indexing.add if indexing else None, ADD_AT_MOST),
    ]


def pair(sizes: BySize, size: str, other: str) -> dict[str, float]:
    """Return the ratios of backissue to another engine by class; empty if one is missing."""
    held = sizes.get(size, {})
    return ratios(held[OURS], held[other]) if OURS in held and other in held else {}


def ahead(sizes: BySize, other: str, size: str) -> Goal:
    words = f"{size}: faster than {other} in every class"
    found = pair(sizes, size, other)
    return judged(words, found, {name: ratio for name, ratio in found.items() if ratio >= 1})


def beside_tantivy(sizes: BySize, size: str) -> Iterator[Goal]:
    found = pair(sizes, size, TANTIVY)
    slower = {name: ratio for name, ratio in found.items() if ratio > SLOWER_AT_MOST}
    yield judged(f"{size}: no class more than 50 % slower than {TANTIVY}", found, slower)
    words = f"{size}: not slower than {TANTIVY} in the geometric mean over all classes"
    mean = geometric_mean(found.values()) if found else 0.0
    yield Goal(words, mean <= 1, f"{mean:.2f} times its time") if found else Goal(words, None)


def judged(words: str, found: Mapping[str, float], against: Mapping[str, float]) -> Goal:
    """Return a goal that is met if no class exceeds it, with the slowest class."""
    if not found:
        return Goal(words, None)
    shown = against or dict([max(found.items(), key=lambda each: each[1])])
    return Goal(words, not against, "; ".join(f"{name} {ratio:.2f} times its time" for name, ratio in shown.items()))


def fast_at_the_archive(sizes: BySize) -> Goal:
    words = f"archive: every class takes less than {FASTEST:g} ms"
    held = sizes.get("archive", {}).get(OURS)
    if not held:
        return Goal(words, None)
    over = {name: took for name, took in held.warm.items() if took >= FASTEST}
    shown = over or dict([max(held.warm.items(), key=lambda each: each[1])])
    return Goal(words, not over, "; ".join(f"{name} {took:.2f} ms" for name, took in shown.items()))


def common_at_the_largest(sizes: BySize) -> Goal:
    words = f"{SIZES[-1]}: a common word takes at most {COMMON_AT_MOST:g} ms"
    held = sizes.get(SIZES[-1], {}).get(OURS)
    took = held.warm[COMMON] if held else None
    return Goal(words, None) if took is None else Goal(words, took <= COMMON_AT_MOST, f"{took:.2f} ms")


def within(words: str, seconds: float | None, most: float) -> Goal:
    return Goal(words, None) if seconds is None else Goal(words, seconds < most, f"{seconds:.2f} s")


def classes(held: Sequence[Measured]) -> list[str]:
    """Return all classes in order."""
    return [name for name in CLASSES if any(name in each.warm for each in held)]
