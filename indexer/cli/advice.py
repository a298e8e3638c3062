"""Advice of `backissue check` about newsletters' tables: what is divided badly, and what `init` would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from indexer.checking import Report
from indexer.inferring.findings import Sample
from indexer.inferring.proposal import changes, propose
from indexer.judging import judge
from indexer.model import Issue, IssueKey
from indexer.profile.tables import load
from indexer.sources.archive import NEWSLETTERS, TABLE, Archive, Source

MOST_SAMPLED = 60


def advice_on(archive: Archive, reports: Iterable[Report]) -> Iterator[dict[str, str]]:
    """Yield advice about each newsletter as objects with the keys newsletter, found, example and write."""
    issues: dict[str, list[Issue]] = defaultdict(list)
    samples: dict[str, list[Sample]] = defaultdict(list)
    for report in reports:
        issues[report.issue.newsletter].append(report.issue)
        samples[report.issue.newsletter] += [report.sample] if report.sample else []
    for name, own in issues.items():
        for each in judge(archive.newsletter(name), own):
            yield {"newsletter": name, "found": each.found, "example": each.example, "write": each.write}
        for sentence in proposed(archive, name, samples[name]):
            yield {"newsletter": name, "found": sentence, "example": "", "write": ""}


def proposed(archive: Archive, name: str, samples: Sequence[Sample]) -> Iterator[str]:
    """Yield what `init` would change in a newsletter's own table."""
    if samples:
        proposal = propose(name, samples, archive.profile(archive.newsletter(name).profile))
        yield from changes(proposal, load(table_of(archive, name)))


def sampled(archive: Archive, sources: Iterable[Source]) -> set[IssueKey]:
    """Return an evenly spread sample of the issues of each newsletter whose table `init` can propose."""
    keys: dict[str, list[IssueKey]] = defaultdict(list)
    for source in sources:
        keys[source.key.newsletter].append(source.key)
    return {
        key
        for name, own in keys.items()
        if table_of(archive, name).exists() and archive.newsletter(name).dividing != "by table"
        for key in own[:: 1 + len(own) // MOST_SAMPLED]
    }


def table_of(archive: Archive, name: str) -> Path:
    return archive.folder / NEWSLETTERS / name / TABLE


def in_words(advice: dict[str, str]) -> str:
    """Return advice as a line."""
    example = f" Example: {advice['example']}." if advice["example"] else ""
    return f"{advice['newsletter']}: {advice['found']}{example} {advice['write']}".rstrip()
