"""Read the entries of an archive, with the series of their patches, without writing an index."""

from __future__ import annotations

from datetime import date, datetime

from indexer.build.fingerprint import digest_of_tables, has_issues_of, row_key, usable
from indexer.build.parsing import issue_from
from indexer.kernel.series import Series
from indexer.model import Entry, Problem
from indexer.sources.archive import Archive

Dates = dict[tuple[str, object], date]


def entries_and_dates(archive: Archive) -> tuple[list[Entry], Dates]:
    """Return all entries and the days of their issues, from the index if it is current, else from the sources."""
    index = usable(archive.data, digest_of_tables(archive))
    if index is None:
        return parsed(archive)
    try:
        if not has_issues_of(index, archive):
            return parsed(archive)
        rows = index.metadata["issues"]
        dates = {
            (row["newsletter"], row["number"]): datetime.fromisoformat(row["date"]).date()
            for row in rows
            if row["date"]
        }
        return [entry for row in rows for entry in index.entries_of(row_key(row))], dates
    finally:
        index.close()


def parsed(archive: Archive) -> tuple[list[Entry], Dates]:
    series: dict[str, Series] = {}
    entries: list[Entry] = []
    dates: Dates = {}
    problems: list[Problem] = []
    for source in archive.sources():
        issue = issue_from(source, archive, problems)
        if issue is not None:
            known = series.setdefault(issue.newsletter, Series(archive.same_series(issue.newsletter)))
            entries += known.take(issue.entries)
            if issue.date:
                dates[issue.newsletter, issue.label] = issue.date.date()
    return entries, dates
