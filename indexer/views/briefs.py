"""An entry in brief: what a list says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.model import KINDS
from indexer.storage.cache import BOOKKEEPING, Kept
from indexer.storage.index import Ids, Index

MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Brief:
    """An entry as a list has it. `issue` is newsletter/number, `date` the issue's day, `parent` the cover's id.

    `url` is what the entry links to, `version` which one of its `series` a patch is, `original_url` its text in the
    page of the issue, and `source_url` the line in the issue's source.
    """

    id: str
    title: str
    kind: str
    issue: str
    date: str
    section: tuple[str, ...]
    author: str | None
    people: tuple[str, ...]
    url: str | None
    parent: str | None
    tree: str | None
    series: str | None
    version: int | None
    original_url: str | None
    source_url: str | None


class Briefs:
    """Reads entries in brief; those read last are kept."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._kept: Kept[Brief] = Kept(MOST_KEPT * BOOKKEEPING, lambda _: 0)

    def brief(self, doc: int) -> Brief:
        return self._kept.get(doc, lambda: brief_of(self.index, self.index.stored(doc)))


def brief(index: Index, doc: int) -> Brief:
    """Return an entry in brief by its number in the index."""
    return index.once(Briefs).brief(doc)


def briefs(index: Index, docs: Ids | Iterable[int]) -> tuple[Brief, ...]:
    """Return some entries in brief, in the order that is given."""
    return tuple(brief(index, int(doc)) for doc in docs)


def brief_of(index: Index, record: dict[str, Any]) -> Brief:
    """Return an entry in brief by its record."""
    issue = f"{record['newsletter']}/{record['issue']}"
    return Brief(
        id=record["id"],
        title=record["title"],
        kind=record["kind"],
        issue=issue,
        date=index.issues[issue].date[:10],
        section=tuple(record["section"]),
        author=record["author"],
        people=tuple(record["people"]),
        url=record["url"],
        parent=record["parent"],
        tree=record["tree"],
        series=record["series"],
        version=record["version"],
        original_url=record["original_url"],
        source_url=record["source_url"],
    )


def holding(index: Index, field: str, *terms: str) -> Ids:
    """Return the entries that hold any of some terms in a field, in reading order."""
    if len(terms) > 1:
        return np.flatnonzero(index.marked(field, terms))
    found = index.postings(field, terms[0]) if terms else None
    return found.ids if found else np.empty(0, np.intp)


def kinds_of(index: Index, docs: Ids) -> dict[str, int]:
    """Return how many of some entries there are of each kind, in the order of KINDS."""
    counts = index.values("kind").counts(docs)
    return {kind: counts[kind] for kind in KINDS if counts.get(kind)}


def most_first(counts: dict[str, int]) -> dict[str, int]:
    """Return counts by name, the most first; equal ones by name."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
