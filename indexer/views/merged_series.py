"""The series of patches that were merged for a version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from indexer.annotating.topics import NOTHING_FITS
from indexer.catalog.protocol import Catalog
from indexer.kernel.series_outcomes import latest, result_of
from indexer.kernel.subjects import FIX_TREES, parse_subject
from indexer.model import Entry, posting_of, version_merged
from indexer.query.tree import And, Match, Node
from indexer.views.briefs import Brief, People, any_of, brief
from indexer.views.series import several_patches, versions_of

FEW = 100  # series of a version, which are all read
AT_ONCE = 20  # series that are read together
FIXES = re.compile(r"\bfix(?:es|ed|ing)?\b", re.I)


@dataclass(frozen=True, slots=True)
class MergedSeries:
    """A series that was merged for a version; `entry` is its cover letter or its first patch."""

    id: str
    subject: str
    people: People
    entry: Brief
    merged: Annotated[int, "The number of its patches that are known to be merged."]
    patches: int
    commit: Annotated[str | None, "The merge of the series."]
    commit_url: str | None
    area: Annotated[str, "The topic of its cover letter or first patch, empty if it has none."]
    fixes: Annotated[bool, "Whether all its patches are fixes."]


def merged_series(
    catalog: Catalog, facet: str, version: str, most: int | None = None
) -> tuple[tuple[MergedSeries, ...], int]:
    """Return the series with several patches that were merged for a version, in reading order, and their number.

    With `most`, the others are not read, and the number counts every series with several patches of which one was
    merged for the version.
    """
    where = And((Match(facet, version), Match("how", "merged")))
    known = catalog.count("series", where)
    if most is None or len(known) <= max(most, FEW):
        found = tuple(summed_series(catalog, where, version))
        return found, len(found)
    several = len(known.keys() & several_patches(catalog).keys())
    return tuple(islice(summed_series(catalog, where, version), most)), several


def summed_series(catalog: Catalog, where: Node, version: str) -> Iterator[MergedSeries]:
    """Yield the series of patches that were merged for a version, reading some on demand."""
    firsts = catalog.firsts("series", where)
    while some := [each.series or "" for each in islice(firsts, AT_ONCE)]:
        posted: dict[str, list[Entry]] = {}
        for patch in catalog.find(any_of("posting", merged_for(catalog, some, version))):
            posted.setdefault(patch.series or "", []).append(patch)
        yield from (summed_up(catalog, posted[series]) for series in some if series in posted)


def merged_for(catalog: Catalog, series: Sequence[str], release: str) -> Iterator[str]:
    """Yield the last merged version of each series that has several patches, if it was merged in the release."""
    sizes = versions_of(catalog, series)
    merges: dict[str, dict[int, set[str]]] = {}
    for merge in catalog.count("merge", any_of("series", series)):
        name, number, shipped = version_merged(merge)
        merges.setdefault(name, {}).setdefault(number, set()).add(shipped)
    for name, found in merges.items():
        last = max(found)
        if latest(found[last]) == release and sizes[name][last] > 1:
            yield posting_of(name, last)


def summed_up(catalog: Catalog, posted: Sequence[Entry]) -> MergedSeries:
    """Return a series from the patches of its merged version."""
    result, first = result_of(posted), posted[0]
    subject = parse_subject(first.title)
    return MergedSeries(
        id=first.series or "",
        subject=subject.words,
        people=first.people,
        entry=brief(catalog, first),
        merged=result.merged,
        patches=result.patches,
        commit=result.commit,
        commit_url=result.commit_url,
        area=next((topic for topic in first.topics if topic != NOTHING_FITS), ""),
        fixes=all(is_fix(patch) for patch in posted if parse_subject(patch.title).number != 0),
    )


def is_fix(patch: Entry) -> bool:
    """Return whether a patch is a fix: it is for a tree of fixes, or its subject says so."""
    return patch.tree in FIX_TREES or FIXES.search(parse_subject(patch.title).words) is not None
