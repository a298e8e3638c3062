"""backissue show: print one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from indexer.catalog.about import IssueAbout
from indexer.catalog.protocol import Catalog
from indexer.cli.command import command
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.opened import opened
from indexer.cli.rows import for_programs, print_rows
from indexer.cli.terminal import Line, linkable, print_lines
from indexer.cli.wording import outcome_in_words, versions_in_words
from indexer.model import Entry
from indexer.records import to_record
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.briefs import issue_about
from indexer.views.reported_series import reported_series

LABELS = 10  # width of the column with the names of an entry's properties


@command(
    "show",
    examples=(("show bpf-updates/9/the-xdp-redirect-series", "the entry with its versions and links"),),
)
@click.argument("entry_id", metavar="ID", shell_complete=complete("id"))
@for_programs
@folders
def show_command(archive: Archive, entry_id: str, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print one entry.

    ID is an id such as bpf-updates/9/the-xdp-redirect-series, as printed by backissue search.
    """
    catalog = opened(archive)
    entry = lookup.entry(catalog, entry_id)
    issue = issue_about(catalog, entry)
    record = to_record(entry) | {"source": issue.edition}
    if as_json or fields:
        print_rows([record], fields, as_json=as_json)
        return
    print_lines(
        (*entry_lines(entry, issue, record, reading=entry.kind in catalog.about.reading), *series_lines(catalog, entry))
    )


def series_lines(catalog: Catalog, entry: Entry) -> Iterator[Line]:
    """Yield the outcomes of the series that an entry belongs to or reports on."""
    for each in reported_series(catalog, entry):
        if each.superseded_by:
            yield Line(f"Version {each.version} of its series was superseded by version {each.superseded_by}.")
        yield Line(f"{each.subject}: {each.result.said}", LABELS, label="series")


def development_in_words(entry: Entry) -> str | None:
    """Return which versions were in development when an entry was reported."""
    versions = dict.fromkeys(each.version for each in entry.versions if each.how == "issue")
    return f"while {' or '.join(versions)} was in development" if versions else None


def author_in_words(entry: Entry) -> str | None:
    """Return the author as written, followed by the usual spelling if it differs; None without an author."""
    return f"{entry.author} ({', '.join(entry.otherwise)})" if entry.otherwise else entry.author


def entry_lines(entry: Entry, issue: IssueAbout, record: Mapping[str, Any], *, reading: bool) -> Iterator[Line]:
    """Yield the title and text of an entry, and its metadata with labels.

    For a `reading` kind, such as a talk, and for patches with a known outcome, the version of its date is only shown as
    when it was reported.
    """
    reading = reading or (entry.outcome is not None and entry.outcome.settled)
    yield Line(entry.title, style="bold")
    yield Line()
    if entry.body != entry.title:
        yield from map(Line, entry.body.split("\n"))
        yield Line()
    known = {
        "kind": entry.kind,
        "author": author_in_words(entry),
        "issue": f"{issue.title}, {issue.appeared} ({issue.edition})",
        entry.facet: versions_in_words(record.get(entry.facet, ()), dated=not reading),
        "reported": development_in_words(entry) if reading else None,
        "outcome": outcome_in_words(entry.outcome) if entry.outcome else None,
        "names": ", ".join(f"{n.written} is {n.canonical}" for n in entry.names),
        "topics": ", ".join(entry.topics),
        "series": entry.series,
        "link": entry.url,
        "original": entry.original_url,
        "source": entry.source_url,
        "archived": entry.archived_url,
    }
    for name, value in known.items():
        if value:
            yield Line(value, LABELS, url=linkable(value), label=name)
    for number, version in enumerate(entry.versions):
        yield Line(f"{version.version}: {version.evidence}", LABELS, label="" if number else "evidence")
    for each in entry.corrections:
        was = f", was {each.before}" if each.before else ""
        yield Line(f"corrected {each.field}{was}: {each.reason}", url=linkable(each.source))
