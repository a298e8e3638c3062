"""The outcome of a series, derived from the outcomes of its patches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from indexer.kernel.repositories import version_order
from indexer.kernel.subjects import parse_subject
from indexer.model import OUTCOMES, Entry


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """The outcome of a series."""

    outcome: Annotated[str, f"One of {', '.join(OUTCOMES)}."]
    version: Annotated[int, "Which version was merged, else the last one."]
    merged: Annotated[int, "How many of its patches are known to be merged."]
    patches: int
    repository: str | None
    release: str | None
    commit: Annotated[str | None, "The merge of the series, or its only patch."]
    commit_url: str | None
    why: str


def result_of(patches: Sequence[Entry]) -> SeriesResult:
    """Return the outcome of a series; `patches` are those of all its versions, including cover letters."""
    versions = sorted({patch.version or 1 for patch in patches}, reverse=True)
    for version in versions:
        found = merged_version(version, [patch for patch in patches if (patch.version or 1) == version])
        if found:
            return found
    last = [patch for patch in patches if (patch.version or 1) == versions[0]]
    results = Counter(patch.outcome.outcome for patch in last if patch.outcome)
    sources = [patch.outcome.source for patch in last if patch.outcome and patch.outcome.outcome == "not merged"]
    if results["not merged"] * 2 > len(last):
        return unmerged("not merged", versions[0], last, sources[0])
    return unmerged("unknown", versions[0], last, "no source says that it was merged")


def merged_version(version: int, posted: Sequence[Entry]) -> SeriesResult | None:
    """Return the outcome of a merged version of a series, or None if it is not known to be merged."""
    singles = [patch for patch in posted if parse_subject(patch.title).number != 0]
    covers = [patch for patch in posted if parse_subject(patch.title).number == 0]
    merged = [patch for patch in posted if patch.outcome and patch.outcome.outcome == "merged"]
    if not merged:
        return None
    alone = merged if len(posted) == 1 else [patch for patch in merged if patch in covers]
    whole = alone[0].outcome if alone else None
    known = sum(patch in merged for patch in singles)
    release = latest(patch.outcome.release for patch in merged if patch.outcome)
    first = merged[0].outcome
    return SeriesResult(
        outcome="merged",
        version=version,
        merged=known,
        patches=len(singles),
        repository=first.repository or None if first else None,
        release=release or None,
        commit=whole.commit or None if whole else None,
        commit_url=whole.commit_url or None if whole else None,
        why=f"{known} of {len(singles)} patches are known to be merged" if singles else "the cover letter was merged",
    )


def unmerged(outcome: str, version: int, posted: Sequence[Entry], why: str) -> SeriesResult:
    singles = sum(parse_subject(patch.title).number != 0 for patch in posted)
    return SeriesResult(outcome, version, 0, singles, None, None, None, None, why)


def latest(releases: Iterable[str]) -> str:
    return max(releases, key=version_order, default="")
