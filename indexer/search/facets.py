"""Apply filters and count facet values."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from indexer.catalog.about import About
from indexer.catalog.facets import HOW_SHOWN, Count, Facet, nothing, ordered
from indexer.model import HOWS, pairs_of
from indexer.query.fields import HOW
from indexer.query.query import Query
from indexer.query.versions import in_range, version_key
from indexer.search.people import spellings
from indexer.search.scoring import SURE_WEIGHT, UNSURE_WEIGHT
from indexer.storage.index import Floats, Ids, Index, Mask

Selected = Mapping[str, tuple[str, ...]]
Wanted = tuple[str, tuple[str, ...]]  # a field, and values of which an entry must have one


def resolved(index: Index, query: Query) -> tuple[Query, list[str]]:
    """Return the query with its filter values resolved to values of the index, and a notice for each unknown one.

    A range becomes its versions, an issue number the matching issues, an author's name the matching full names.
    """
    if not query.filters:
        return query, []
    filters: dict[str, tuple[str, ...]] = {}
    notices: list[str] = []
    for name, wanted in query.filters.items():
        facet = index.about.facet[name]
        held = index.values(facet.field).names
        if all(value in held for value in wanted):
            filters[name] = wanted
            continue
        known = known_values(index, facet)
        found: list[str] = []
        for value in wanted:
            means = [value] if value in held else meant(index, facet, value, known)
            notices += [] if means else [nothing(facet, value, known)]
            found += means or [value]
        filters[name] = tuple(dict.fromkeys(found))
    return replace(query, filters=filters), notices


def having(index: Index, selected: Selected) -> Mask:
    """Return the entries that match all selected filters.

    Values of one filter are alternatives. A version facet and `how` must match the same version of an entry.
    """
    mask = np.ones(index.size, dtype=bool)
    for condition in conditions(index, selected).values():
        mask &= condition
    return mask


def conditions(index: Index, selected: Selected) -> dict[str, Mask]:
    """Return the entries that match each selected filter, by its name."""
    return {name: index.having_any(*wanted) for name, wanted in fields_wanted(index.about, selected).items()}


def fields_wanted(about: About, selected: Selected) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the field and values that each selected filter requires, by its name.

    A version facet and `how` together require pairs, under the name of the facet.
    """
    hows, versions = selected.get(HOW), versions_in(about, selected)
    found = {}
    for name, values in selected.items():
        if name in versions and hows:
            found[name] = pairs_of(name), pairs(values, hows)
        elif values and not (name == HOW and versions):
            found[name] = about.facet[name].field, values
    return found


def left_out(about: About, name: str) -> set[str]:
    """Return the filters that do not restrict the counts of one: itself, and its partner in a pair."""
    versions = about.versions
    return {HOW, *versions} if name == HOW else {name, HOW} if name in versions else {name}


def pairs_wanted(
    about: About, facet: Facet, values: Sequence[str], selected: Selected
) -> dict[str, list[Wanted]] | None:
    """Return the pairs of each value of a facet with the selected values of its partner; None if it has no partner."""
    versions = versions_in(about, selected)
    if facet.order == "version" and (hows := selected.get(HOW)):
        return {value: [(facet.pairs, pairs((value,), hows))] for value in values}
    if facet.name == HOW and versions:
        return {value: [(pairs_of(each), pairs(selected[each], (value,))) for each in versions] for value in values}
    return None


def versions_in(about: About, selected: Selected) -> list[str]:
    """Return the version facets with selected values."""
    return [name for name in about.versions if selected.get(name)]


def pairs(versions: Iterable[str], hows: Iterable[str]) -> tuple[str, ...]:
    """Return the values of the version/evidence field for combinations of versions and evidence."""
    return tuple([f"{version}/{how}" for version, how in itertools.product(versions, hows)])


