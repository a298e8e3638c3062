"""Advice of `backissue check` about newsletters' tables: what is divided badly, and what `init` would change."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from indexer.checking import Report
from indexer.errors import BackissueError
from indexer.formats import read_source
from indexer.inferring.findings import Sample
from indexer.inferring.proposal import changes, propose
from indexer.judging import judge
from indexer.model import Issue
from indexer.sources.archive import NEWSLETTERS, TABLE, Archive, Source

MOST_SAMPLED = 60


def advice_on(archive: Archive, reports: Iterable[Report], sources: Sequence[Source]) -> Iterator[dict[str, str]]:
    """Yield advice about each newsletter as objects with the keys newsletter, found, example and write."""
    issues: dict[str, list[Issue]] = defaultdict(list)
    for report in reports:
        issues[report.issue.newsletter].append(report.issue)
    for name, held in issues.items():
        for each in judge(archive.newsletter(name), held):
            yield {"newsletter": name, "found": each.found, "example": each.example, "write": each.write}
        own = [source for source in sources if source.key.newsletter == name]
        for sentence in proposed(archive, name, own):
            yield {"newsletter": name, "found": sentence, "example": "", "write": ""}


def proposed(archive: Archive, name: str, sources: Sequence[Source]) -> Iterator[str]:
    """Yield what `init` would change in a newsletter's own table."""
    table = archive.folder / NEWSLETTERS / name / TABLE
    newsletter = archive.newsletter(name)
    if not table.exists() or newsletter.dividing == "by table":
        return
    samples = list(sampled(archive, sources[:: 1 + len(sources) // MOST_SAMPLED]))
    if samples:
        proposal = propose(name, samples, archive.profile(newsletter.profile))
        yield from changes(proposal, tomllib.loads(table.read_text(encoding="utf-8")))


def sampled(archive: Archive, sources: Iterable[Source]) -> Iterator[Sample]:
    """Yield the documents of issues, with the original names of their files."""
    for source in sources:
        known = str(archive.told(source).get("name") or source.path.name)
        try:
            yield Sample(known, read_source(archive.content(source.path), source.path.name)[0])
        except BackissueError:
            continue


def in_words(advice: dict[str, str]) -> str:
    """Return advice as a line."""
    example = f" Example: {advice['example']}." if advice["example"] else ""
    return f"{advice['newsletter']}: {advice['found']}{example} {advice['write']}".rstrip()
