"""Filters and facets: which entries a choice leaves, and how many each value would leave."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indexer.index.analysis import fold
from indexer.index.opening import Index, Values
from indexer.model import HOWS
from indexer.search.parse import Query

Mask = npt.NDArray[np.bool_]
Chosen = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter that the page offers: its name in an address, the field that it counts, its label and its order."""

    name: str
    field: str
    label: str
    order: str  # "count", "version" or "number"


FACETS = (
    Facet("kernel", "kernel", "Kernel version", "version"),
    Facet("how", "kernel", "How the version is known", "count"),
    Facet("topic", "topic", "Topic", "count"),
    Facet("kind", "kind", "Kind", "count"),
    Facet("issue", "issue", "Issue", "number"),
    Facet("author", "person", "Author", "count"),
    Facet("tree", "tree", "Tree", "count"),
    Facet("newsletter", "newsletter", "Newsletter", "count"),
)
FIELD_OF = {facet.name: facet.field for facet in FACETS}
RANGE = re.compile(r"^(?P<from>v\d+\.\d+)?\.\.(?P<to>v\d+\.\d+)?$")
COMPARED = re.compile(r"^(?P<sign><=|>=|<|>)(?P<version>v\d+\.\d+)$")
WORD = re.compile(r"\w+")
SURE_WEIGHT = 2.0  # of an entry whose version is stated or landed, beside one that is told by its date
VERSION_IN = re.compile(r"v\d+\.\d+")
VERSION = re.compile(r"^v(?P<major>\d+)\.(?P<minor>\d+)$")


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a facet, and how many entries there would be if it alone were chosen in its facet."""

    value: str
    label: str
    count: int
    selected: bool


def version_key(version: str) -> tuple[int, int]:
    """Return what kernel versions sort by."""
    match = VERSION.match(version)
    return (int(match["major"]), int(match["minor"])) if match else (0, 0)


def settled(index: Index, query: Query) -> tuple[Query, list[str]]:
    """Return the query with each chosen value as the index has it, and a notice for each that it has not.

    A range becomes the versions in it, an issue's number the issues with it, an author's name the full ones.
    """
    filters: dict[str, tuple[str, ...]] = {}
    notices: list[str] = []
    for name, wanted in query.filters.items():
        known = known_values(index, name)
        found: list[str] = []
        for value in wanted:
            means = meant(name, value, known)
            notices += [] if means else [nothing(name, value, known)]
            found += means or [value]
        filters[name] = tuple(dict.fromkeys(found))
    return replace(query, filters=filters), notices


def having(index: Index, chosen: Chosen) -> Mask:
    """Return the entries that all chosen filters leave.

    Values of one filter are alternatives. `kernel` and `how` together want one version that is both.
    """
    mask = np.ones(index.size, dtype=bool)
    for name in chosen:
        if name not in ("kernel", "how") and chosen[name]:
            values = index.values[FIELD_OF[name]]
            wanted = np.array([value in chosen[name] for value in values.names], dtype=bool)
            mask &= holders(index, values.docs[wanted[values.ids]])
    if chosen.get("kernel") or chosen.get("how"):
        mask &= holders(index, index.values["kernel"].docs[kernel_pairs(index, chosen)])
    return mask


def surer(index: Index, chosen: Chosen) -> npt.NDArray[np.float32]:
    """Return what each entry's score is multiplied by: more where one of the chosen versions is stated or landed."""
    weights = np.ones(index.size, dtype=np.float32)
    if chosen.get("kernel"):
        sure = kernel_pairs(index, {"kernel": chosen["kernel"], "how": ("stated", "landed")})
        weights[index.values["kernel"].docs[sure]] = SURE_WEIGHT
    return weights


def holders(index: Index, docs: npt.NDArray[np.int32]) -> Mask:
    mask = np.zeros(index.size, dtype=bool)
    mask[docs] = True
    return mask


def kernel_pairs(index: Index, chosen: Chosen) -> Mask:
    """Return which pairs of an entry and a version known in some way the choice of versions and ways leaves."""
    values = index.values["kernel"]
    keep = [
        (not chosen.get("kernel") or version in chosen["kernel"]) and (not chosen.get("how") or how in chosen["how"])
        for version, how in zip(*split(values), strict=True)
    ]
    pairs: Mask = np.array(keep, dtype=bool)[values.ids]
    return pairs


def split(values: Values) -> tuple[list[str], list[str]]:
    """Return the version and the way of each value of the kernel field."""
    halves = [name.partition("/") for name in values.names]
    return [half[0] for half in halves], [half[2] for half in halves]


