"""make faults: cause faults and print the results; with --docs, write them to the manual."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.table import machine
from tests.docs.parts import RELIABILITY, into_page
from tests.faults.damaging import damage
from tests.faults.editing import edit_at_random
from tests.faults.filling import fill
from tests.faults.forbidding import forbid
from tests.faults.killing import kill
from tests.faults.opening import opening
from tests.faults.swapping import swap


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="number of times to kill index, add and fetch")
    parser.add_argument(
        "--places", type=int, default=50, help="number of flipped bits, and of cuts, in each file of an index"
    )
    parser.add_argument("--disks", type=int, default=20, help="number of sizes of a full disk")
    parser.add_argument("--swaps", type=int, default=20, help="number of indexes to publish under a server")
    parser.add_argument("--edits", type=int, default=100, help="number of rounds of random edits")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    parser.add_argument("--docs", action="store_true", help="write the results to the manual")
    return parser.parse_args()


def main() -> None:
    """Cause the faults that the arguments name. Stop at the first failure."""
    asked = arguments()
    experiments: tuple[Callable[[Path], object], ...] = (
        lambda folder: kill(folder, asked.kills, asked.seed),
        lambda folder: damage(folder, asked.places, asked.seed),
        lambda folder: fill(folder, asked.disks),
        forbid,
        lambda folder: swap(folder, asked.swaps),
        lambda folder: swap(folder, asked.swaps, workers=2),
        lambda folder: edit_at_random(folder, asked.edits, asked.seed),
        opening,
    )
    said = []
    for experiment in experiments:
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="backissue-faults-") as folder:
            said.append(str(experiment(Path(folder))))
        print(f"{said[-1]} [{time.monotonic() - start:.0f} s]", flush=True)
    if asked.docs:
        lines = [f"- {line}." for line in said]
        lines += ["", f"`make faults` on {machine()}, seed {asked.seed}."]
        into_page(RELIABILITY, "faults", "\n".join(["", *lines, ""]))


if __name__ == "__main__":
    main()
