"""Divide a history into ranges of commits by its release tags, some of which may be missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.kernel.repositories import Repository, version_order


@dataclass(frozen=True, slots=True)
class Range:
    """The commits that a release contains first: those reachable from `tag` and from none of `before`.

    `release` is "" for commits that are not released yet. Commits made up to `sure` (seconds since 1970) may belong to
    an earlier release without a tag. Those made before `since` are of no interest.
    """

    release: str
    tag: str
    before: tuple[str, ...]
    since: int = 0
    sure: int = 0


@dataclass(frozen=True)
class Releases:
    """The release tags of a clone with their times, and the times of the releases that are known to exist."""

    repository: Repository
    tags: Mapping[str, int]
    known: Mapping[str, int]

    def ranges(self, start: int, end: int) -> list[Range]:
        """Return the releases that may contain commits made between two times, oldest first."""
        tagged = releases_in(self.tags, self.repository)
        versions = list(tagged)
        found: list[Range] = []
        for i, version in enumerate(versions):
            before = [tagged[each] for each in versions[:i]]
            if before and self.tags[before[-1]] > end:
                break
            if self.tags[tagged[version]] >= start:
                since = 0 if before else start
                found += self.filled(version, Range(version, tagged[version], tuple(before), since), versions[:i])
        return found

    def filled(self, version: str, whole: Range, before: Sequence[str]) -> Iterator[Range]:
        """Yield a release as ranges, preceded by the releases without a tag that came just before it."""
        last = version_order(before[-1]) if before else ()
        missing = [each for each in self.known if last < version_order(each) < version_order(version)]
        seen, sure = whole.before, 0 if before or missing else self.tags[whole.tag]
        for each in sorted(missing, key=version_order):
            if tag := newest_candidate_of(self.tags, self.repository, each):
                yield Range(each, tag, seen, whole.since, sure)
                seen = (*seen, tag)
            sure = self.known[each]
        yield Range(version, whole.tag, seen, whole.since, sure)

    def lacks(self, start: int, end: int) -> bool:
        """Return whether a release that is known to have been made between two times has no tag."""
        tagged = releases_in(self.tags, self.repository)
        return any(start <= day <= end and version not in tagged for version, day in self.known.items())


def releases_in(tags: Iterable[str], repository: Repository) -> dict[str, str]:
    """Return the releases as version to tag, in order of version."""
    found = {version: tag for tag in tags if (version := repository.version_of(tag))}
    return dict(sorted(found.items(), key=lambda pair: version_order(pair[0])))


def newest_candidate(tags: Mapping[str, int], repository: Repository, after: str) -> tuple[str, str] | None:
    """Return the version and tag of the newest release candidate after the version `after`; None if there is none."""
    found = candidates(tags, repository)
    later = [pair for pair in found if version_order(pair[0]) > version_order(after)]
    return max(later, key=lambda pair: version_order(pair[1]), default=None)


def newest_candidate_of(tags: Iterable[str], repository: Repository, version: str) -> str | None:
    """Return the tag of the newest release candidate of a version."""
    found = [tag for name, tag in candidates(tags, repository) if name == version]
    return max(found, key=version_order, default=None)


def candidates(tags: Iterable[str], repository: Repository) -> list[tuple[str, str]]:
    """Return the release candidates as pairs of version and tag."""
    if repository.candidate is None:
        return []
    return [(match["version"], tag) for tag in tags if (match := repository.candidate.match(tag))]
