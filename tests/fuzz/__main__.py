"""make fuzz: try input from hypothesis and atheris for some minutes, and count it."""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

from tests.docs.parts import RELIABILITY, into_page
from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import LARGEST, SLOWEST, Totals

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("tried.json")
LINES, LONGEST_LINE = 30, 300


def run(name: str, way: str, seconds: float, first: int) -> Totals | None:
    """Run a target in a process and return its result, None if it failed. Errors are printed."""
    command = [sys.executable, "-m", "tests.fuzz.trying", name, way, str(seconds), str(first)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds + 600)
    except subprocess.TimeoutExpired:
        print(f"{name}, {way}: hangs")
        return None
    try:
        return Totals(*json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        print(f"{name}, {way}:\n{done.stdout[-500:]}\n{shortened(done.stderr)}")
        return None


def shortened(output: str) -> str:
    """Return the output of a process, with long lines shortened."""
    return "\n".join(line[:LONGEST_LINE] for line in output.splitlines()[-LINES:])


def keep(total: dict[str, int]) -> None:
    """Save the total number of inputs of all runs, and write it to the manual."""
    held = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    held = {name: held.get(name, 0) + total.get(name, 0) for name in TARGETS}
    KEPT.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    into_page(RELIABILITY, "fuzz", said_of(held))


def said_of(held: dict[str, int]) -> str:
    each = ", ".join(f"{name} {count:,}" for name, count in held.items() if count)
    return f"{sum(held.values()):,} inputs ({each})"


def main() -> int:
    """Print a line for each target. The status is 1 if any failed."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="seed of the inputs")
    parser.add_argument(
        "--only", metavar="TARGET", action="append", choices=TARGETS, help="only this target; repeatable"
    )
    parser.add_argument("--keep", action="store_true", help="add the counts to tried.json and the manual")
    asked = parser.parse_args()
    ways = ["random", *(["guided"] if importlib.util.find_spec("atheris") else [])]
    print(f"{asked.minutes:g} minutes, seed {asked.seed}, {' and '.join(ways)}; at most {SLOWEST} s and {LARGEST} MB")
    total: dict[str, int] = {}
    failed = False
    names = asked.only or list(TARGETS)
    for name in names:
        for way in ways:
            tried = run(name, way, asked.minutes * 60 / len(names) / len(ways), asked.seed)
            failed |= tried is None
            if tried:
                total[name] = total.get(name, 0) + tried.inputs
                print(
                    f"{name:14}{way:8}{tried.inputs:10,} inputs, slowest {tried.slowest:.2f} s, {tried.peak} MB",
                    flush=True,
                )
                if asked.keep:
                    keep({name: tried.inputs})
    print(f"{sum(total.values()):,} inputs")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
