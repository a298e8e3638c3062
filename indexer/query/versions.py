"""Versions of any facet as values: their order, ranges of them, and the nearest to one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

NUMBER = re.compile(r"\d{1,9}")
ONE = r"[a-z]*\d{1,9}(?:\.\d{1,9})*"
RANGE = re.compile(rf"^(?P<from>{ONE})?\.\.(?P<to>{ONE})?$")
COMPARED = re.compile(rf"^(?P<sign><=|>=|<|>)(?P<version>{ONE})$")
VERSION_IN = re.compile(r"\d{1,9}(?:\.\d{1,9})+")
WHOLE = re.compile(rf"^{ONE}$")
MOST_NEAR = 3  # nearest values named for an unknown value


def version_key(version: str) -> tuple[int, ...]:
    """Return the sort key of a version: its numbers."""
    return tuple(map(int, NUMBER.findall(version))) if WHOLE.match(version) else ()


def in_range(version: str, wanted: str) -> bool:
    """Return whether a version is the one wanted: v4.15, v4.13..v4.15, >=v4.14 ..."""
    key = version_key(version)
    if match := RANGE.match(wanted):
        low, high = match["from"], match["to"]
        if low and high and version_key(low) > version_key(high):
            low, high = high, low
        return (not low or version_key(low) <= key) and (not high or key <= version_key(high))
    if match := COMPARED.match(wanted):
        limit = version_key(match["version"])
        return {"<": key < limit, "<=": key <= limit, ">": key > limit, ">=": key >= limit}[match["sign"]]
    return version == wanted


def nearest_versions(value: str, known: Iterable[str]) -> list[str]:
    """Return the versions nearest in order to the first one in a text, the nearest first; none without a version."""
    asked = VERSION_IN.search(value)
    if asked is None:
        return []
    ascending = sorted(known, key=version_key)
    place = bisect_left(ascending, version_key(asked[0]), key=version_key) - 0.5
    return sorted(ascending, key=lambda each: abs(ascending.index(each) - place))[:MOST_NEAR]
