"""Related entries: other versions, the same page, the same names, the same people on the same topic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from indexer.annotating.addresses import same_page
from indexer.annotating.topics import NOTHING_FITS
from indexer.catalog.protocol import Catalog
from indexer.kernel.series import normalised
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.query.tree import And, Match, Node, Not
from indexer.views.briefs import Brief, any_of, brief, issue_about, issue_key
from indexer.views.identifier_lookup import names
from indexer.views.topics import topic_label

UNDATED = "1970-01-01"  # far from any issue date
MOST = 8
MOST_LOOKED_AT = 200  # entries by each author or name that are considered
VERSION_WORTH = 30.0
PAGE_WORTH = 25.0
LINK_WORTH = 20.0
NAME_WORTH = 2.5  # factor on the rarity of the name
AUTHOR_WORTH = 2.0


@dataclass(frozen=True, slots=True)
class Related:
    """A related entry and the kind of relation."""

    entry: Brief
    reason: str


class Reason(NamedTuple):
    """A relation to another entry and its weight."""

    entry: Entry
    worth: float
    text: str


def related_to(catalog: Catalog, entry: Entry) -> tuple[Related, ...]:
    """Return up to eight related entries, the nearest first, one of each series.

    Patches of the same posting are left out, because the page shows them anyway.
    """
    others: dict[str, Entry] = {}
    worth: dict[str, float] = {}
    texts: dict[str, list[str]] = {}
    for reason in reasons(catalog, entry):
        other = others.setdefault(reason.entry.id, reason.entry)
        worth[other.id] = worth.get(other.id, 0.0) + reason.worth
        texts.setdefault(other.id, []).append(reason.text)
    issues = {key: number for number, key in enumerate(catalog.about.issues)}
    day = day_of(catalog, entry)

    def rank(other: Entry) -> tuple[float, int, int, int]:
        return -worth[other.id], abs((day_of(catalog, other) - day).days), issues[issue_key(other)], other.n

    left = (other for other in others.values() if other.id != entry.id and not is_own_version(other, entry))
    nearest = one_of_each(sorted(left, key=rank), entry)
    return tuple(Related(brief(catalog, other), "; ".join(texts[other.id])) for other in nearest)


def day_of(catalog: Catalog, entry: Entry) -> date:
    return date.fromisoformat(issue_about(catalog, entry).date[:10] or UNDATED)


def is_own_version(other: Entry, entry: Entry) -> bool:
    """Return whether two entries are patches of the same series version in the same issue."""
    return (
        entry.series is not None
        and other.series == entry.series
        and (issue_key(other), other.version) == (issue_key(entry), entry.version)
    )


def one_of_each(entries: Iterable[Entry], entry: Entry) -> Iterator[Entry]:
    """Yield one entry of each series, and one of each version of the entry's own series."""
    taken: set[str] = set()
    for other in entries:
        if len(taken) == MOST:
            return
        own = other.series == entry.series
        key = f"{other.series} {issue_key(other)} {other.version}" if other.series and own else other.series or other.id
        if key not in taken:
            taken.add(key)
            yield other


def reasons(catalog: Catalog, entry: Entry) -> Iterator[Reason]:
    """Yield the relations of an entry, the strongest kinds first."""
    yield from by_versions(catalog, entry)
    yield from by_links(catalog, entry)
    yield from by_names(catalog, entry)
    for person in entry.people:
        yield from by_person(catalog, entry, person)


def by_versions(catalog: Catalog, entry: Entry) -> Iterator[Reason]:
    """Yield the patch with the same subject, or else the first, of each other version of the series."""
    if not entry.series:
        return
    versions: dict[tuple[str, int | None], list[Entry]] = {}
    for patch in catalog.find(Match("series", entry.series)):
        if not is_own_version(patch, entry):
            versions.setdefault((issue_key(patch), patch.version), []).append(patch)
    subject = normalised(parse_subject(entry.title).words)
    for (_, version), patches in versions.items():
        same = (patch for patch in patches if normalised(parse_subject(patch.title).words) == subject)
        yield Reason(next(same, patches[0]), VERSION_WORTH, f"v{version} of the same series")


def by_links(catalog: Catalog, entry: Entry) -> Iterator[Reason]:
    """Yield entries about the same page, entries that link to it, and entries about pages that the entry links to."""
    own = same_page(entry.url) if entry.url else None
    if own:
        about = Match("page", own)
        yield from (Reason(other, PAGE_WORTH, "about the same page") for other in catalog.find(about))
        linking = And((Match("linked", own), Not(about)))
        yield from (Reason(other, LINK_WORTH, "links to its page") for other in catalog.find(linking))
    for page in dict.fromkeys(same_page(link.url) for link in entry.links):
        if page != own:
            linked = catalog.find(Match("page", page))
            yield from (Reason(other, LINK_WORTH, "it links to this one") for other in linked)


def by_names(catalog: Catalog, entry: Entry) -> Iterator[Reason]:
    """Yield the entries that mention the same names, weighted by rarity."""
    known = names(catalog)
    for name in known.of(entry):
        holders = known.often(name)
        if holders <= MOST_LOOKED_AT:
            worth = NAME_WORTH * rarity(catalog, holders)
            found = catalog.find(known.where(name))
            yield from (Reason(other, worth, f"also names {name}") for other in found)


def by_person(catalog: Catalog, entry: Entry, person: str) -> Iterator[Reason]:
    """Yield a person's entries on the rarest topic of an entry."""
    counts = catalog.count("topic")
    by = (Match("author", person), Match("lead", "yes"))
    rarest = sorted((topic for topic in sorted(entry.topics) if topic != NOTHING_FITS), key=counts.__getitem__)
    for at, topic in enumerate(rarest):
        worth = AUTHOR_WORTH + rarity(catalog, counts[topic]) / 2
        on_topic: Node = And((*by, Match("topic", topic), Not(any_of("topic", rarest[:at]))))
        for other in catalog.find(on_topic, limit=MOST_LOOKED_AT):
            yield Reason(other, worth, f"also by {person} on {topic_label(catalog, topic)}")


def rarity(catalog: Catalog, holders: int) -> float:
    """Return the weight of something that `holders` entries have in common."""
    return math.log(catalog.about.entries / max(1, holders))
