"""The series that an entry belongs to or reports on, and its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from indexer.annotating.addresses import same_page
from indexer.catalog.protocol import Catalog
from indexer.kernel.series_outcomes import SeriesResult, result_of, superseding
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.query.tree import And, Match
from indexer.views.briefs import People, any_of
from indexer.views.identifier_lookup import names
from indexer.views.merge_reports import REPORTING_KINDS, series_meant
from indexer.views.series import why_reported

PATCH = Match("kind", "patch")
MOST = 5  # series to list for a report
MOST_COMPARED = 50  # series that share a name with a report


@dataclass(frozen=True, slots=True)
class ReportedSeries:
    """A series that an entry belongs to or reports on, with its outcome."""

    id: str
    subject: Annotated[str, "The subject of its last version."]
    people: People
    why: Annotated[str, "Why the entry is a report on it; empty for a patch of the series."]
    version: Annotated[int | None, "The version of the series that the patch belongs to."]
    superseded_by: Annotated[int | None, "The version that replaced the patch's version."]
    result: SeriesResult


def reported_series(catalog: Catalog, entry: Entry) -> tuple[ReportedSeries, ...]:
    """Return the series of a patch, or those that a report is about."""
    if entry.kind == "patch":
        patches = list(catalog.find(Match("series", entry.series))) if entry.series else []
        return (as_reported(patches, "", entry),) if patches else ()
    if entry.kind not in REPORTING_KINDS:
        return ()
    return tuple(islice(reported(catalog, entry), MOST))


def reported(catalog: Catalog, report: Entry) -> Iterator[ReportedSeries]:
    """Yield the series that a report is about, the most certain first."""
    for series in dict.fromkeys(candidates(catalog, report)):
        patches = list(catalog.find(Match("series", series)))
        why = why_reported(catalog, patches, report)
        if why is not None:
            yield as_reported(patches, why)


def candidates(catalog: Catalog, report: Entry) -> Iterator[str]:
    """Yield the series that a report may be about: it links to them, reports a merge, or has a name in common."""
    if pages := {same_page(link.url) for link in report.links}:
        yield from series_among(catalog.find(And((any_of("page", sorted(pages)), PATCH))))
    if merged := series_meant(catalog, report):
        yield merged
    known = names(catalog)
    rare = (name for name in known.of(report) if known.often(name) <= MOST_COMPARED)
    for name in rare:
        yield from series_among(catalog.find(And((known.where(name), PATCH)), limit=MOST_COMPARED))


def series_among(patches: Iterator[Entry]) -> Iterator[str]:
    return (patch.series for patch in patches if patch.series)


def as_reported(patches: Sequence[Entry], why: str, own: Entry | None = None) -> ReportedSeries:
    """Return a series with its outcome. `own` is the patch that is shown, if any."""
    result = result_of(patches)
    last = max(patches, key=lambda each: each.version or 1)
    version = (own.version or 1) if own else None
    return ReportedSeries(
        id=last.series or "",
        subject=parse_subject(first_of(patches, last.version).title).words,
        people=last.people,
        why=why,
        version=version,
        superseded_by=superseding(version, result, (each.version or 1 for each in patches)) if version else None,
        result=result,
    )


def first_of(patches: Sequence[Entry], version: int | None) -> Entry:
    return next(patch for patch in patches if patch.version == version)
