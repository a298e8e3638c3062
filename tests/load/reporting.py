"""The results as text: lines for the terminal, and the part of the manual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec

from tests.bench.table import aligned, machine
from tests.load import attacking
from tests.load.attacking import Attacked
from tests.load.holding import Held
from tests.load.probing import MOST
from tests.load.runs import Plan, Row, Whole

GOAL = 400  # requests per second
GROWTH = 5.0  # MB
HEAD = ("server", "workload", "requests/s", "p50, ms", "p99, ms", "CPU, ms/request", "memory, MB")
PACKAGES = ("granian", "gunicorn", "datasette")


def cells(row: Row, workload: str) -> list[str]:
    """Return a row of the table."""
    best = row.borne.best
    rate = (
        [f"{best.rate:.0f}", *(f"{best.percentile(percent):.1f}" for percent in (50, 99))] if best else ["none", "", ""]
    )
    return [row.name, workload, *rate, f"{row.processor:.1f}", f"{row.memory.pss:.0f}"]


def sentences_on(whole: Whole, plan: Plan) -> Iterator[str]:
    """Yield a sentence for each measurement of our server."""
    for each in whole.endured:
        driven = each.driven
        statuses = ", ".join(f"{count:,} of {status}" for status, count in sorted(driven.statuses.items()))
        yield (
            f"{driven.rate:.0f} requests per second for {plan.seconds:.0f} s: p50 {driven.percentile(50):.1f} ms, p99 "
            f"{driven.percentile(99):.1f} ms, {len(driven.errors)} errors ({statuses}); "
            f"p99 under {MOST:.0f} ms without an error: {verdict(driven.bears(MOST))}; "
            f"{GOAL} per second: {verdict(driven.bears(MOST) and driven.rate >= GOAL)}"
        )
        yield (
            f"while another process built and published a new index: p99 {each.around_swap:.1f} ms in "
            f"{each.swap[1] - each.swap[0]:.1f} s; {each.before_swap:.1f} ms in the {each.swap[0]:.0f} s before that"
        )
    last = whole.endured[-1]
    first = next((each.settled for each in whole.endured if each.settled), None)
    if first:
        grown = last.end.pss - first.pss
        yield (
            f"memory of all processes, in MB: {first.pss:.1f} after the first 10,000 requests, {last.before.pss:.1f} "
            f"before the last new index, {last.end.pss:.1f} at the end (counting shared memory in each process: "
            f"{first.rss:.1f}, {last.before.rss:.1f}, {last.end.rss:.1f}); growth below {GROWTH:.0f} MB: "
            f"{verdict(grown < GROWTH)}"
        )
    opened, slow = whole.open, whole.slow
    yield f"{opened.clients} idle connections, {opened.at_the_end} answered at the end; {others(opened)}"
    yield f"{slow.clients} clients that send a byte per second, {slow.at_the_end} still open at the end; {others(slow)}"
    for each in whole.attacked:
        yield (
            f"{attacking.CLIENTS} clients {each.name}; {others(each)}; "
            f"p99 under {attacking.MOST:.0f} ms: {verdict(each.others.bears(attacking.MOST))}"
        )
    yield f"errors while probing rates, including those that were too high: {len(whole.row.borne.errors)}"


def others(held: Held | Attacked) -> str:
    found = held.others
    return f"{found.rate:.0f} other requests per second: p99 {found.percentile(99):.1f} ms, {len(found.errors)} errors"


def verdict(met: bool) -> str:
    return "met" if met else "NOT met"


def markdown(rows: Sequence[Sequence[str]], sentences: Sequence[str], plan: Plan) -> str:
    """Return the part of the manual."""
    table = [HEAD, ("---", "---", *["---:"] * 5), *rows]
    return "\n".join(
        [
            *(f"| {' | '.join(row)} |" for row in table),
            "",
            *(f"- {each[0].upper()}{each[1:]}." for each in sentences),
            "",
            f"`make load` on {machine()}, shared with the driver, seed {plan.seed}; {versions()}.",
        ]
    )


def terminal(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from aligned([HEAD, *rows])


def versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES if find_spec(name))
