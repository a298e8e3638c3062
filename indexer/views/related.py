"""What an entry is related to: other versions, the same page, the same names, the same people on the same topic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from indexer.annotating.addresses import same_page
from indexer.annotating.topics import NOTHING_FITS
from indexer.kernel.series import normalised
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.storage.index import Index
from indexer.views.backlinks import linking_to
from indexer.views.briefs import Brief, brief, holding
from indexer.views.identifier_lookup import Names

MOST = 8
MOST_LOOKED_AT = 200  # entries by each author or name, the first of which are as good as the others
VERSION_WORTH = 30.0
PAGE_WORTH = 25.0
LINK_WORTH = 20.0
NAME_WORTH = 2.5  # times how rare the name is
AUTHOR_WORTH = 2.0


@dataclass(frozen=True, slots=True)
class Related:
    """An entry that another one is related to, and in what way."""

    entry: Brief
    reason: str


class Reason(NamedTuple):
    """What relates an entry to another, by its number in the index, and how much that is worth."""

    doc: int
    worth: float
    text: str


def related_to(index: Index, entry: Entry) -> tuple[Related, ...]:
    """Return what an entry is related to, the nearest first: at most eight, one of each series.

    Its own version of its series is not among them, since its cover and its neighbours are next to it anyway.
    """
    found = index.postings("id", entry.id)
    if found is None:
        return ()
    doc = int(found.ids[0])
    worth: dict[int, float] = {}
    texts: dict[int, list[str]] = {}
    for reason in reasons(index, doc, entry):
        worth[reason.doc] = worth.get(reason.doc, 0.0) + reason.worth
        texts.setdefault(reason.doc, []).append(reason.text)
    left = set(worth) - set(own_version(index, entry)) - {doc}
    days = index.days
    nearest = sorted(left, key=lambda other: (-worth[other], abs(int(days[other] - days[doc])), other))
    return tuple(Related(each, "; ".join(texts[other])) for other, each in one_of_each(index, nearest, entry))


def one_of_each(index: Index, docs: Iterable[int], entry: Entry) -> Iterator[tuple[int, Brief]]:
    """Yield the first of some entries that are different: one of each series, of the entry's own one of a version."""
    taken: set[str] = set()
    for doc in docs:
        if len(taken) == MOST:
            return
        other = brief(index, doc)
        own = other.series == entry.series
        key = f"{other.series} {other.issue} {other.version}" if other.series and own else other.series or other.id
        if key not in taken:
            taken.add(key)
            yield doc, other


def reasons(index: Index, doc: int, entry: Entry) -> Iterator[Reason]:
    """Yield what relates an entry to others, what says most first."""
    yield from by_versions(index, entry)
    yield from by_links(index, entry)
    yield from by_names(index, doc)
    for person in entry.people:
        yield from by_person(index, doc, person)


def of_series(index: Index, entry: Entry) -> list[int]:
    return holding(index, "series", entry.series).tolist() if entry.series else []


def own_version(index: Index, entry: Entry) -> Iterator[int]:
    """Yield the patches of the version that a patch is of, in its issue."""
    own = (f"{entry.newsletter}/{entry.issue}", entry.version)
    return (doc for doc in of_series(index, entry) if (brief(index, doc).issue, brief(index, doc).version) == own)


def by_versions(index: Index, entry: Entry) -> Iterator[Reason]:
    """Yield the same patch in the other versions of its series; the first of a version that has it no more."""
    versions: dict[tuple[str, int | None], list[int]] = {}
    for doc in of_series(index, entry):
        other = brief(index, doc)
        versions.setdefault((other.issue, other.version), []).append(doc)
    subject = normalised(parse_subject(entry.title).words)
    for (_, version), docs in versions.items():
        same = (doc for doc in docs if normalised(parse_subject(brief(index, doc).title).words) == subject)
        yield Reason(next(same, docs[0]), VERSION_WORTH, f"v{version} of the same series")


def by_links(index: Index, entry: Entry) -> Iterator[Reason]:
    """Yield the entries about the same page, those that link to it, and those about a page that the entry links to."""
    if entry.url:
        about = holding(index, "page", same_page(entry.url)).tolist()
        yield from (Reason(doc, PAGE_WORTH, "about the same page") for doc in about)
        yield from (
            Reason(doc, LINK_WORTH, "links to its page") for doc in linking_to(index, entry.url) if doc not in about
        )
    for page in dict.fromkeys(same_page(link.url) for link in entry.links):
        if not entry.url or page != same_page(entry.url):
            yield from (
                Reason(doc, LINK_WORTH, "it links to this one") for doc in holding(index, "page", page).tolist()
            )


def by_names(index: Index, doc: int) -> Iterator[Reason]:
    """Yield the entries that mention the same names: a rare one says more."""
    names = index.once(Names)
    for name in names.of(doc):
        holders = names.mentioned[name]
        if len(holders) <= MOST_LOOKED_AT:
            worth = NAME_WORTH * rarity(index, len(holders))
            yield from (Reason(other, worth, f"names {name}, too") for other in holders)


def by_person(index: Index, doc: int, person: str) -> Iterator[Reason]:
    """Yield what a person has on the rarest topic of an entry."""
    labels = {topic["id"]: topic["label"] for topic in index.about["topics"]}
    left = index.marked("person", [person]) & index.marked("lead", ["yes"])
    for topic in telling_topics(index, doc):
        on_topic = left & index.marked("topic", [topic])
        worth = AUTHOR_WORTH + rarity(index, len(holding(index, "topic", topic))) / 2
        for other in np.flatnonzero(on_topic)[:MOST_LOOKED_AT].tolist():
            yield Reason(other, worth, f"also by {person} on {labels.get(topic, topic)}")
        left &= ~on_topic


def telling_topics(index: Index, doc: int) -> list[str]:
    """Return the topics of an entry, the rarest first, without the one for what fits no other."""
    found = [topic for topic in index.values("topic").of(doc) if topic != NOTHING_FITS]
    return sorted(found, key=lambda topic: len(holding(index, "topic", topic)))


def rarity(index: Index, holders: int) -> float:
    """Return how much it says that two entries have something that so many have."""
    return math.log(index.size / max(1, holders))
