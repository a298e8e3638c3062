"""The outcome of a series, derived from its patches, and the outcomes of patches, derived from their series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from indexer.kernel.repositories import version_order
from indexer.kernel.subjects import parse_subject
from indexer.model import BY_HAND, OF_SERIES, OUTCOMES, Entry, Outcome


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """The outcome of a series."""

    outcome: Annotated[str, f"One of {', '.join(OUTCOMES)}."]
    version: Annotated[int, "Which version was merged, else the last one."]
    merged: Annotated[int, "The number of its patches that are known to be merged."]
    patches: int
    repository: str | None
    release: str | None
    commit: Annotated[str | None, "The merge of the series, or its only patch."]
    commit_url: str | None
    why: str
    said: Annotated[str, "The outcome as a sentence."]


def result_of(patches: Sequence[Entry]) -> SeriesResult:
    """Return the outcome of a series; `patches` are those of all its versions, including cover letters."""
    patches = [with_own_outcome(patch) for patch in patches]
    versions = sorted({patch.version or 1 for patch in patches}, reverse=True)
    for version in versions:
        found = merged_version(version, [patch for patch in patches if (patch.version or 1) == version])
        if found:
            return found
    last = [patch for patch in patches if (patch.version or 1) == versions[0]]
    results = Counter(patch.outcome.outcome for patch in last if patch.outcome)
    if results["superseded"] > results["not merged"]:
        return superseded(versions[0], last)
    sources = [patch.outcome.source for patch in last if patch.outcome and patch.outcome.outcome == "not merged"]
    if results["not merged"] * 2 > len(last):
        return unmerged("not merged", versions[0], last, sources[0])
    return unmerged("unknown", versions[0], last, "no source says that it was merged")


def with_own_outcome(patch: Entry) -> Entry:
    """Return a patch without an outcome that is known from its series alone."""
    own = patch.own_outcome
    return patch if own is patch.outcome else replace(patch, outcome=own)


def outcomes_of_series(patches: Sequence[Entry]) -> Iterator[Outcome]:
    """Yield the outcomes of patches that follow from the outcome of their series.

    Only patches whose own outcome is not known get one. A patch that was looked for in a history and not found can be
    superseded with its series, but it does not count as merged with it.
    """
    result = result_of(patches)
    versions = {patch.version or 1 for patch in patches}
    for patch in patches:
        own, version = patch.own_outcome, patch.version or 1
        later = superseding(version, result, versions)
        outcome = "superseded" if later else result.outcome if result.version == version else "unknown"
        replaced = own is None or (own.outcome == "unknown" and own.grade != BY_HAND and later)
        if replaced and outcome != "unknown":
            source = (
                f"version {later} of the series took its place" if later else f"its series was {outcome}: {result.why}"
            )
            yield Outcome(patch.id, outcome, "", result.repository or "", result.release or "", source, OF_SERIES)


def merged_version(version: int, posted: Sequence[Entry]) -> SeriesResult | None:
    """Return the outcome of a merged version of a series, or None if it is not known to be merged."""
    merged = [patch for patch in posted if is_merged(patch)]
    if not merged:
        return None
    covers: list[Entry] = []
    singles: list[Entry] = []
    for patch in posted:
        (covers if parse_subject(patch.title).number == 0 else singles).append(patch)
    alone = merged if len(posted) == 1 else [patch for patch in covers if is_merged(patch)]
    whole = alone[0].outcome if alone else None
    known = sum(map(is_merged, singles))
    release = latest(patch.outcome.release for patch in merged if patch.outcome)
    first = merged[0].outcome
    repository = first.repository if first else ""
    why = f"{known} of {len(singles)} patches are known to be merged" if singles else "the cover letter was merged"
    return SeriesResult(
        outcome="merged",
        version=version,
        merged=known,
        patches=len(singles),
        repository=repository or None,
        release=release or None,
        commit=whole.commit or None if whole else None,
        commit_url=whole.commit_url or None if whole else None,
        why=why,
        said=merged_in_words(version, repository, release, why if len(singles) > 1 else ""),
    )


def is_merged(patch: Entry) -> bool:
    """Return whether a patch is known to be merged."""
    return patch.outcome is not None and patch.outcome.outcome == "merged"


def merged_in_words(version: int, repository: str, release: str, why: str) -> str:
    """Return where a version of a series was merged as a sentence."""
    where = f" in {repository} {release}" if release else ""
    numbered = f" as version {version}" if version > 1 else ""
    return f"Merged{where}{numbered}{f': {why}' if why else ''}."


def superseded(version: int, posted: Sequence[Entry]) -> SeriesResult:
    """Return the outcome of a series whose patches went on in another one."""
    outcomes = [patch.outcome for patch in posted if patch.outcome and patch.outcome.outcome == "superseded"]
    release = latest(each.release for each in outcomes)
    why = f"{len(outcomes)} {'patch' if len(outcomes) == 1 else 'patches'} went on in a later posting"
    said = "Superseded by a later posting"
    if release:
        said += f", which was merged in {outcomes[0].repository} {release}"
    return SeriesResult(
        "superseded", version, 0, singles_of(posted), outcomes[0].repository or None, release or None, None, None,
        why, f"{said}.",
    )  # fmt: skip


def unmerged(outcome: str, version: int, posted: Sequence[Entry], why: str) -> SeriesResult:
    singles = singles_of(posted)
    said = f"{outcome.capitalize()}: {why}."
    return SeriesResult(outcome, version, 0, singles, None, None, None, None, why, said)


def singles_of(posted: Iterable[Entry]) -> int:
    """Return the number of patches, without cover letters."""
    return sum(parse_subject(patch.title).number != 0 for patch in posted)


def latest(releases: Iterable[str]) -> str:
    return max(releases, key=version_order, default="")


def superseding(version: int, result: SeriesResult, versions: Iterable[int]) -> int | None:
    """Return the version that superseded an earlier one: the merged version, or else the last one."""
    if result.outcome == "merged":
        return result.version if result.version > version else None
    last = max(versions, default=version)
    return last if last > version else None
