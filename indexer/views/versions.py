"""What is known about a version: its dates, what landed in it, and its entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog, total
from indexer.kernel.subjects import FIX_TREES, FOLLOWING_TREES
from indexer.model import HOWS, How, Landing
from indexer.query.nearest import LONGEST
from indexer.query.tree import And, Match, Node, Not, Or
from indexer.query.versions import version_key
from indexer.views.briefs import Brief, any_of, briefs, kinds_of
from indexer.views.features import is_feature
from indexer.views.first_releases import landed_in, landings
from indexer.views.identifier_lookup import names
from indexer.views.identifiers import Mention, mentions_of
from indexer.views.merged_series import MergedSeries, merged_series

PATCH = Match("kind", "patch")
# Fixes: patches that say so in the title or are for a tree of fixes, and not for another project.
FIXING = And((Or((Match("title", "fix"), any_of("tree", FIX_TREES))), Not(any_of("tree", FOLLOWING_TREES))))
FEATURE = "feature"
LANDED_KINDS = (FEATURE, "helper", "program type", "map type")
OTHER = "other"
FEW_MENTIONS = 3  # of a name, where lists are shortened


@dataclass(frozen=True, slots=True)
class Landed:
    """A name that landed in a version, with entries that mention it."""

    landing: Landing
    mentions: tuple[Mention, ...]
    count: Annotated[int, "The number of entries that mention it."]


@dataclass(frozen=True, slots=True)
class LandedKind:
    """What landed, of one kind: feature, helper, program type, map type or other."""

    kind: str
    names: tuple[Landed, ...]


@dataclass(frozen=True, slots=True)
class OfKind:
    """Entries of one kind, in reading order."""

    kind: str
    entries: tuple[Brief, ...]
    count: Annotated[int, "The number of all entries of the kind."]


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """The entries with one kind of evidence for a version. Each is listed once, under its strongest."""

    how: How
    count: Annotated[int, "The number of results of a search for this version and evidence."]
    above: Annotated[int, "The number of these that are listed under stronger evidence."]
    reports: Annotated[tuple[OfKind, ...], "All but patches."]
    fixes: Annotated[tuple[Brief, ...], "The patches that are fixes."]
    patches: Annotated[tuple[str, ...], "The ids of the other patches."]
    all_fixes: Annotated[int, "The number of all patches that are fixes."]
    all_patches: Annotated[int, "The number of all other patches."]


@dataclass(frozen=True, slots=True)
class VersionAbout:
    """What is known about a version. Dates are YYYY-MM-DD."""

    version: str
    url: Annotated[str, "The page of its release."]
    opened: Annotated[str | None, "The day on which its merge window opened."]
    rc1: Annotated[str | None, "The day on which the merge window closed."]
    released: str | None
    previous: str | None
    next: str | None
    landed: tuple[LandedKind, ...]
    merged: Annotated[tuple[MergedSeries, ...], "The series of several patches that were merged for it."]
    all_merged: Annotated[int, "The number of all series with several patches of which one was merged for it."]
    known: Annotated[tuple[EvidenceGroup, ...], "Entries by evidence, the strongest first."]
    talks: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class VersionCount:
    """A version with its numbers of entries, in total and by evidence, and of names that landed."""

    version: str
    rc1: Annotated[str | None, "The day on which its merge window closed, YYYY-MM-DD."]
    released: str | None
    entries: int
    stated: int
    landed: int
    merged: int
    issue: int
    names: int


def version_named(catalog: Catalog, facet: str, text: str) -> str | None:
    """Return the version that a text means (v4.15 or 4.15); None if no table and no entry has it."""
    declared = catalog.about.versions[facet]
    wanted = declared.form.normal(text[:LONGEST].strip())
    return wanted if wanted in declared.releases or total(catalog, Match(facet, wanted)) else None


def version_of(catalog: Catalog, facet: str, version: str, most: int | None = None) -> VersionAbout | None:
    """Return what is known about a version (v4.15 or 4.15); None if no table and no entry has it.

    With `most`, lists are shortened and only what they show is read; the counts are those of all entries.
    """
    wanted = version_named(catalog, facet, version)
    if wanted is None:
        return None
    declared = catalog.about.versions[facet]
    releases = declared.releases
    release = releases.get(wanted)
    before, after = around(list(releases), wanted)
    merged, all_merged = merged_series(catalog, facet, wanted, most)
    return VersionAbout(
        version=wanted,
        url=declared.release_url.format(version=wanted),
        opened=str(releases[before].released) if before and release and release.rc1 else None,
        rc1=str(release.rc1) if release and release.rc1 else None,
        released=str(release.released) if release else None,
        previous=before,
        next=after,
        landed=by_kind(catalog, landed_in(catalog, wanted) if facet == catalog.about.facts_facet else (), most),
        merged=merged,
        all_merged=all_merged,
        known=known(catalog, facet, wanted, most),
        talks=briefs(catalog, catalog.find(And((Match(facet, wanted), Match("kind", "talk"))), limit=most)),
    )


def around(order: Sequence[str], version: str) -> tuple[str | None, str | None]:
    """Return the previous and the next version, None at either end."""
    if version not in order:
        return None, None
    at = order.index(version)
    return (order[at - 1] if at else None), (order[at + 1] if at + 1 < len(order) else None)


def by_kind(catalog: Catalog, landings: Iterable[Landing], most: int | None) -> tuple[LandedKind, ...]:
    """Group landings by kind, each with entries that mention it: a few of them where lists are shortened."""
    few = None if most is None else FEW_MENTIONS
    groups: dict[str, list[Landed]] = {kind: [] for kind in (*LANDED_KINDS, OTHER)}
    for landing in landings:
        kind = kind_of(landing)
        groups[kind].append(landed(catalog, landing, few))
    return tuple(LandedKind(kind, tuple(names)) for kind, names in groups.items() if names)


def landed(catalog: Catalog, landing: Landing, most: int | None) -> Landed:
    return Landed(landing, mentions_of(catalog, landing.name, most), names(catalog).often(landing.name))


def kind_of(landing: Landing) -> str:
    """Return the kind under which a landing is listed. The features table has many kinds of its own."""
    if is_feature(landing.name):
        return FEATURE
    return landing.kind if landing.kind in LANDED_KINDS else OTHER


def known(catalog: Catalog, facet: str, version: str, most: int | None = None) -> tuple[EvidenceGroup, ...]:
    """Return the entries of a version by evidence, the strongest first, each entry once."""
    surer: list[Node] = []
    found = []
    for how in HOWS:
        where = known_as(facet, version, how)
        found.append(known_by(catalog, how, where, And((where, Not(Or(tuple(surer))))), most))
        surer.append(where)
    return tuple(found)


def known_as(facet: str, version: str, how: str) -> Node:
    """Return the condition for entries of a version with one kind of evidence."""
    return And((Match(facet, version), Match("how", how)))


def known_by(catalog: Catalog, how: How, where: Node, listed: Node, most: int | None) -> EvidenceGroup:
    """Return the entries with one kind of evidence; `listed` are those without better evidence."""
    count, kinds = total(catalog, where), kinds_of(catalog, listed)
    above, patches = count - sum(kinds.values()), kinds.pop(PATCH.value, 0)
    fixes, others = And((listed, PATCH, FIXING)), And((listed, PATCH, Not(FIXING)))
    all_fixes = total(catalog, fixes)
    return EvidenceGroup(
        how=how,
        count=count,
        above=above,
        reports=tuple(of_kind(catalog, kind, listed, held, most) for kind, held in kinds.items()),
        fixes=briefs(catalog, catalog.find(fixes, limit=most)),
        patches=tuple(found for found, _ in catalog.headings(others, order="reading", limit=most)),
        all_fixes=all_fixes,
        all_patches=patches - all_fixes,
    )


def of_kind(catalog: Catalog, kind: str, listed: Node, count: int, most: int | None) -> OfKind:
    entries = catalog.find(And((listed, Match("kind", kind))), limit=most)
    return OfKind(kind, briefs(catalog, entries), count)


def versions(catalog: Catalog, facet: str) -> tuple[VersionCount, ...]:
    """Return the versions with entries, and those between them in which a name landed, newest first."""
    return once(catalog, all_versions).get(facet, ())


def all_versions(catalog: Catalog) -> dict[str, tuple[VersionCount, ...]]:
    """Return the versions of each facet."""
    return {facet: versions_of(catalog, facet) for facet in catalog.about.versions}


def versions_of(catalog: Catalog, facet: str) -> tuple[VersionCount, ...]:
    """Compute the versions of a facet, without the cache."""
    entries = catalog.count(facet)
    if not entries:
        return ()
    landed = landings(catalog).by_version if facet == catalog.about.facts_facet else {}
    keys = [version_key(name) for name in entries]
    between = (version for version in landed if min(keys) <= version_key(version) <= max(keys))
    found = sorted({*entries, *between}, key=version_key, reverse=True)
    return tuple(count_of(catalog, facet, name, entries.get(name, 0), len(landed.get(name, ()))) for name in found)


def count_of(catalog: Catalog, facet: str, version: str, entries: int, names: int) -> VersionCount:
    """Return a version with the numbers of its entries and names."""
    release = catalog.about.versions[facet].releases.get(version)
    stated, landed, merged, issue = (total(catalog, known_as(facet, version, how)) for how in HOWS)
    rc1 = str(release.rc1) if release and release.rc1 else None
    released = str(release.released) if release else None
    return VersionCount(version, rc1, released, entries, stated, landed, merged, issue, names)
