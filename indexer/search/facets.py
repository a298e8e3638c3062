"""Filters of a query: which entries they leave, and how many each value of a facet would leave."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from indexer.catalog.facets import (
    BY_NAME,
    HOW_SHOWN,
    OTHER_OF_PAIR,
    PAIRED,
    PAIRS,
    Count,
    Facet,
    in_range,
    nothing,
    ordered,
    version_key,
)
from indexer.model import HOWS
from indexer.query.query import Query
from indexer.search.people import spellings
from indexer.search.scoring import SURE_WEIGHT, UNSURE_WEIGHT
from indexer.storage.index import Floats, Ids, Index, Mask

Chosen = Mapping[str, tuple[str, ...]]


def settled(index: Index, query: Query) -> tuple[Query, list[str]]:
    """Return the query with each chosen value as the index has it, and a notice for each that it has not.

    A range becomes the versions in it, an issue's number the issues with it, an author's name the full ones
    of whom it means.
    """
    if not query.filters:
        return query, []
    filters: dict[str, tuple[str, ...]] = {}
    notices: list[str] = []
    for name, wanted in query.filters.items():
        held = index.values(BY_NAME[name].field).names
        if all(value in held for value in wanted):
            filters[name] = wanted
            continue
        known = known_values(index, name)
        found: list[str] = []
        for value in wanted:
            means = [value] if value in held else meant(index, name, value, known)
            notices += [] if means else [nothing(name, value, known)]
            found += means or [value]
        filters[name] = tuple(dict.fromkeys(found))
    return replace(query, filters=filters), notices


def having(index: Index, chosen: Chosen) -> Mask:
    """Return the entries that all chosen filters leave.

    Values of one filter are alternatives. `kernel` and `how` together want one version that is both.
    """
    mask = np.ones(index.size, dtype=bool)
    for condition in conditions(index, chosen).values():
        mask &= condition
    return mask


def conditions(index: Index, chosen: Chosen) -> dict[str, Mask]:
    """Return by the name of each filter that is chosen the entries it leaves; "kernel" is that of `how`, too."""
    both = all(chosen.get(name) for name in PAIRED)
    found = {
        (PAIRS if name in PAIRED else name): index.chosen(BY_NAME[name].field, values)
        for name, values in chosen.items()
        if values and not (both and name in PAIRED)
    }
    if both:
        found[PAIRS] = index.chosen(PAIRS, pairs(chosen["kernel"], chosen["how"]))
    return found


def pairs(versions: Iterable[str], hows: Iterable[str]) -> tuple[str, ...]:
    """Return what the field of pairs of a version and a way to know it holds for some of both."""
    return tuple([f"{version}/{how}" for version, how in itertools.product(versions, hows)])


def surer(index: Index, chosen: Chosen, ids: Ids) -> Floats | None:
    """Return what the scores of some entries are multiplied by: more where a version asked for is known.

    None where no version is asked for.
    """
    if not chosen.get("kernel"):
        return None
    sure = index.chosen(PAIRS, pairs(chosen["kernel"], ("stated", "landed", "merged")))
    by_date = np.where(index.once(of_several_by_date)[ids], np.float32(UNSURE_WEIGHT), np.float32(1))
    return np.where(sure[ids], np.float32(SURE_WEIGHT), by_date)


def of_several_by_date(index: Index) -> Mask:
    """Return which entries may by their date be of one of several versions."""
    values = index.values(PAIRS)
    by_date = np.array([name.endswith("/issue") for name in values.names], dtype=bool)
    docs = values.docs[by_date[values.ids]] if len(by_date) else values.docs
    several: Mask = np.bincount(docs, minlength=index.size) > 1
    return several


class Narrowed:
    """The entries that match, narrowed by filters: what all leave, and what all but one would."""

    def __init__(self, index: Index, ids: Ids, chosen: Chosen) -> None:
        self.index = index
        self.chosen = chosen
        self.ids = ids
        self.conditions = {name: mask[ids] for name, mask in conditions(index, chosen).items()} if chosen else {}
        # Which of the entries all filters leave, None for all of them.
        self.left = meeting(self.conditions.values())
        self.rest: Ids = ids if self.left is None else ids[self.left]

    def but(self, name: str) -> Ids:
        """Return the entries that all filters but one leave."""
        own = PAIRS if name in PAIRED else name
        if own not in self.conditions:
            return self.rest
        left = meeting(condition for other, condition in self.conditions.items() if other != own)
        return self.ids if left is None else self.ids[left]

    def counts(
        self, facet: Facet, labels: Mapping[str, str], *, sooner: Mapping[str, int] | None = None
    ) -> list[Count]:
        """Return the values of a facet with their counts; without zeros, except for selected ones.

        Counts of the values in `sooner` are taken from there.
        """
        picked = self.chosen.get(facet.name, ())
        numbers = dict.fromkeys(picked, 0) | self.numbers(facet) | dict(sooner or {})
        found = [Count(value, labels.get(value, value), n, value in picked) for value, n in numbers.items()]
        return ordered(found, facet.order)

    def numbers(self, facet: Facet) -> dict[str, int]:
        """Return how many entries there would be for each value of a facet, without those that would leave nothing."""
        values = self.index.values(facet.field)
        ids = self.but(facet.name)
        other = OTHER_OF_PAIR.get(facet.name)
        if other is None or not self.chosen.get(other):
            return values.counts(ids)
        paired = {name: self._paired(facet.name, name, other, ids) for name in values.names}
        return {name: n for name, n in paired.items() if n}

    def _paired(self, name: str, value: str, other: str, ids: Ids) -> int:
        both = {name: (value,), other: self.chosen[other]}
        return int(np.count_nonzero(self.index.chosen(PAIRS, pairs(both["kernel"], both["how"]))[ids]))


def meeting(conditions: Iterable[Mask]) -> Mask | None:
    """Return what meets all of some conditions, None for everything."""
    each = list(conditions)
    return reduce(np.logical_and, each) if each else None


def known_values(index: Index, name: str) -> list[str]:
    """Return the values that a filter can have: those that an entry has, and all ways to know a version."""
    if name == "how":
        return list(HOWS)
    names = index.values(BY_NAME[name].field).names
    return sorted(names, key=version_key) if name == "kernel" else list(names)


def meant(index: Index, name: str, value: str, known: Sequence[str]) -> list[str]:
    """Return the known values that a wanted one means: its equal, a range's versions, whom a name means."""
    if name == "kernel":
        return [version for version in known if in_range(version, value)]
    if name == "how":
        return [HOW_SHOWN[value]] if value in HOW_SHOWN else []
    if name == "issue":
        return [each for each in known if value == each or value.lstrip("0") == each.partition("/")[2]]
    if name == "author":
        return index.once(spellings).meant(value)
    return [each for each in known if each == value]
