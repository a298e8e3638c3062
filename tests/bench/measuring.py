"""Run all queries with all engines in turns, uncached first, and collect the results."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import corpus
from tests.bench.kept import Size, built
from tests.bench.nouns import Ask, newest_first
from tests.bench.queries import CLASSES, draw, stock
from tests.bench.worker import Timed, Worker

TURN = 25  # queries for one engine before it is the next one's turn
MILLISECOND = 1_000_000  # nanoseconds

Question = tuple[str, Ask]
Times = dict[str, list[Timed]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The engines, the number of cached passes, the number of queries per class, and the seed."""

    engines: Sequence[str]
    queries: int
    passes: int
    seed: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine at one size: milliseconds and matches by class (medians), seconds and megabytes."""

    engine: str
    size: str
    entries: int
    cold: Mapping[str, float]
    warm: Mapping[str, float]
    matches: Mapping[str, float]
    build_seconds: float
    open_seconds: float
    memory: float
    disk: float


def measure(plan: Plan, size: Size, folder: Path) -> list[Measured]:
    """Return the measurements of each engine at one size."""
    documents = newest_first(size.issues())
    common = corpus.shipped(folder).profile("linux").words.common
    drawn = draw(stock(documents, common), plan.queries, plan.seed)
    questions = [(name, ask) for name, asks in drawn.items() for ask in asks]
    kept = {engine: built(folder, engine, size) for engine in plan.engines}
    with ExitStack() as opened:
        workers = {engine: opened.enter_context(Worker(engine, kept[engine].folder)) for engine in plan.engines}
        seconds = {engine: worker.open() for engine, worker in workers.items()}
        rng = random.Random(plan.seed)  # noqa: S311
        cold = one_pass(workers, questions, rng)
        warm = [one_pass(workers, questions, rng) for _ in range(plan.passes)]
        return [
            Measured(
                engine,
                str(size),
                len(documents),
                medians(cold[engine]),
                medians(together(warm, engine)),
                matches(cold[engine]),
                kept[engine].seconds,
                seconds[engine],
                worker.megabytes(),
                kept[engine].megabytes,
            )
            for engine, worker in workers.items()
        ]


def one_pass(workers: Mapping[str, Worker], questions: Sequence[Question], rng: random.Random) -> dict[str, Times]:
    """Run every query once with every engine, in shuffled order. Return the times by engine and class."""
    found: dict[str, Times] = {engine: defaultdict(list) for engine in workers}
    for turn in turns(questions, rng):
        for engine in rng.sample(list(workers), len(workers)):
            for (name, _), timed in zip(turn, workers[engine].ask([ask for _, ask in turn]), strict=True):
                if timed:
                    found[engine][name].append(timed)
    return found


def turns(questions: Sequence[Question], rng: random.Random) -> Iterator[list[Question]]:
    """Yield the queries in shuffled order, in small groups."""
    order = rng.sample(questions, len(questions))
    return (order[start : start + TURN] for start in range(0, len(order), TURN))


def together(passes: Sequence[Mapping[str, Times]], engine: str) -> Times:
    """Combine the times of several passes of one engine."""
    found: Times = defaultdict(list)
    for each in passes:
        for name, times in each[engine].items():
            found[name] += times
    return found


def medians(times: Times) -> dict[str, float]:
    """Return the median of each class in milliseconds."""
    return {name: median(t.nanoseconds for t in times[name]) / MILLISECOND for name in CLASSES if name in times}


def matches(times: Times) -> dict[str, float]:
    """Return the median number of matches by class."""
    return {name: median(t.matches for t in times[name]) for name in CLASSES if name in times}
