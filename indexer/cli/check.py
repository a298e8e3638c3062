"""backissue check: read every issue and report problems."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

from indexer.build.workers import in_workers
from indexer.catalog.protocol import Catalog
from indexer.checking import Report, check, near_names, near_people, words_of
from indexer.cli.advice import advice_on, in_words, sampled
from indexer.cli.command import command, option
from indexer.cli.folders import folders
from indexer.cli.opened import catalog_of, where
from indexer.cli.rows import OUTPUT, print_rows
from indexer.cli.terminal import Line, print_lines
from indexer.cli.wording import counted
from indexer.errors import BackissueError, IndexMissing
from indexer.inferring.findings import Sample
from indexer.ingest import hints_for, with_documents
from indexer.kernel.series import Series
from indexer.model import IssueKey, Problem
from indexer.query.tree import Match
from indexer.sources.archive import Archive, Source
from indexer.storage.generations import check_contents
from indexer.storage.index import open_index

MEGABYTE = 1_000_000


@command(
    "check",
    examples=(
        ("check", "all issues of the archive"),
        ("check --strict", "the same, with exit status 1 if there is any problem"),
        ("check --index", "the files of the index"),
    ),
)
@option("--strict", is_flag=True, help="Exit with 1 if there is any problem.")
@option(
    "-j",
    "--json",
    "as_json",
    is_flag=True,
    group=OUTPUT,
    help="Print one JSON object per line; `what` is issue, problem, advice or decision.",
)
@option("--index", "of_index", is_flag=True, help="Check the files of the index instead of the issues.")
@folders
def check_command(archive: Archive, *, strict: bool, as_json: bool, of_index: bool) -> None:
    """Read every issue and report problems.

    For each issue, print the number of its lines, its entries by kind, its boilerplate, and what was not understood.
    Advice names what is not divided well, with an example and what to write to the newsletter's table. The report
    ends with ids that have changed since the last index, and with similar names, people and series that may be the
    same.

    With --index, compare every file of the index with its checksum instead. For an index in a cluster, print what it
    contains and whether copies are missing.
    """
    if of_index:
        print_lines([Line(contents(archive))])
        return
    reports: list[Report] = []
    problems = archive.misnamed()
    sources = archive.sources()
    wanted = sampled(archive, sources)
    with in_workers(partial(report_on, archive, wanted), sources, attrgetter("key")) as found:
        for source in sources:
            try:
                reports.append(next(found))
            except BackissueError as error:
                problems.append(Problem(str(source.key), 0, str(error)))
    problems += [problem for report in reports for problem in report.problems]
    problems += changed_ids(archive, reports)
    advice = list(advice_on(archive, reports))
    if as_json:
        print_rows(objects(reports, problems, advice, decisions(archive, reports)), (), as_json=True)
    else:
        print_lines(lines(reports, problems, advice, decisions(archive, reports)))
    if strict and problems:
        raise click.exceptions.Exit(1)


def contents(archive: Archive) -> str:
    """Verify every file of the index and return a summary. Raises `IndexMissing` if one is damaged."""
    place = where(archive)
    if not isinstance(place, Path):
        from indexer.engines.opensearch.health import checked  # needs the extra `opensearch`

        return checked(place)
    index = open_index(archive.data)
    check_contents(index.folder, index.metadata)
    sizes = [size for size, _ in index.metadata["files"].values()]
    return f"The index is intact: {len(sizes)} files, {sum(sizes) / MEGABYTE:,.1f} MB."


def lines(
    reports: Sequence[Report], problems: Sequence[Problem], advice: Iterable[dict[str, str]], to_decide: Iterable[str]
) -> Iterator[Line]:
    """Yield the report as text."""
    yield from (Line(summary(report)) for report in reports)
    yield from (Line(f"problem: {problem}") for problem in problems)
    yield from (Line(f"advice: {in_words(each)}") for each in advice)
    yield from (Line(f"to decide: {line}") for line in to_decide)
    entries = sum(len(report.issue.entries) for report in reports)
    numbers = ((len(reports), "issue"), (entries, "entry", "entries"), (len(problems), "problem"))
    yield Line(", ".join(counted(*each) for each in numbers))


def objects(
    reports: Iterable[Report], problems: Iterable[Problem], advice: Iterable[dict[str, str]], to_decide: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Yield the report as JSON objects, whose `what` is issue, problem, advice or decision."""
    yield from ({"what": "issue"} | about(report) for report in reports)
    yield from ({"what": "problem"} | asdict(problem) for problem in problems)
    yield from ({"what": "advice"} | each for each in advice)
    yield from ({"what": "decision", "message": line} for line in to_decide)


def about(report: Report) -> dict[str, Any]:
    """Return the figures of an issue's `summary` as an object."""
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


def report_on(archive: Archive, wanted: Collection[IssueKey], source: Source) -> Report:
    """Check the issue of a source. The report has its document if the key is `wanted`."""
    raw = archive.content(source.path)
    hint_options = hints_for(source, archive)
    document, issue = with_documents(raw, source.path.name, archive, hint_options)[0]
    report = check(issue, raw.decode("utf-8", "replace"), words_of(document.blocks))
    sample = Sample(hint_options.name or source.path.name, document) if source.key in wanted else None
    return replace(report, sample=sample)


def summary(report: Report) -> str:
    """Return the line about one issue."""
    issue = report.issue
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.kinds.most_common())
    return (
        f"{issue.key} ({issue.edition}): {counted(report.lines, 'line')}, "
        f"{counted(len(issue.entries), 'entry', 'entries')} ({kinds}), {report.boilerplate:,} boilerplate, "
        f"{counted(len(report.problems), 'problem')}"
    )


def changed_ids(archive: Archive, reports: Iterable[Report]) -> list[Problem]:
    """Return a problem for each id of the current index that no entry has any more."""
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
    hint = "Add a redirect for it to archive/redirects.tsv."
    return [Problem(key, 0, f"The id {old} no longer exists. {hint}") for old in before if old not in now]


def decisions(archive: Archive, reports: Iterable[Report]) -> list[str]:
    """Return the names, people and series that are similar, for a person to decide whether they are the same."""
    issues = [report.issue for report in reports]
    names = [
        f"{near.written} ({near.where}) differs from {near.known} in {near.distance} letters; see facts/names.tsv"
        for near in near_names(issues, archive.facts)
    ]
    books: dict[str, Series] = {}
    for issue in issues:
        books.setdefault(issue.newsletter, Series(archive.same_series(issue.newsletter))).take(issue.entries)
    series = [
        f"{near.author}: {near.subject!r} and {near.other!r} are similar; see facts/series.tsv"
        for book in books.values()
        for near in book.near()
    ]
    people = [
        f"{one} and {other} may be the same person; see facts/people.tsv"
        for one, other in near_people(issues, archive.facts)
    ]
    return names + people + series
