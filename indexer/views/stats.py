"""The numbers of entries by issue, kind, version and topic."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.catalog.protocol import Catalog
from indexer.query.tree import ALL
from indexer.views.briefs import kinds_of, most_first
from indexer.views.topics import topics
from indexer.views.versions import VersionCount, versions


@dataclass(frozen=True, slots=True)
class PerIssue:
    """An issue (newsletter/label), its day, and its number of entries."""

    issue: str
    date: str
    entries: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts: entries by kind and topic id, versions by facet from the newest, issues in reading order."""

    entries: int
    kinds: dict[str, int]
    topics: dict[str, int]
    versions: dict[str, tuple[VersionCount, ...]]
    authors: int
    identifiers: int
    series: int
    issues: tuple[PerIssue, ...]


def stats(catalog: Catalog) -> Stats:
    """Return the statistics of an archive."""
    return Stats(
        entries=catalog.about.entries,
        kinds=kinds_of(catalog, ALL),
        topics=most_first({each.id: each.entries for each in topics(catalog)}),
        versions={facet: versions(catalog, facet) for facet in catalog.about.versions},
        authors=len(catalog.terms("author")),
        identifiers=len(catalog.terms("identifier")),
        series=len(catalog.terms("series")),
        issues=tuple(PerIssue(key, each.date[:10], each.entries) for key, each in catalog.about.issues.items()),
    )
