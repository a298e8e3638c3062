"""Short forms of entries, for lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from indexer.catalog.about import IssueAbout
from indexer.catalog.protocol import Catalog
from indexer.model import Entry
from indexer.query.tree import Match, Node, Or

Author = Annotated[str | None, "The author as the newsletter writes it."]
People = Annotated[tuple[str, ...], "The authors, each with the same spelling in all entries."]


@dataclass(frozen=True, slots=True)
class Brief:
    """The short form of an entry, for lists."""

    id: str
    title: str
    kind: Annotated[str, "One of the kinds that the profiles declare."]
    issue: Annotated[str, "The issue, newsletter/number."]
    date: Annotated[str, "The day of the issue, YYYY-MM-DD."]
    section: Annotated[tuple[str, ...], "The headings above it, outermost first."]
    author: Author
    people: People
    url: Annotated[str | None, "The first link of the entry."]
    parent: Annotated[str | None, "The id of the cover letter that a patch is below."]
    tree: Annotated[str | None, "The tree that a patch is for."]
    series: Annotated[str | None, "The id of the series of a patch."]
    version: Annotated[int | None, "The version of the series."]
    original_url: Annotated[str | None, "The URL of its text on the issue's page."]
    source_url: Annotated[str | None, "The URL of its line in the issue's source."]


def issue_key(entry: Entry) -> str:
    """Return the issue of an entry as newsletter/label."""
    return f"{entry.newsletter}/{entry.issue}"


def issue_about(catalog: Catalog, entry: Entry) -> IssueAbout:
    """Return the metadata of an entry's issue."""
    return catalog.about.issues[issue_key(entry)]


def brief(catalog: Catalog, entry: Entry) -> Brief:
    """Return the short form of an entry."""
    return Brief(
        id=entry.id,
        title=entry.title,
        kind=entry.kind,
        issue=issue_key(entry),
        date=issue_about(catalog, entry).date[:10],
        section=entry.section,
        author=entry.author,
        people=entry.people,
        url=entry.url,
        parent=entry.parent,
        tree=entry.tree,
        series=entry.series,
        version=entry.version,
        original_url=entry.original_url,
        source_url=entry.source_url,
    )


def briefs(catalog: Catalog, entries: Iterable[Entry]) -> tuple[Brief, ...]:
    """Return the short forms of entries, in order."""
    return tuple(brief(catalog, entry) for entry in entries)


def any_of(field: str, values: Iterable[str]) -> Node:
    """Return the condition that a field has any of the values."""
    return Or(tuple(Match(field, value) for value in values))


def kinds_of(catalog: Catalog, where: Node) -> dict[str, int]:
    """Return the number of entries of each kind that match a condition, in the order of the kinds."""
    counts = catalog.count("kind", where)
    return {kind: counts[kind] for kind in dict.fromkeys((*catalog.about.kinds, *counts)) if counts.get(kind)}


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Sort counts in descending order, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
