"""make bench: measure, print tables and goals, and with --docs write them to the manual."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.bench import chart, table
from tests.bench.comparing import by_size, goals
from tests.bench.corpus import ROOT
from tests.bench.engine import ENGINES, OURS, installed
from tests.bench.hostile import HOSTILE, slowest
from tests.bench.indexing import indexing
from tests.bench.kept import Size, built
from tests.bench.measuring import Measured, Plan, measure
from tests.docs.parts import PERFORMANCE, into_page

DEFAULT_SIZES = ("archive", "20000", "200000")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=DEFAULT_SIZES, help="archive, or numbers of synthetic entries")
    parser.add_argument(
        "--engines",
        nargs="+",
        choices=ENGINES,
        default=list(ENGINES),
        help="engines to compare [default: all installed ones]",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of entries, queries and their order")
    parser.add_argument("--queries", type=int, default=50, help="number of queries of each class")
    parser.add_argument("--passes", type=int, default=7, help="number of cached passes over all queries")
    parser.add_argument("--folder", type=Path, default=Path(sys.prefix) / "bench", help="folder of the built indexes")
    parser.add_argument(
        "--no-indexing", action="store_true", help="do not measure indexing the archive and adding an issue"
    )
    parser.add_argument("--docs", action="store_true", help="write table and chart to the manual")
    return parser.parse_args()


def main() -> None:
    """Measure as the arguments say."""
    asked = arguments()
    engines = [engine for engine in asked.engines if engine in installed()]
    for missing in set(asked.engines) - set(engines):
        print(f"{missing} is not installed and was left out.")
    print(f"{table.machine()}; {table.versions(engines)}", flush=True)
    added = None if asked.no_indexing else indexing()
    if added:
        print(f"indexing the archive: {added.archive:.2f} s, adding an issue: {added.add:.2f} s", flush=True)
    plan = Plan(engines, asked.queries, asked.passes, asked.seed)
    found: list[Measured] = []
    for size in (Size(None if each == "archive" else int(each), asked.seed) for each in asked.sizes):
        held = measure(plan, size, asked.folder)
        print("", *table.of_size(held), sep="\n", flush=True)
        found += held
        if OURS in engines:
            name, took = slowest(built(asked.folder, OURS, size).folder)
            print(f"slowest of {len(HOSTILE)} hostile queries, uncached: {name}, {took:.1f} ms", flush=True)
    sizes = by_size(found)
    print("", "goals", *table.verdicts(goals(sizes, added)), sep="\n")
    if asked.docs:
        (ROOT / table.CHART).parent.mkdir(exist_ok=True)
        (ROOT / table.CHART).write_text(chart.svg(sizes), encoding="utf-8")
        into_page(PERFORMANCE, "bench", f"\n{table.markdown(sizes, added)}\n")


if __name__ == "__main__":
    main()
