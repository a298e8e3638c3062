"""Author and speaker views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from indexer.analysis import fold
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog, Order, total
from indexer.catalog.spellings import Spellings
from indexer.query.tree import And, Match
from indexer.views.briefs import Brief, briefs, kinds_of, most_first
from indexer.views.listing import Listing
from indexer.views.series import SeriesCount, counts_of

LONGEST = 200


@dataclass(frozen=True, slots=True)
class PersonCount:
    """An author or speaker and the number of their entries."""

    name: str
    entries: int
    issues: Annotated[int, "The number of issues."]
    kinds: Annotated[dict[str, int], "The number of entries of each kind."]


@dataclass(frozen=True, slots=True)
class PersonAbout:
    """A person's entries (without patches under a cover letter), entries by topic, and series; lists may be parts.

    `spellings` are the other spellings of the name in the issues, `first` and `last` the days of the first and the
    last issue with an entry, "" if unknown.
    """

    person: PersonCount
    entries: tuple[Brief, ...]
    all_entries: int
    first: str
    last: str
    topics: dict[str, int]
    series: tuple[SeriesCount, ...]
    all_series: int
    spellings: tuple[str, ...]


class EntriesPart(NamedTuple):
    """A part of a list of entries: their order, how many are skipped, and how many there are at most."""

    order: Order = "reading"
    skip: int = 0
    limit: int | None = None


WHOLE = EntriesPart()


def spellings(catalog: Catalog) -> Spellings:
    """Return the people by every spelling in the issues."""
    return once(catalog, all_spellings)


def all_spellings(catalog: Catalog) -> Spellings:
    """Compute the people by spelling."""
    written = (term.text for term in catalog.terms("written"))
    names = [term.text for term in catalog.terms("author")]
    return Spellings(names, ((text, sorted(catalog.count("author", Match("written", text)))) for text in written))


def people(catalog: Catalog) -> Listing[PersonCount]:
    """Return all authors and speakers, those with the most entries first."""
    found = sorted(catalog.terms("author"), key=lambda term: (-term.entries, fold(term.text)))
    return Listing([term.text for term in found], lambda some: (counted(catalog, name) for name in some))


def person_of(
    catalog: Catalog, name: str, part: EntriesPart = WHOLE, most_series: int | None = None
) -> PersonAbout | None:
    """Return a person by any spelling, ignoring case and accents, or None.

    Of the entries, a part is returned, and of the series up to `most_series`, those with the most patches.
    """
    known = spellings(catalog).named(name) if len(name) <= LONGEST else None
    if known is None:
        return None
    where = Match("author", known)
    leads = And((where, Match("lead", "yes")))
    shown = catalog.find(leads, order=part.order, limit=part.limit, skip=part.skip)
    issues = (catalog.about.issues[issue] for issue in catalog.count("issue", where))
    days = [issue.date[:10] for issue in issues if issue.date]
    patches = catalog.count("series", where)
    largest = sorted(patches, key=lambda series: (-patches[series], series))[:most_series]
    series = series_by(catalog, known, sorted(largest))
    return PersonAbout(
        person=counted(catalog, known),
        entries=briefs(catalog, shown),
        all_entries=total(catalog, leads),
        first=min(days, default=""),
        last=max(days, default=""),
        topics=most_first(catalog.count("topic", where)),
        series=series,
        all_series=len(series) if len(largest) == len(patches) else len(patches),
        spellings=spellings(catalog).of(known)[1:],
    )


def series_by(catalog: Catalog, person: str, names: Sequence[str]) -> tuple[SeriesCount, ...]:
    """Return those series whose last version is by a person."""
    return tuple(each for each in counts_of(catalog, names) if person in each.people)


def counted(catalog: Catalog, name: str) -> PersonCount:
    where = Match("author", name)
    kinds = kinds_of(catalog, where)
    return PersonCount(name, sum(kinds.values()), len(catalog.count("issue", where)), kinds)
