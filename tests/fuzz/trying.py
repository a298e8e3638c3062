"""Run one target with random or coverage-guided texts, and report the result."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, Target

SLOWEST = 1.0  # seconds that an input may take
LARGEST = 300  # megabytes that the process may have
AT_ONCE = 100
GUIDING = ("indexer.formats", "indexer.dividing", "indexer.annotating", "indexer.search", "webui")
MOST_BYTES = 4_096  # of a guided input
LONGEST = 32_000  # characters of a piece that is repeated


class Totals(NamedTuple):
    """The number of inputs, the seconds of the slowest, and the largest memory in megabytes."""

    inputs: int
    slowest: float
    peak: int


def memory_used(which: str = "VmRSS") -> int:
    """Return the memory of the process in megabytes, or with VmHWM its peak since `forget`; 0 if unknown."""
    with contextlib.suppress(OSError):
        line = re.search(rf"{which}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
        return int(line[1]) // 1024 if line else 0
    return 0


def forget() -> None:
    """Reset the peak memory."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


class Watch:
    """Calls a target and counts. Raises AssertionError for an input that takes too much time or memory."""

    def __init__(self, target: Target, slowest: float = SLOWEST, largest: int = LARGEST) -> None:
        self.take = target.take
        self.bounds = slowest, largest
        self.inputs = 0
        self.slowest = 0.0
        self.start = self.most = memory_used()

    def __call__(self, text: str) -> None:
        """Try one text."""
        forget()
        before, began = memory_used(), time.process_time()
        self.take(text)
        took = time.process_time() - began
        # The generator of the text also keeps memory, which is not counted.
        most = self.start + memory_used("VmHWM") - before
        self.inputs += 1
        self.slowest, self.most = max(self.slowest, took), max(self.most, most)
        assert took < self.bounds[0], f"{took:.1f} seconds for {text[:200]!r}, {len(text)} characters"
        assert most < self.bounds[1], f"{most} MB for {text[:200]!r}, {len(text)} characters"

    def totals(self) -> Totals:
        return Totals(self.inputs, self.slowest, self.most)


def warmed(target: Target) -> Watch:
    """Return the watch of a target, with its tables loaded and its index opened."""
    target.take("x")
    gc.collect()
    return Watch(target)


def texts_for(target: Target) -> st.SearchStrategy[str]:
    """Return texts of syntax pieces and random characters, and of often repeated pieces."""
    pieces = st.sampled_from(target.pieces)
    mixed = st.lists(pieces | st.text(max_size=5), max_size=target.longest).map("".join)
    repeated = st.tuples(pieces, pieces, st.integers(1, MOST_BYTES)).map(lambda each: (each[0] + each[1]) * each[2])
    return mixed | repeated.map(lambda text: text[:LONGEST])


def random(target: Target, seconds: float, first: int = 0) -> Totals:
    """Try random texts until the time is over. The same seed gives the same texts."""
    watch = warmed(target)
    texts = texts_for(target)
    ends, turn = time.monotonic() + seconds, first
    while turn == first or time.monotonic() < ends:
        once(watch, texts, turn)
        turn += 1
    return watch.totals()


def once(watch: Watch, texts: st.SearchStrategy[str], turn: int, inputs: int = AT_ONCE) -> None:
    """Try some texts."""

    @seed(turn)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def trying(text: str) -> None:
        watch(text)

    trying()


def instrument(instrumented: Callable[[FunctionType], FunctionType]) -> None:
    """Instrument the functions that parse text for coverage guidance."""
    for name, module in list(sys.modules.items()):
        if name.startswith(GUIDING):
            classes = [held for held in vars(module).values() if isinstance(held, type) and held.__module__ == name]
            for place in (module, *classes):
                for key, held in list(vars(place).items()):
                    if isinstance(held, FunctionType) and held.__module__ == name:
                        setattr(place, key, instrumented(held))


def guided(name: str, seconds: float, report: Callable[[Totals], None]) -> None:
    """Try coverage-guided texts until the time is over. Does not return."""
    import atheris

    target = TARGETS[name]
    watch = warmed(target)
    instrument(atheris.instrument_func)
    ends = time.monotonic() + seconds

    def one(raw: bytes) -> None:
        data = atheris.FuzzedDataProvider(raw)
        parts = []
        while data.remaining_bytes() and len(parts) < 200:
            if data.ConsumeBool():
                piece = target.pieces[data.ConsumeIntInRange(0, len(target.pieces) - 1)]
                parts.append(piece * (1 + data.ConsumeIntInRange(0, 7) ** 3))
            else:
                parts.append(data.ConsumeUnicodeNoSurrogates(6))
        watch("".join(parts))
        if time.monotonic() > ends:
            report(watch.totals())
            sys.stdout.flush()
            os._exit(0)  # an exception would be a finding to atheris

    atheris.Setup([sys.argv[0], f"-max_len={MOST_BYTES}", "-verbosity=0", "-timeout=20"], one)
    atheris.Fuzz()


def main() -> None:
    """Run one target with a method, seconds and seed, and print the result as JSON."""
    name, way, seconds, first = sys.argv[1:]
    if way == "guided":
        guided(name, float(seconds), lambda tried: print(json.dumps(tried)))
    else:
        print(json.dumps(random(TARGETS[name], float(seconds), int(first))))


if __name__ == "__main__":
    main()
