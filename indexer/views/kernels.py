"""A kernel version: when it was made, what landed in it, and which entries are of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from indexer.catalog.facets import version_key
from indexer.kernel.subjects import FOLLOWING_TREES
from indexer.kernel.versions import RELEASE_URL
from indexer.model import HOWS, KINDS, How
from indexer.query.fields import normal
from indexer.storage.index import Index, Mask, fixing
from indexer.views.briefs import Brief, briefs, holding
from indexer.views.first_releases import Landing, Landings, landed_in
from indexer.views.identifiers import Mention, mentions_of

LANDED_KINDS = ("helper", "program type", "map type")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Landed:
    """A name that landed in a version, and the entries that mention it."""

    landing: Landing
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class LandedKind:
    """What landed of one kind: helper, program type, map type or other."""

    kind: str
    names: tuple[Landed, ...]


@dataclass(frozen=True, slots=True)
class OfKind:
    """Entries of one kind, in reading order."""

    kind: str
    entries: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The entries whose version is known in one way; `count` is that of them all, as a search would find them.

    `above` of these are known in a surer way, too, and are listed under the surest alone: that many and all that
    follow are `count`.

    `reports` are all but patches. Of the patches `fixes` are those whose subject says so or that are for a tree of
    fixes, not being for another project than the kernel; `patches` are the ids of the others.
    """

    how: How
    count: int
    above: int
    reports: tuple[OfKind, ...]
    fixes: tuple[Brief, ...]
    patches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KernelAbout:
    """What is known of a kernel version.

    Its merge window was open from `opened`, the day of the release before it, to `rc1`; days are YYYY-MM-DD, None
    where no table has them. `known` is, the surest first, how entries are known to be of it; `talks` are all of them.
    """

    version: str
    url: str
    opened: str | None
    rc1: str | None
    released: str | None
    previous: str | None
    next: str | None
    landed: tuple[LandedKind, ...]
    known: tuple[Known, ...]
    talks: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class KernelCount:
    """A kernel version, how many entries are of it, in all and by how that is known, and how many names landed."""

    version: str
    rc1: str | None
    released: str | None
    entries: int
    stated: int
    landed: int
    merged: int
    issue: int
    names: int


def kernel_of(index: Index, version: str) -> KernelAbout | None:
    """Return what is known of a kernel version (v4.15 or 4.15); None for one that neither table nor entry has."""
    wanted = normal("kernel", version.strip())
    releases = {row[0]: row for row in index.about["releases"]}
    if wanted not in releases and wanted not in index.values("version").names:
        return None
    order = list(releases)
    at = order.index(wanted) if wanted in releases else None
    before = order[at - 1] if at else None
    after = order[at + 1] if at is not None and at + 1 < len(order) else None
    _, released, rc1 = releases.get(wanted, (wanted, None, None))
    return KernelAbout(
        version=wanted,
        url=RELEASE_URL.format(wanted),
        opened=releases[before][1] if before else None,
        rc1=rc1,
        released=released,
        previous=before,
        next=after,
        landed=by_kind(index, landed_in(index, wanted)),
        known=known(index, wanted),
        talks=briefs(index, np.flatnonzero(of_version(index, wanted) & index.marked("kind", ["talk"]))),
    )


def by_kind(index: Index, landings: Iterable[Landing]) -> tuple[LandedKind, ...]:
    """Return landings by kind, each with the entries that mention it."""
    groups: dict[str, list[Landed]] = {kind: [] for kind in (*LANDED_KINDS, OTHER)}
    for landing in landings:
        kind = landing.kind if landing.kind in LANDED_KINDS else OTHER
        groups[kind].append(Landed(landing, mentions_of(index, landing.name)))
    return tuple(LandedKind(kind, tuple(names)) for kind, names in groups.items() if names)


def known(index: Index, version: str) -> tuple[Known, ...]:
    """Return the entries of a version by how it is known, the surest first, each entry once."""
    listed = np.zeros(index.size, dtype=bool)
    found = []
    for how in HOWS:
        mask = index.marked("kernel", [f"{version}/{how}"])
        found.append(known_by(index, how, mask, mask & ~listed))
        listed |= mask
    return tuple(found)


def known_by(index: Index, how: How, mask: Mask, listed: Mask) -> Known:
    patches = listed & index.marked("kind", ["patch"])
    fixes = patches & fixing(index) & ~index.marked("tree", FOLLOWING_TREES)
    kinds = ((kind, briefs(index, np.flatnonzero(listed & index.marked("kind", [kind])))) for kind in KINDS)
    return Known(
        how=how,
        count=int(np.count_nonzero(mask)),
        above=int(np.count_nonzero(mask & ~listed)),
        reports=tuple(OfKind(kind, entries) for kind, entries in kinds if entries and kind != "patch"),
        fixes=briefs(index, np.flatnonzero(fixes)),
        patches=tuple(entry.id for entry in briefs(index, np.flatnonzero(patches & ~fixes))),
    )


def of_version(index: Index, version: str) -> Mask:
    return index.marked("version", [version])


def kernels(index: Index) -> tuple[KernelCount, ...]:
    """Return the versions that entries are of, and those in between in which a name landed, the newest first."""
    names = index.values("version").names
    if not names:
        return ()
    landed = index.once(Landings).by_version
    keys = [version_key(name) for name in names]
    between = (version for version in landed if min(keys) <= version_key(version) <= max(keys))
    found = sorted({*names, *between}, key=version_key, reverse=True)
    return tuple(count_of(index, version, len(landed.get(version, ()))) for version in found)


def count_of(index: Index, version: str, names: int) -> KernelCount:
    released, rc1 = next((row[1:] for row in index.about["releases"] if row[0] == version), (None, None))
    stated, landed, merged, issue = (len(holding(index, "kernel", f"{version}/{how}")) for how in HOWS)
    entries = int(np.count_nonzero(of_version(index, version)))
    return KernelCount(version, rc1, released, entries, stated, landed, merged, issue, names)
