"""Compare a cluster of three nodes with the embedded engine: `python -m tests.cluster.figures --sizes 100000`."""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from indexer.build.builder import about_issue, rare_collections
from indexer.build.fingerprint import row_key
from indexer.engines.opensearch.building import begin, complete, digest
from indexer.engines.opensearch.bulk import Bulk
from indexer.engines.opensearch.connection import Place, connect, place_of
from indexer.engines.opensearch.writer import ClusterWriter
from indexer.engines.origins import Where, catalog_at
from indexer.kernel.series import Series
from indexer.model import Issue
from indexer.sources.archive import Archive, Source
from tests.bench import corpus
from tests.bench.engines.ours import query
from tests.bench.nouns import Ask, newest_first
from tests.bench.queries import draw, stock
from tests.bench.writing import write
from tests.cluster.nodes import Nodes

PROCESSES, CLIENTS = 2, 5  # ten clients in all
SAMPLE = 20_000  # entries that the questions are drawn from
QUESTIONS = 50  # of each class
SEED = 1
PASSES = 4  # passes over all queries in each process; the first is not counted
MEGABYTE = 1_000_000

Times = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Figures:
    """One engine at one size: seconds to index, megabytes on disk, milliseconds of each class.

    `processor` is the CPU time of clients and nodes for a search in milliseconds. It depends less than the others on
    the load of the machine.
    """

    engine: str
    size: int
    seconds: float
    megabytes: float
    processor: float
    times: Times


def main() -> None:
    """Measure as the arguments say, and print a table for each size."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.figures", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[100_000], help="synthetic entries")
    parser.add_argument("--engines", nargs="+", choices=MEASURES, default=list(MEASURES))
    options = parser.parse_args()
    for size in options.sizes:
        figures = []
        for name in options.engines:
            with tempfile.TemporaryDirectory() as folder:
                figures.append(MEASURES[name](Path(folder), size))
            print(
                json.dumps({"engine": name, "size": size, "seconds": figures[-1].seconds}), file=sys.stderr, flush=True
            )
        print(*table(figures), sep="\n", flush=True)


def embedded(folder: Path, size: int) -> Figures:
    """Return the figures of the embedded engine."""
    archive = corpus.shipped(folder)
    start = time.perf_counter()
    write(archive, issues(size))
    seconds = time.perf_counter() - start
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    times, spent = asked_by_ten(folder)
    return Figures("embedded", size, seconds, used / MEGABYTE, 1_000 * spent / searches(times), times)


def on_nodes(folder: Path, size: int) -> Figures:
    """Return the figures of a cluster of three nodes."""
    with closing(Nodes(folder / "nodes", quick=False)) as nodes:
        place = place_of(",".join(nodes.urls), {})
        start = time.perf_counter()
        write_to(place, corpus.shipped(folder), issues(size))
        seconds = time.perf_counter() - start
        stats = connect(place).indices.stats(index=f"{place.name}-*", metric="store")
        before = sum(map(processor_of, nodes.processes.values()))
        times, spent = asked_by_ten(place)
        spent += sum(map(processor_of, nodes.processes.values())) - before
        return Figures("cluster", size, seconds, megabytes(stats), 1_000 * spent / searches(times), times)


MEASURES = {"embedded": embedded, "cluster": on_nodes}


def processor_of(process: subprocess.Popen[bytes]) -> float:
    """Return the CPU seconds of a process."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def searches(times: Times) -> float:
    """Return the number of searches, including the first pass, which `times` omits."""
    return sum(map(len, times.values())) * PASSES / (PASSES - 1)


def megabytes(stats: dict[str, dict[str, dict[str, dict[str, int]]]]) -> float:
    """Return the size of one copy of all indices."""
    return stats["_all"]["primaries"]["store"]["size_in_bytes"] / MEGABYTE


def write_to(place: Place, archive: Archive, made: Iterable[Issue]) -> None:
    """Index issues in a cluster like an archive's own, and publish them."""
    client, series, places = connect(place), Series(archive.facts.same_series), dict[str, float]()
    with closing(Bulk(client, place)) as bulk, rare_collections():
        writer, rows = ClusterWriter(bulk, begin(archive, client, place), places, None, archive), []
        for n, issue in enumerate(made, 1):
            rows.append(about_issue(issue, Source(issue.key, Path(f"{issue.label}.md")), "", ()))
            places[row_key(rows[-1])] = float(n)
            writer.add(series.take(issue.entries), rows[-1])
        complete(archive, client, bulk, writer, rows, digest(archive))


def issues(size: int) -> Iterator[Issue]:
    real = corpus.archive_issues(corpus.shipped(corpus.ROOT / "no-data"))
    return corpus.synthetic(real, size, SEED)


def asked_by_ten(where: Where) -> tuple[Times, float]:
    """Return the times of queries with ten clients by class, and the CPU seconds."""
    found: Times = defaultdict(list)
    spent = 0.0
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for times, seconds in pool.map(asked_by_some, [where] * PROCESSES, chunksize=1):
            spent += seconds
            for name, each in times.items():
                found[name] += each
    return found, spent


def asked_by_some(where: Where) -> tuple[Times, float]:
    """Return the times of queries with the clients of one process by class, and the CPU seconds."""
    common = corpus.shipped(corpus.ROOT / "no-data").profile("linux").words.common
    drawn = draw(stock(newest_first(issues(SAMPLE)), common), QUESTIONS, SEED)
    questions = list(itertools.chain.from_iterable(zip(*(each_of(name, asks) for name, asks in drawn.items()))))  # noqa: B905  browsing has one question
    found: Times = defaultdict(list)
    with closing(catalog_at(where)) as catalog, ThreadPoolExecutor(CLIENTS) as clients:
        catalog.warm()

        def took(question: tuple[str, Ask]) -> tuple[str, float]:
            start = time.perf_counter()
            catalog.search(query(question[1]))
            return question[0], 1_000 * (time.perf_counter() - start)

        before = time.process_time()
        for number in range(PASSES):
            for name, milliseconds in clients.map(took, questions):
                if number:
                    found[name].append(milliseconds)
        return found, time.process_time() - before


def each_of(name: str, asks: list[Ask]) -> Iterator[tuple[str, Ask]]:
    """Return a number of queries of a class, repeated if there are fewer."""
    return ((name, ask) for ask in itertools.islice(itertools.cycle(asks), QUESTIONS))


def table(figures: list[Figures]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    names = [f"{each.engine}, {each.size:,} entries" for each in figures]
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---:|' * len(figures)}"
    yield f"| indexed, entries/s | {' | '.join(f'{each.size / each.seconds:,.0f}' for each in figures)} |"
    yield f"| disk, MB (one copy) | {' | '.join(f'{each.megabytes:,.0f}' for each in figures)} |"
    yield f"| processor time of a search, ms | {' | '.join(f'{each.processor:.1f}' for each in figures)} |"
    for name in figures[0].times:
        cells = (quantiles(each.times[name], n=100) for each in figures)
        yield f"| {name}, p50 / p99 ms | {' | '.join(f'{cell[49]:.1f} / {cell[98]:.1f}' for cell in cells)} |"


if __name__ == "__main__":
    main()
