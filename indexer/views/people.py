"""The people whose patches, talks and texts the issues have, and what there is by each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.analysis import fold
from indexer.search.people import spellings
from indexer.storage.index import Ids, Index
from indexer.views.briefs import Brief, briefs, holding, kinds_of, most_first
from indexer.views.series import SeriesCount, all_series

LONGEST = 200


@dataclass(frozen=True, slots=True)
class PersonCount:
    """A person and how many entries there are by them, in all and of each kind, in how many issues."""

    name: str
    entries: int
    issues: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class PersonAbout:
    """What there is by a person in reading order, without patches below a cover; how many are on each topic; series.

    `spellings` are the other ways in which the issues write the name.
    """

    person: PersonCount
    entries: tuple[Brief, ...]
    topics: dict[str, int]
    series: tuple[SeriesCount, ...]
    spellings: tuple[str, ...]


def people(index: Index) -> tuple[PersonCount, ...]:
    """Return all authors and speakers, those with most entries first."""
    found = (counted(index, name, holding(index, "person", name)) for name in index.values("person").names)
    return tuple(sorted(found, key=lambda person: (-person.entries, fold(person.name))))


def person_of(index: Index, name: str) -> PersonAbout | None:
    """Return what there is by a person in any spelling, case and accents aside; None where there is nothing."""
    held = index.once(spellings)
    known = held.named(name) if len(name) <= LONGEST else None
    if known is None:
        return None
    docs = holding(index, "person", known)
    leads = np.intersect1d(docs, holding(index, "lead", "yes"), assume_unique=True)
    series = tuple(each for each in all_series(index) if known in each.people)
    topics = counts(index, "topic", docs)
    return PersonAbout(
        counted(index, known, docs), briefs(index, leads), most_first(topics), series, held.of(known)[1:]
    )


def counted(index: Index, name: str, docs: Ids) -> PersonCount:
    return PersonCount(name, len(docs), len(counts(index, "issue", docs)), kinds_of(index, docs))


def counts(index: Index, field: str, docs: Ids) -> dict[str, int]:
    """Return how many of some entries have each value of a field."""
    found = index.values(field).counts(docs)
    return dict(sorted(found.items()))
