"""How much there is, by issue, kind, kernel version and topic."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.storage.index import Index
from indexer.views.briefs import kinds_of, most_first
from indexer.views.issues import issues
from indexer.views.kernels import KernelCount, kernels
from indexer.views.topics import topics


@dataclass(frozen=True, slots=True)
class PerIssue:
    """An issue (newsletter/number), its day, and how many entries it has."""

    issue: str
    date: str
    entries: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How much there is: entries by kind and by topic id, kernel versions the newest first, issues in reading order."""

    entries: int
    kinds: dict[str, int]
    topics: dict[str, int]
    kernels: tuple[KernelCount, ...]
    authors: int
    identifiers: int
    series: int
    issues: tuple[PerIssue, ...]


def stats(index: Index) -> Stats:
    """Return how much an index holds."""
    counted = {each.id: each.entries for each in topics(index)}
    return Stats(
        entries=index.size,
        kinds=kinds_of(index, index.all),
        topics=most_first(counted),
        kernels=kernels(index),
        authors=len(index.values("person").names),
        identifiers=len(index.values("identifier").names),
        series=len(index.values("series").names),
        issues=tuple(PerIssue(each.id, each.date, each.entries) for each in issues(index)),
    )
