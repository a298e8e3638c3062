"""Topic views: the entries of a topic by kind, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from indexer.catalog.protocol import Catalog
from indexer.query.tree import And, Match, Not
from indexer.views.briefs import Brief, briefs, kinds_of


@dataclass(frozen=True, slots=True)
class TopicAbout:
    """A topic and its entries."""

    id: str
    label: str
    entries: int
    kinds: Annotated[dict[str, int], "The number of entries of each kind."]
    reports: Annotated[tuple[Brief, ...], "All but patches, the newest first."]


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic, its description, and its number of entries."""

    id: str
    label: str
    covers: str
    entries: int


def topics(catalog: Catalog) -> tuple[TopicCount, ...]:
    """Return the topics that have entries, in table order; topics without a table come last."""
    left = dict(sorted(catalog.count("topic").items()))
    listed = [TopicCount(each.id, each.label, each.covers, left.pop(each.id, 0)) for each in catalog.about.topics]
    others = [TopicCount(topic, topic, "", count) for topic, count in left.items()]
    return tuple(each for each in (*listed, *others) if each.entries)


def topic_label(catalog: Catalog, topic: str) -> str:
    """Return the label of a topic, or its id if no table has it."""
    return next((each.label for each in catalog.about.topics if each.id == topic), topic)


def topic_of(catalog: Catalog, topic: str, most: int | None = None) -> TopicAbout | None:
    """Return a topic with up to `most` of its reports, or None if no entry has it."""
    where = Match("topic", topic)
    kinds = kinds_of(catalog, where)
    if not kinds:
        return None
    reports = catalog.find(And((where, Not(Match("kind", "patch")))), order="newest", limit=most)
    return TopicAbout(topic, topic_label(catalog, topic), sum(kinds.values()), kinds, briefs(catalog, reports))