def known_values(index: Index, name: str) -> list[str]:
    """Return the values that a filter can have: those that an entry has, and all ways to know a version."""
    if name == "how":
        return list(HOWS)
    values = index.values[FIELD_OF[name]]
    return sorted(set(split(values)[0]), key=version_key) if name == "kernel" else list(values.names)


def meant(name: str, value: str, known: Sequence[str]) -> list[str]:
    """Return the known values that a wanted one means: its equal, a range's versions, authors by part of their name."""
    if name == "kernel":
        return [version for version in known if in_range(version, value)]
    if name == "issue":
        return [each for each in known if value == each or value.lstrip("0") == each.rpartition("/")[2]]
    if name == "author":
        words = set(WORD.findall(fold(value)))
        exact = [each for each in known if fold(each) == fold(value)]
        return exact or [each for each in known if words and words <= set(WORD.findall(fold(each)))]
    return [each for each in known if each == value]


def in_range(version: str, wanted: str) -> bool:
    """Return whether a kernel version is the one wanted: v4.15, v4.13..v4.15, >=v4.14 ..."""
    key = version_key(version)
    if match := RANGE.match(wanted):
        low, high = match["from"], match["to"]
        return (not low or version_key(low) <= key) and (not high or key <= version_key(high))
    if match := COMPARED.match(wanted):
        limit = version_key(match["version"])
        return {"<": key < limit, "<=": key <= limit, ">": key > limit, ">=": key >= limit}[match["sign"]]
    return version == wanted


def nothing(name: str, value: str, known: Sequence[str]) -> str:
    """Return the notice for a value that no entry has, with the nearest: versions by number, others by letters."""
    if name == "kernel" and (asked := VERSION_IN.search(value)):
        key = version_key(asked[0])
        near = sorted(known, key=lambda each: abs(weight(version_key(each)) - weight(key)))[:3]
    else:
        near = difflib.get_close_matches(value, known, n=3, cutoff=0.5)
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    return f"no entry has {name}:{value}{hint}"


def weight(key: tuple[int, int]) -> int:
    """Return a number for a version by which versions can be told near or far."""
    return key[0] * 100 + key[1]


def counts(index: Index, base: Mask, chosen: Chosen, name: str, labels: Mapping[str, str]) -> list[Count]:
    """Return the values of one facet with their counts, under the base of matching entries and all other filters.

    Values that would leave nothing are left out, unless they are chosen.
    """
    others = {other: values for other, values in chosen.items() if other != name}
    if name in ("kernel", "how"):
        held = kernel_counts(index, base & having(index, without_kernel(others)), others, name)
    else:
        mask = base & having(index, others)
        values = index.values[FIELD_OF[name]]
        numbers = np.bincount(values.ids[mask[values.docs]], minlength=len(values.names))
        held = dict(zip(values.names, numbers.tolist(), strict=True))
    picked = chosen.get(name, ())
    found = [
        Count(value, labels.get(value, value), number, value in picked)
        for value, number in held.items()
        if number or value in picked
    ]
    found += [Count(value, value, 0, selected=True) for value in picked if value not in held]
    return ordered(found, next(facet.order for facet in FACETS if facet.name == name))


def without_kernel(chosen: Chosen) -> Chosen:
    return {name: values for name, values in chosen.items() if name not in ("kernel", "how")}


def kernel_counts(index: Index, mask: Mask, others: Chosen, name: str) -> dict[str, int]:
    """Return the number of entries for each version, or for each way that one is known, each entry counted once."""
    values = index.values["kernel"]
    keep = kernel_pairs(index, others) & mask[values.docs]
    names = split(values)[0 if name == "kernel" else 1]
    distinct = sorted(set(names))
    of_value = np.array([distinct.index(value) for value in names], dtype=np.int64)
    keys = np.unique(values.docs[keep].astype(np.int64) * max(1, len(distinct)) + of_value[values.ids[keep]])
    numbers = np.bincount(keys % max(1, len(distinct)), minlength=len(distinct))
    return dict(zip(distinct, numbers.tolist(), strict=True))


def ordered(found: list[Count], order: str) -> list[Count]:
    """Return the values of a facet in its order: newest version or issue first, or most entries first."""
    if order == "version":
        return sorted(found, key=lambda c: version_key(c.value), reverse=True)
    if order == "number":
        return sorted(found, key=lambda c: number_key(c.value), reverse=True)
    return sorted(found, key=lambda c: (-c.count, c.label.casefold()))


def number_key(value: str) -> tuple[str, int]:
    newsletter, _, number = value.rpartition("/")
    return newsletter, int(number) if number.isdigit() else 0
