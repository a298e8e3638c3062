"""backissue check: every issue read and reported on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

from indexer.build.workers import ahead
from indexer.catalog.protocol import Catalog
from indexer.checking import Report, check, near_names, near_people, words_of
from indexer.cli.command import command, option
from indexer.cli.opened import catalog_of, where
from indexer.cli.root import folders
from indexer.cli.rows import OUTPUT, print_rows
from indexer.cli.terminal import Line, print_lines
from indexer.errors import BackissueError, IndexMissing
from indexer.formats import read_source
from indexer.ingest import parse, told_of
from indexer.kernel.series import Series
from indexer.model import Problem
from indexer.query.tree import Match
from indexer.sources.archive import Archive, Source
from indexer.storage.generations import check_contents
from indexer.storage.index import open_index

MEGABYTE = 1_000_000


@command("check")
@option("--strict", is_flag=True, help="Fail where there is any problem.")
@option(
    "-j",
    "--json",
    "as_json",
    is_flag=True,
    group=OUTPUT,
    help="Print one JSON object a line; its `what` is issue, problem or decision.",
)
@option("--index", "of_index", is_flag=True, help="Check the contents of the index instead of the issues.")
@folders
def check_command(archive: Archive, *, strict: bool, as_json: bool, of_index: bool) -> None:
    """Read every issue and report problems.

    Print the lines of each issue, its entries by kind, its boilerplate, and what was not understood. The report ends
    with ids that changed since the last index, and with names, people and series that a person has to decide on.

    With --index, read every file of the index and compare it with the checksum that was written when it was built; of
    an index in a cluster, say what it holds and whether copies are missing.
    """
    if of_index:
        print_lines([Line(contents(archive))])
        return
    reports: list[Report] = []
    problems: list[Problem] = []
    sources = archive.sources()
    with ahead(partial(report_on, archive), sources, attrgetter("key")) as found:
        for source in sources:
            try:
                reports.append(next(found))
            except BackissueError as error:
                problems.append(Problem(str(source.key), 0, str(error)))
    problems += [problem for report in reports for problem in report.problems]
    problems += changed_ids(archive, reports)
    if as_json:
        print_rows(objects(reports, problems, decisions(archive, reports)), (), as_json=True)
    else:
        print_lines(lines(reports, problems, decisions(archive, reports)))
    if strict and problems:
        raise click.exceptions.Exit(1)


def contents(archive: Archive) -> str:
    """Return a sentence on the index, of which each file was read; raises `IndexMissing` where one is damaged."""
    place = where(archive)
    if not isinstance(place, Path):
        from indexer.engines.opensearch.health import checked  # which needs an extra

        return checked(place)
    index = open_index(archive.data)
    check_contents(index.folder, index.about)
    sizes = [size for size, _ in index.about["files"].values()]
    return f"The index is whole: {len(sizes)} files, {sum(sizes) / MEGABYTE:,.1f} MB."


def lines(reports: Sequence[Report], problems: Sequence[Problem], to_decide: Iterable[str]) -> Iterator[Line]:
    """Yield what was found in words."""
    yield from (Line(summary(report)) for report in reports)
    yield from (Line(f"problem: {problem}") for problem in problems)
    yield from (Line(f"to decide: {line}") for line in to_decide)
    entries = sum(len(report.issue.entries) for report in reports)
    yield Line(f"{len(reports)} issues, {entries} entries, {len(problems)} problems")


def objects(
    reports: Iterable[Report], problems: Iterable[Problem], to_decide: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Yield what was found as objects, each of which says what it is: an issue, a problem, or a decision to take."""
    yield from ({"what": "issue"} | about(report) for report in reports)
    yield from ({"what": "problem"} | asdict(problem) for problem in problems)
    yield from ({"what": "decision", "message": line} for line in to_decide)


def about(report: Report) -> dict[str, Any]:
    """Return what `summary` says of an issue."""
    issue = report.issue
    return {
        "id": str(issue.key),
        "edition": issue.edition,
        "lines": report.lines,
        "entries": len(issue.entries),
        "kinds": dict(report.kinds.most_common()),
        "boilerplate": report.boilerplate,
        "problems": len(report.problems),
    }


def report_on(archive: Archive, source: Source) -> Report:
    raw = archive.content(source.path)
    issue = parse(raw, source.path.name, archive, told_of(source, archive))[0]
    words = words_of(read_source(raw, source.path.name)[0].blocks)
    return check(issue, raw.decode("utf-8", "replace"), words)


def summary(report: Report) -> str:
    """Return the line on one issue."""
    issue = report.issue
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.kinds.most_common())
    return (
        f"{issue.key} ({issue.edition}): {report.lines} lines, {len(issue.entries)} entries "
        f"({kinds}), {report.boilerplate} boilerplate, {len(report.problems)} problems"
    )


def changed_ids(archive: Archive, reports: Iterable[Report]) -> list[Problem]:
    """Return a problem for each id that the current index has and that no entry has any more."""
    try:
        catalog = catalog_of(archive)
    except IndexMissing:
        return []
    try:
        return [problem for report in reports for problem in vanished(catalog, archive, report)]
    finally:
        catalog.close()


def vanished(catalog: Catalog, archive: Archive, report: Report) -> list[Problem]:
    key = str(report.issue.key)
    now = {entry.id for entry in report.issue.entries} | set(archive.redirects)
    before = [entry.id for entry in catalog.find(Match("issue", key))]
    hint = "give it a redirect in archive/redirects.tsv"
    return [Problem(key, 0, f"the id {old} is gone; {hint}") for old in before if old not in now]


def decisions(archive: Archive, reports: Iterable[Report]) -> list[str]:
    """Return what a person has to decide on: names, people and series that are alike."""
    issues = [report.issue for report in reports]
    names = [
        f"{near.written} ({near.where}) is {near.distance} letters from {near.known}; see facts/names.tsv"
        for near in near_names(issues, archive.facts)
    ]
    books: dict[str, Series] = {}
    for issue in issues:
        books.setdefault(issue.newsletter, Series(archive.same_series(issue.newsletter))).take(issue.entries)
    series = [
        f"{near.author}: {near.subject!r} and {near.other!r} are alike; see facts/series.tsv"
        for book in books.values()
        for near in book.near()
    ]
    people = [
        f"{one} and {other} may be one person; see facts/people.tsv"
        for one, other in near_people(issues, archive.facts)
    ]
    return names + people + series
