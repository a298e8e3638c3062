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
LARGE = ("20,000", "200,000")
SLOWER_AT_MOST = 1.5  # times tantivy, in any class
FASTEST = 1.0  # milliseconds, in any class, at the archive's size
COMMON, COMMON_AT_MOST = "common word", 10.0  # milliseconds, at the largest size
INDEX_AT_MOST, ADD_AT_MOST = 1.0, 0.2  # seconds
BUILD_AT_MOST, FIRST_AT_MOST, REPEATED_AT_MOST = 5.0, 2.5, 0.57  # times tantivy
DISK_AT_MOST = 2.0  # times SQLite
MEMORY_AT_MOST = {"20,000": 60.0, "200,000": 200.0}  # MB
OPEN_AT_MOST = {"20,000": 10.0, "200,000": 30.0}  # milliseconds

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


def means(one: Measured, other: Measured) -> tuple[float, float]:
    """Return the geometric means of the ratios of first runs and of repeated ones, over the classes that both have."""
    first = [one.cold[name] / other.cold[name] for name in one.cold if name in other.cold]
    return geometric_mean(first), geometric_mean(ratios(one, other).values())


def goals(sizes: BySize, indexing: Indexing | None) -> list[Goal]:
    """Return every goal with its result."""
    return [
        *(ahead(sizes, other, size) for other in (SQLITE, XAPIAN) for size in SIZES),
        *(beside_tantivy(sizes, size) for size in BESIDE_TANTIVY),
        *(goal for size in LARGE for goal in lean(sizes.get(size, {}), size)),
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


def beside_tantivy(sizes: BySize, size: str) -> Goal:
    found = pair(sizes, size, TANTIVY)
    slower = {name: ratio for name, ratio in found.items() if ratio > SLOWER_AT_MOST}
    return judged(f"{size}: no class more than 50 % slower than {TANTIVY}", found, slower)


def lean(held: Mapping[str, Measured], size: str) -> Iterator[Goal]:
    """Yield the goals for building, memory, disk, opening, and the means of first and repeated runs at one size."""
    ours, sqlite, tantivy = (held.get(name) for name in (OURS, SQLITE, TANTIVY))
    first, repeated = means(ours, tantivy) if ours and tantivy else (None, None)
    build = ours.build_seconds / tantivy.build_seconds if ours and tantivy else None
    disk = ours.disk / sqlite.disk if ours and sqlite else None
    opened = ours.open_seconds * 1000 if ours else None
    beside = f"times as long as {TANTIVY}"
    yield at_most(f"{size}: building takes", build, BUILD_AT_MOST, beside)
    yield at_most(f"{size}: the first run of a query takes", first, FIRST_AT_MOST, beside)
    yield at_most(f"{size}: a repeated query takes", repeated, REPEATED_AT_MOST, beside)
    yield at_most(f"{size}: the disk space is", disk, DISK_AT_MOST, f"times that of {SQLITE}")
    yield at_most(f"{size}: the memory is", ours.memory if ours else None, MEMORY_AT_MOST[size], "MB")
    yield at_most(f"{size}: opening takes", opened, OPEN_AT_MOST[size], "ms")


def at_most(words: str, found: float | None, most: float, unit: str) -> Goal:
    words = f"{words} at most {most:g} {unit}"
    return Goal(words, None) if found is None else Goal(words, found <= most, f"{found:.2f}")


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
