"""The results as text: tables for the terminal, and the part of the manual."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import geometric_mean

from tests.bench.comparing import BySize, Goal, classes, means, ratios
from tests.bench.engine import OURS, TANTIVY, load
from tests.bench.indexing import Indexing
from tests.bench.measuring import Measured

CHART = "docs/bench.svg"
CPU = Path("/proc/cpuinfo")
INTRODUCTION = (
    "Medians in milliseconds of CPU time, each for the ids and titles of the first 10 hits, and three facets over all "
    "matches. The time of a query's first run is in parentheses."
)
RESOURCES = (
    "The memory is the private memory of the process after all queries, less that after its imports. Files that are "
    "mapped are not part of it. The times are CPU times. The index was built from entries that had already been parsed."
)
ABSENT = "–"  # the engine does not support such queries
VERDICTS = {True: "met", False: "NOT met", None: "not measured"}

Row = Sequence[str]
Columns = Sequence[Measured | None]  # one for each engine; None where it was not measured


def machine() -> str:
    """Return a description of the processor, its cores and Python."""
    lines = CPU.read_text(encoding="utf-8").splitlines() if CPU.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = next(iter(models), platform.processor() or platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def versions(engines: Iterable[str]) -> str:
    """Return the engines with their versions."""
    made = ((engine, load(engine)) for engine in engines)
    return ", ".join(f"{engine} {each.version()}" for engine, each in made if each)


def of_size(held: Sequence[Measured]) -> Iterator[str]:
    """Yield the lines about one size: times, ratios, matches, and resources."""
    yield f"{held[0].size}: {held[0].entries:,} entries; medians in ms, warm (cold)"
    yield from aligned([["", *(each.engine for each in held)], *(times(name, held) for name in classes(held))])
    ours = next((each for each in held if each.engine == OURS), None)
    others = [each for each in held if each is not ours]
    if ours and others:
        yield ""
        yield f"times what {OURS} takes, warm"
        yield from aligned(beside(ours, others))
    yield ""
    yield "matches, in the median"
    yield from aligned([["", *(each.engine for each in held)], *(matched(name, held) for name in classes(held))])
    yield ""
    yield from aligned(besides(held))


def times(name: str, held: Sequence[Measured]) -> list[str]:
    return [name, *(cell(each, name) for each in held)]


def cell(held: Measured, name: str) -> str:
    return f"{took(held.warm[name])} ({took(held.cold[name])})" if name in held.warm else ABSENT


def took(milliseconds: float) -> str:
    """Return milliseconds with three significant digits."""
    digits = 3 if milliseconds < 1 else 2 if milliseconds < 10 else 1
    return f"{milliseconds:.{digits}f}"


def beside(ours: Measured, others: Sequence[Measured]) -> list[list[str]]:
    """Return the table of ratios with geometric means."""
    found = [ratios(other, ours) for other in others]
    rows = [[name, *(f"{each[name]:.2f}" if name in each else ABSENT for each in found)] for name in ours.warm]
    mean = ["geometric mean", *(f"{geometric_mean(each.values()):.2f}" for each in found)]
    return [["", *(other.engine for other in others)], *rows, mean]


def matched(name: str, held: Sequence[Measured]) -> list[str]:
    return [name, *(f"{each.matches[name]:,.0f}" if name in each.matches else ABSENT for each in held)]


def besides(held: Sequence[Measured]) -> list[list[str]]:
    """Return the table of building, opening, memory and disk space."""
    return [
        ["", *(each.engine for each in held)],
        ["built in, s", *(f"{each.build_seconds:.2f}" for each in held)],
        ["opened in, ms", *(f"{each.open_seconds * 1000:.1f}" for each in held)],
        ["memory, MB", *(f"{each.memory:.0f}" for each in held)],
        ["disk, MB", *(f"{each.disk:.1f}" for each in held)],
    ]


def aligned(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows of a table, with all columns except the first aligned right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"  {row[0].ljust(widths[0])}  {'  '.join(cells)}"


def verdicts(goals: Iterable[Goal]) -> Iterator[str]:
    """Yield a line for each goal."""
    rows = [(goal.words, VERDICTS[goal.met], goal.why) for goal in goals]
    width = max(len(words) for words, _, _ in rows)
    return (f"  {words.ljust(width)}  {verdict}{f': {why}' if why else ''}" for words, verdict, why in rows)


def markdown(sizes: BySize, indexing: Indexing | None) -> str:
    """Return the part of the manual."""
    engines = list(dict.fromkeys(engine for held in sizes.values() for engine in held))
    paragraphs = [
        INTRODUCTION,
        "\n".join(grid(sizes, engines, "class", timed)),
        f"![Medians by class, engine and number of entries, on a logarithmic scale]({Path(CHART).name})",
        *compared(sizes),
        RESOURCES,
        "\n".join(grid(sizes, engines, "measured", used)),
        " ".join(sentences_on(indexing, engines)),
    ]
    return "\n\n".join(paragraphs)


def grid(
    sizes: BySize, engines: Sequence[str], measured: str, rows: Callable[[Columns], Iterable[Row]]
) -> Iterator[str]:
    """Yield the rows of a Markdown table with a column for each engine, in a block for each size."""
    yield f"| entries | {measured} | {' | '.join(engines)} |"
    yield f"|---|---|{'---:|' * len(engines)}"
    for held in sizes.values():
        columns = [held.get(engine) for engine in engines]
        size = entries_of(held)
        for row in rows(columns):
            yield f"| {size} | {' | '.join(row)} |"
            size = ""


def entries_of(held: Mapping[str, Measured]) -> str:
    return f"{next(iter(held.values())).entries:,}"


def timed(columns: Columns) -> Iterator[Row]:
    """Yield a row for each class of queries."""
    for name in classes([each for each in columns if each]):
        yield [name, *(cell(each, name) if each else ABSENT for each in columns)]


def used(columns: Columns) -> Iterator[Row]:
    """Yield the rows of building, opening, memory and disk space."""
    held = [each for each in columns if each]
    for name, *cells in besides(held)[1:]:
        left = iter(cells)
        yield [name, *(next(left) if each else ABSENT for each in columns)]


def compared(sizes: BySize) -> Iterator[str]:
    """Yield a list of the geometric means compared with tantivy, if both were measured."""
    both = [held for held in sizes.values() if OURS in held and TANTIVY in held]
    if both:
        yield f"The times of {OURS} divided by those of {TANTIVY}, in the geometric mean over all classes of queries:"
        found = [(entries_of(held), means(held[OURS], held[TANTIVY])) for held in both]
        yield "\n".join(
            f"- {size} entries: first run {first:.2f}, repeated {again:.2f}" for size, (first, again) in found
        )


def sentences_on(indexing: Indexing | None, engines: Sequence[str]) -> Iterator[str]:
    """Yield the sentences about indexing the archive and about the machine."""
    if indexing:
        yield (
            f"Indexing the archive from its files takes {indexing.archive_cpu:.2f} s of CPU time, and adding an issue "
            f"{indexing.add_cpu:.2f} s."
        )
    yield f"Measured on {machine()}; {versions(engines)}."
