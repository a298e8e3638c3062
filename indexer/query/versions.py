"""Versions of any facet as values: their order, ranges of them, and the nearest to one."""

from __future__ import annotations

import re
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
    """Return the versions whose numbers are nearest to those in a text; none without a number."""
    asked = VERSION_IN.search(value)
    if asked is None:
        return []
    wanted = version_key(asked[0])
    distances = {each: tuple(abs(a - b) for a, b in zip(wanted, version_key(each), strict=False)) for each in known}
    return sorted(distances, key=distances.__getitem__)[:MOST_NEAR]
