"""Patch series: their versions and their outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Annotated

from indexer.annotating.addresses import same_page
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog, total
from indexer.kernel.series import heads_of
from indexer.kernel.series_outcomes import SeriesResult, result_of, superseding
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry, Label, Landing, version_posted
from indexer.query.tree import And, Match, Node, Not
from indexer.views.briefs import Author, Brief, People, any_of, brief, briefs, issue_about
from indexer.views.first_releases import landing_of
from indexer.views.identifier_lookup import names
from indexer.views.listing import Listing
from indexer.views.merge_reports import REPORTING_KINDS, merge_reports_on

MOST_LISTED = 200  # series of several patches in a list
MOST_HOLDERS = 12  # entries that mention a name; a name with more mentions is not specific enough


@dataclass(frozen=True, slots=True)
class SeriesVersion:
    """A version of a series in an issue."""

    version: int
    rfc: bool
    issue: Annotated[str, "The issue, newsletter/number."]
    date: str
    tree: str | None
    cover: Brief | None
    patches: tuple[Brief, ...]
    outcome: Annotated[str, "One of merged, superseded, not merged, unknown."]
    superseded_by: Annotated[int | None, "The later version that replaces it."]


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """An entry that reports on a series, and how that is known."""

    entry: Brief
    why: str


@dataclass(frozen=True, slots=True)
class SeriesLanding:
    """The landing of a name that a series introduces, and the patch that introduces it."""

    landing: Landing
    why: str


@dataclass(frozen=True, slots=True)
class SeriesAbout:
    """A series, its versions from the oldest on, and its outcome."""

    id: str
    author: Author
    people: People
    subject: Annotated[str, "The subject of its last version."]
    versions: tuple[SeriesVersion, ...]
    outcomes: tuple[SeriesReport, ...]
    landings: tuple[SeriesLanding, ...]
    result: SeriesResult


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """A series and the number of its patches and cover letters."""

    id: str
    author: Author
    people: People
    subject: Annotated[str, "The subject of its last version."]
    versions: Annotated[tuple[int, ...], "The versions that the issues contain."]
    entries: int
    date: Annotated[str, "The day of the newest issue that has it, YYYY-MM-DD."]
    newsletter: Annotated[str, "The newsletter of that issue."]


def all_series(catalog: Catalog) -> Listing[SeriesCount]:
    """Return all series, by their ids."""
    return Listing([term.text for term in catalog.terms("series")], lambda some: counts_of(catalog, some))


def of_several(catalog: Catalog) -> tuple[SeriesCount, ...]:
    """Return the series with several patches by id; if there are many, those with the most entries."""
    return once(catalog, largest_series)


def several_patches(catalog: Catalog) -> dict[str, int]:
    """Return the series with several patches, and their numbers of patches."""
    return once(catalog, count_several)


def count_several(catalog: Catalog) -> dict[str, int]:
    """Count the patches of the series with several, without the cache."""
    return {series: entries for series, entries in catalog.count("series").items() if entries > 1}


def largest_series(catalog: Catalog) -> tuple[SeriesCount, ...]:
    """Compute the series with the most entries."""
    several = sorted((-entries, series) for series, entries in several_patches(catalog).items())
    return counts_of(catalog, sorted(series for _, series in several[:MOST_LISTED]))


def counts_of(catalog: Catalog, series: Sequence[str]) -> tuple[SeriesCount, ...]:
    """Return the short forms of series, each from the first patch or cover letter of its last version."""
    versions = versions_of(catalog, series)
    newest = {each.series: each for each in catalog.firsts("series", any_of("series", series), order="newest")}
    return tuple(count_of(catalog, newest[each], versions[each]) for each in series)


def versions_of(catalog: Catalog, series: Sequence[str]) -> dict[str, dict[int, int]]:
    """Return the versions of each series with their numbers of entries."""
    found: dict[str, dict[int, int]] = {}
    for posting, entries in catalog.count("posting", any_of("series", series)).items():
        name, version = version_posted(posting)
        found.setdefault(name, {})[version] = entries
    return found


def count_of(catalog: Catalog, newest: Entry, entries: Mapping[int, int]) -> SeriesCount:
    """Return the short form of a series from the first entry of its newest issue, and its entries by version."""
    series, date = newest.series or "", issue_about(catalog, newest).date[:10]
    if (newest.version or 1) < max(entries):  # a later version may be of the same day
        patches = catalog.find(Match("series", series), order="newest")
        of_day = takewhile(lambda each: issue_about(catalog, each).date[:10] == date, patches)
        newest = max(of_day, key=lambda each: each.version or 1)
    subject = parse_subject(newest.title).words
    return SeriesCount(
        series, newest.author, newest.people, subject, tuple(sorted(entries)), sum(entries.values()), date,
        newest.newsletter,
    )  # fmt: skip


def series_of(catalog: Catalog, series_id: str) -> SeriesAbout | None:
    """Return a series with its versions, or None."""
    patches = list(catalog.find(Match("series", series_id)))
    if not patches:
        return None
    versions = tuple(sorted(postings(catalog, patches), key=lambda each: (each.date, each.version, not each.rfc)))
    last = versions[-1].cover or versions[-1].patches[0]
    result = result_of(patches)
    return SeriesAbout(
        id=series_id,
        author=last.author,
        people=last.people,
        subject=parse_subject(last.title).words,
        versions=tuple(with_outcome(version, result, versions) for version in versions),
        outcomes=tuple(outcomes(catalog, patches)),
        landings=tuple(series_landings(catalog, patches)),
        result=result,
    )


def postings(catalog: Catalog, patches: Iterable[Entry]) -> Iterator[SeriesVersion]:
    """Yield each posting of a series: its first patch or cover letter, and the patches that follow."""
    of_issues: dict[Label, list[Entry]] = {}
    for patch in patches:
        of_issues.setdefault(patch.issue, []).append(patch)
    heads = {head.id for of_issue in of_issues.values() for head in heads_of(of_issue)}
    posted: list[list[Entry]] = []
    for patch in patches:
        if patch.id in heads or not posted:
            posted.append([])
        posted[-1].append(patch)
    for each in posted:
        yield posting(briefs(catalog, each))


def posting(patches: Sequence[Brief]) -> SeriesVersion:
    """Return a posting from its patches in order; the first may be the cover letter."""
    first = patches[0]
    subject = parse_subject(first.title)
    covers = subject.number == 0 or any(patch.parent == first.id for patch in patches)
    return SeriesVersion(
        version=first.version or subject.version,
        rfc=subject.rfc,
        issue=first.issue,
        date=first.date,
        tree=first.tree,
        cover=first if covers else None,
        patches=tuple(patches[1:] if covers else patches),
        outcome="unknown",
        superseded_by=None,
    )


def with_outcome(version: SeriesVersion, result: SeriesResult, versions: Iterable[SeriesVersion]) -> SeriesVersion:
    """Return a version of a series with its own outcome."""
    later = superseding(version.version, result, (each.version for each in versions))
    outcome = "superseded" if later else result.outcome if result.version == version.version else "unknown"
    return replace(version, outcome=outcome, superseded_by=later)


def outcomes(catalog: Catalog, patches: Sequence[Entry]) -> Iterator[SeriesReport]:
    """Yield the reports on a series, in reading order, found by a link, a subject or a name."""
    whys: dict[str, str] = {}
    reports: dict[str, Entry] = {}
    for report, why in candidate_reports(catalog, patches):
        reports.setdefault(report.id, report)
        whys.setdefault(report.id, why)
    issues = {key: number for number, key in enumerate(catalog.about.issues)}
    since = issue_about(catalog, patches[0]).date[:10]
    found = [each for each in reports.values() if each.kind in REPORTING_KINDS]
    for report in sorted(found, key=lambda each: (issues[issue_about(catalog, each).key], each.n)):
        if issue_about(catalog, report).date[:10] >= since:
            yield SeriesReport(brief(catalog, report), whys[report.id])


def why_reported(catalog: Catalog, patches: Sequence[Entry], report: Entry) -> str | None:
    """Return the strongest evidence that an entry reports on a series, or None."""
    if issue_about(catalog, report).date[:10] < issue_about(catalog, patches[0]).date[:10]:
        return None
    own = Match("id", report.id)
    return next((why for each, why in candidate_reports(catalog, patches, own) if each.id == report.id), None)


def candidate_reports(
    catalog: Catalog, patches: Sequence[Entry], among: Node | None = None
) -> Iterator[tuple[Entry, str]]:
    """Yield candidate reports on a series, each with the evidence, the strongest first.

    With `among`, entries that do not match this condition may be left out.
    """
    for patch in patches:
        for report in catalog.find(meeting_both(Match("linked", same_page(patch.url)), among)) if patch.url else ():
            yield report, f"links to {patch.title}"
    for report in merge_reports_on(catalog, patches):
        yield report, "says that it was merged"
    for name, where in shared(catalog, patches):
        if total(catalog, where) <= MOST_HOLDERS:
            for report in catalog.find(meeting_both(where, among)):
                yield report, f"names {name}, as the series does"


def meeting_both(where: Node, among: Node | None) -> Node:
    """Return a condition together with another one, if there is one."""
    return where if among is None else And((where, among))


def shared(catalog: Catalog, patches: Sequence[Entry]) -> Iterator[tuple[str, Node]]:
    """Yield the names that patches mention, introduced ones first, each with a condition.

    It is met by the other entries that mention the name.
    """
    known = names(catalog)
    introduced = [name for patch in patches for name in known.introduced_by(patch)]
    for name in dict.fromkeys((*introduced, *(name for patch in patches for name in known.of(patch)))):
        yield name, And((known.where(name), Not(Match("series", patches[0].series or ""))))


def series_landings(catalog: Catalog, patches: Sequence[Entry]) -> Iterator[SeriesLanding]:
    """Yield the landings of the names that a series introduces, each once, with the first patch that does."""
    first: dict[str, Entry] = {}
    for patch in patches:
        for name in names(catalog).introduced_by(patch):
            first.setdefault(name, patch)
    for name, patch in first.items():
        if landing := landing_of(catalog, name):
            yield SeriesLanding(landing, f"{patch.title} introduces it")