def surer(index: Index, selected: Selected, ids: Ids) -> Floats | None:
    """Return score factors for entries, higher if a requested version is certain; None if no version is requested."""
    versions = versions_in(index.about, selected)
    if not versions:
        return None
    sure = reduce(
        np.logical_or,
        [index.having_any(pairs_of(name), pairs(selected[name], ("stated", "landed", "merged"))) for name in versions],
    )
    by_date = np.where(index.once(of_several_by_date)[ids], np.float32(UNSURE_WEIGHT), np.float32(1))
    return np.where(sure[ids], np.float32(SURE_WEIGHT), by_date)


def of_several_by_date(index: Index) -> Mask:
    """Return the mask of entries whose date allows several versions."""
    several = np.zeros(index.size, dtype=bool)
    for facet in index.about.versions:
        values = index.values(pairs_of(facet))
        by_date = np.array([name.endswith("/issue") for name in values.names], dtype=bool)
        docs = values.docs[by_date[values.ids]] if len(by_date) else values.docs
        several |= np.bincount(docs, minlength=index.size) > 1
    return several


class Narrowed:
    """Matching entries after filters: with all filters, and with all but one for disjunctive facets."""

    def __init__(self, index: Index, ids: Ids, selected: Selected) -> None:
        self.index = index
        self.selected = selected
        self.ids = ids
        self.conditions = {name: mask[ids] for name, mask in conditions(index, selected).items()} if selected else {}
        # The mask of entries that match all filters, None for all entries.
        self.left = meeting(self.conditions.values())
        self.rest: Ids = ids if self.left is None else ids[self.left]

    def but(self, name: str) -> Ids:
        """Return the entries that match all filters except one; versions and `how` count as one."""
        if not self.conditions or (own := left_out(self.index.about, name)).isdisjoint(self.conditions):
            return self.rest
        left = meeting(condition for other, condition in self.conditions.items() if other not in own)
        return self.ids if left is None else self.ids[left]

    def counts(
        self, facet: Facet, labels: Mapping[str, str], *, sooner: Mapping[str, int] | None = None
    ) -> list[Count]:
        """Return the values of a facet with their counts, without zeros except for selected values.

        Counts in `sooner` take precedence.
        """
        picked = self.selected.get(facet.name, ())
        numbers = {**dict.fromkeys(picked, 0), **self.numbers(facet), **(sooner or {})}
        found = [Count(value, labels.get(value, value), n, value in picked) for value, n in numbers.items()]
        return ordered(found, facet.order)

    def numbers(self, facet: Facet) -> dict[str, int]:
        """Return the count of each value of a facet, without zeros."""
        values = self.index.values(facet.field)
        ids = self.but(facet.name)
        paired = pairs_wanted(self.index.about, facet, values.names, self.selected) if self.selected else None
        if paired is None:
            return values.counts(ids)
        masks = {value: [self.index.having_any(*each) for each in wanted] for value, wanted in paired.items()}
        found = {value: int(np.count_nonzero(reduce(np.logical_or, held)[ids])) for value, held in masks.items()}
        return {value: n for value, n in found.items() if n}


def meeting(conditions: Iterable[Mask]) -> Mask | None:
    """Return the conjunction of masks, None for everything."""
    each = list(conditions)
    return reduce(np.logical_and, each) if each else None


def known_values(index: Index, facet: Facet) -> list[str]:
    """Return the possible values of a filter: those in entries, and all kinds of evidence."""
    if facet.name == HOW:
        return list(HOWS)
    names = index.values(facet.field).names
    return sorted(names, key=version_key) if facet.order == "version" else list(names)


def meant(index: Index, facet: Facet, value: str, known: Sequence[str]) -> list[str]:
    """Return the known values that match a requested one: the same value, versions in a range, people with a name."""
    if facet.order == "version":
        return [version for version in known if in_range(version, value)]
    if facet.name == HOW:
        return [HOW_SHOWN[value]] if value in HOW_SHOWN else []
    if facet.name == "issue":
        return [each for each in known if value == each or value.lstrip("0") == each.partition("/")[2]]
    if facet.name == "author":
        return index.once(spellings).meant(value)
    if facet.name == "section":
        return [each for each in known if each.casefold() == value.casefold()]
    return [each for each in known if each == value]
