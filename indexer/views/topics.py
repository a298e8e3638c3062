"""A topic: what the archive has of it, by kind, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.storage.index import Index
from indexer.views.briefs import Brief, briefs, holding, kinds_of


@dataclass(frozen=True, slots=True)
class TopicAbout:
    """A topic: its label, how many entries and how many of each kind, and `reports`: no patches, the newest first."""

    id: str
    label: str
    entries: int
    kinds: dict[str, int]
    reports: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic: its label, what it covers in words, and how many entries it has."""

    id: str
    label: str
    covers: str
    entries: int


def topics(index: Index) -> tuple[TopicCount, ...]:
    """Return the topics that entries are of, in the order of their table; one that is in no table comes last."""
    values = index.values("topic")
    left = dict(zip(values.names, values.totals.tolist(), strict=True))
    listed = [TopicCount(t["id"], t["label"], t["covers"], left.pop(t["id"], 0)) for t in index.about["topics"]]
    others = [TopicCount(topic, topic, "", count) for topic, count in left.items()]
    return tuple(each for each in (*listed, *others) if each.entries)


def topic_of(index: Index, topic: str, most: int | None = None) -> TopicAbout | None:
    """Return what there is of a topic, no more than `most` of its reports; None for one that no entry has."""
    docs = holding(index, "topic", topic)
    if not len(docs):
        return None
    newest = docs[index.recency[docs].argsort()]
    patches = index.marked("kind", ["patch"])
    labels = {each["id"]: each["label"] for each in index.about["topics"]}
    reports = briefs(index, newest[~patches[newest]][:most])
    return TopicAbout(topic, labels.get(topic, topic), len(docs), kinds_of(index, docs), reports)
