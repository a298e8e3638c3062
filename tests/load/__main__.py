"""make load: measure the server and others; with --docs, write the results to the manual."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.sources.archive import Archive
from tests.bench.table import machine
from tests.docs.parts import PERFORMANCE, into_page
from tests.faults.stage import ROOT, must, run
from tests.load import entries, reporting, servers
from tests.load.mix import AGAIN, OURS, SEARCHES
from tests.load.runs import Plan, Row, Whole, compare, measure
from tests.ports import free_port

MIX, ONLY_SEARCHES = "mixed", "searches"
PLAN = Plan()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=PLAN.seconds, help="duration of the run at the highest rate, in seconds"
    )
    parser.add_argument("--probe", type=float, default=PLAN.probe, help="duration of each probe, in seconds")
    parser.add_argument("--rate", type=float, help="requests per second [default: find the highest rate]")
    parser.add_argument("--workers", type=int, default=2, help="number of workers of each server")
    parser.add_argument("--seed", type=int, default=PLAN.seed, help="seed of the requests")
    parser.add_argument("--alone", action="store_true", help="measure only our server")
    parser.add_argument("--docs", action="store_true", help="write the results to the manual")
    return parser.parse_args()


def main() -> None:
    """Measure as the arguments say, and print the results."""
    asked, start = arguments(), time.monotonic()
    plan = replace(PLAN, seconds=asked.seconds, probe=asked.probe, rate=asked.rate, seed=asked.seed)
    print(f"{machine()}; {reporting.versions()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="backissue-load-") as folder:
        archive = shipped(Path(folder))
        whole = of_ours(archive, plan, asked.workers)
        sentences = list(reporting.sentences_on(whole, plan))
        print(*sentences, sep="\n", flush=True)
        rows = [reporting.cells(whole.row, MIX)]
        for row, what in () if asked.alone else beside(archive, plan, asked.workers):
            rows.append(reporting.cells(row, what))
            print(*rows[-1], sep=", ", flush=True)
    print("", *reporting.terminal(rows), f"[{time.monotonic() - start:.0f} s]", sep="\n")
    if asked.docs:
        into_page(PERFORMANCE, "load", f"\n{reporting.markdown(rows, sentences, plan)}\n")


def shipped(folder: Path) -> Archive:
    """Return a copy of the shipped archive with an index, so that an issue can be changed."""
    shutil.copytree(ROOT / "archive", folder / "archive")
    (folder / "temporary").mkdir()
    archive = Archive(folder / "archive", folder / "data")
    must(run(archive, "index").status == 0, "the index could not be built")
    return archive


def of_ours(archive: Archive, plan: Plan, workers: int) -> Whole:
    port = free_port()
    with servers.running(archive, servers.ours(archive, workers, port), port) as server:
        return measure(f"granian, {workers} workers", server, archive, plan)


def beside(archive: Archive, plan: Plan, workers: int) -> Iterator[tuple[Row, str]]:
    """Yield the results of other servers, and of ours for the same requests."""
    port = free_port()
    one = "granian, 1 worker"
    yield row(archive, plan, one, servers.ours(archive, 1, port), port, OURS, AGAIN), MIX
    if servers.installed("gunicorn"):
        port = free_port()
        name = f"gunicorn, {workers} workers"
        yield row(archive, plan, name, servers.gunicorn(workers, port), port, OURS, AGAIN), MIX
    port = free_port()
    yield row(archive, plan, one, servers.ours(archive, 1, port), port, SEARCHES), ONLY_SEARCHES
    if servers.installed("datasette"):
        path, port = archive.data.parent / "entries.db", free_port()
        entries.database(archive, path)
        name = "Datasette, 1 process"
        yield row(archive, plan, name, servers.datasette(path, port), port, entries.SEARCHES), ONLY_SEARCHES


def row(
    archive: Archive, plan: Plan, name: str, command: Sequence[str], port: int,
    shapes: Mapping[str, int], again: Mapping[str, int] | None = None,
) -> Row:  # fmt: skip
    with servers.running(archive, command, port) as server:
        return compare(name, server, plan, shapes, again or {})


if __name__ == "__main__":
    main()
