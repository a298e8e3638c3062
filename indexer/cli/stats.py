"""backissue stats: print the numbers of entries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from indexer.catalog.about import About
from indexer.cli.command import command, option
from indexer.cli.folders import folders
from indexer.cli.opened import opened
from indexer.cli.rows import OUTPUT, for_programs, print_rows
from indexer.cli.terminal import Line, is_terminal, print_lines, print_table, put
from indexer.cli.values import Number
from indexer.cli.wording import counted
from indexer.sources.archive import Archive
from indexer.views.stats import Stats, stats

BARS = "▁▂▃▄▅▆▇█"


@command(
    "stats",
    examples=(
        ("stats", "the numbers, with a chart of entries per issue"),
        ("stats -j", "the same as JSON"),
    ),
)
@option(
    "-n",
    "--limit",
    type=Number(1),
    default=8,
    show_default=True,
    group=OUTPUT,
    help="Maximum number of versions and topics; --json prints all.",
)
@for_programs
@folders
def stats_command(archive: Archive, limit: int, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print the numbers of entries by issue, kind, version and topic."""
    catalog = opened(archive)
    found = stats(catalog)
    if as_json or fields:
        print_rows([record(found, catalog.about)], fields, as_json=as_json)
    else:
        print_lines(map(Line, summary(found)))
        put()
        print_table(("kind", "entries"), counts(found.kinds), numbers=("entries",))
        put()
        for facet, versions in found.versions.items():
            some = [each for each in versions if each.entries]
            rows = [(k.version, *map(str, (k.entries, k.landed, k.merged, k.stated, k.issue))) for k in some[:limit]]
            print_table((facet, *NUMBERS), rows, numbers=NUMBERS)
            put()
        if found.topics:
            print_table(("topic", "entries"), counts(found.topics)[:limit], numbers=("entries",))
    if not found.entries:
        raise click.exceptions.Exit(1)


NUMBERS = ("entries", "landed", "merged", "stated", "in development")


def record(found: Stats, about: About) -> dict[str, Any]:
    """Return the numbers for JSON, with the versions of each facet under its plural name."""
    made: dict[str, Any] = {}
    for name, value in asdict(found).items():
        made |= {about.versions[facet].plural: value[facet] for facet in value} if name == "versions" else {name: value}
    return made


def counts(found: dict[str, int]) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in found.items()]


def summary(found: Stats) -> Iterator[str]:
    """Yield the totals, and a sparkline of the entries per issue."""
    yield (
        f"{counted(len(found.issues), 'issue')}, {counted(found.entries, 'entry', 'entries')}, "
        f"{counted(found.authors, 'author')}, {counted(found.identifiers, 'identifier')}"
        + (f", {found.series:,} series of patches" if found.series else "")
    )
    if found.issues:
        shown = sorted(found.issues, key=lambda each: each.date)
        shown = shown[-shutil.get_terminal_size().columns :] if is_terminal() else shown
        most = max(each.entries for each in shown)
        days = [each.date for each in shown if each.date]
        period = f", {days[0]} to {days[-1]}" if days else ""
        yield f"entries per issue{period}, at most {most:,}:"
        yield sparkline([each.entries for each in shown])


def sparkline(numbers: Sequence[int]) -> str:
    """Return one bar per number. The tallest stands for the largest number, the lowest for few or none."""
    most = max(numbers, default=0) or 1
    return "".join(BARS[round(number * (len(BARS) - 1) / most)] for number in numbers)
