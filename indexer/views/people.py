"""Author and speaker views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from indexer.analysis import fold
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.catalog.spellings import Spellings
from indexer.query.tree import And, Match
from indexer.views.briefs import Brief, briefs, kinds_of, most_first
from indexer.views.listing import Listing
from indexer.views.series import SeriesCount, count_of

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
    """A person's entries in reading order (without patches under a cover letter), entries by topic, and series.

    `spellings` are the other spellings of the name in the issues.
    """

    person: PersonCount
    entries: tuple[Brief, ...]
    topics: dict[str, int]
    series: tuple[SeriesCount, ...]
    spellings: tuple[str, ...]


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
    return Listing([term.text for term in found], lambda name: counted(catalog, name))


def person_of(catalog: Catalog, name: str) -> PersonAbout | None:
    """Return a person by any spelling, ignoring case and accents, or None."""
    known = spellings(catalog).named(name) if len(name) <= LONGEST else None
    if known is None:
        return None
    where = Match("author", known)
    return PersonAbout(
        counted(catalog, known),
        briefs(catalog, catalog.find(And((where, Match("lead", "yes"))))),
        most_first(catalog.count("topic", where)),
        series_by(catalog, known),
        spellings(catalog).of(known)[1:],
    )


def series_by(catalog: Catalog, person: str) -> tuple[SeriesCount, ...]:
    """Return the series whose last version is by a person."""
    found = (count_of(catalog, each) for each in sorted(catalog.count("series", Match("author", person))))
    return tuple(each for each in found if person in each.people)


def counted(catalog: Catalog, name: str) -> PersonCount:
    where = Match("author", name)
    kinds = kinds_of(catalog, where)
    return PersonCount(name, sum(kinds.values()), len(catalog.count("issue", where)), kinds)
