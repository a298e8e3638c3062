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

    def ranges(self, start: int, end: int) -> Iterator[Range]:
        """Yield the releases that may contain commits made between two times, oldest first."""
        tagged = tags_by_version(self.tags, self.repository)
        versions = list(tagged)
        for i, version in enumerate(versions):
            before = tuple(tagged[each] for each in versions[:i])
            if before and self.tags[before[-1]] > end:
                break
            if self.tags[tagged[version]] >= start:
                since, sure = 0 if before else start, self.unsure(version, versions[:i])
                yield Range(
                    version, tagged[version], before, since, sure or (0 if before else self.tags[tagged[version]])
                )

    def unsure(self, version: str, before: Sequence[str]) -> int:
        """Return the time up to which commits of a release may belong to an earlier one without a tag, or 0."""
        exact = releases_in(self.tags, self.repository)
        last = before[-1] if before else ""
        missing = [
            each
            for each in self.known
            if version_order(last) < version_order(each) < version_order(version)
            or (each == last and last not in exact)
        ]
        return max((self.known[each] for each in missing), default=0)

    def lacks(self, start: int, end: int) -> bool:
        """Return whether a release that is known to have been made between two times has no tag."""
        tagged = releases_in(self.tags, self.repository)
        return any(start <= day <= end and version not in tagged for version, day in self.known.items())


def tags_by_version(tags: Iterable[str], repository: Repository) -> dict[str, str]:
    """Return the tags of releases by version, in order. The newest candidate stands in for a missing tag."""
    names = list(tags)
    found = candidates_in(names, repository) | releases_in(names, repository)
    return dict(sorted(found.items(), key=lambda pair: version_order(pair[0])))


def releases_in(tags: Iterable[str], repository: Repository) -> dict[str, str]:
    """Return the tags of the releases by version."""
    return {version: tag for tag in tags if (version := repository.version_of(tag))}


def candidates_in(tags: Iterable[str], repository: Repository) -> dict[str, str]:
    """Return the tag of the newest release candidate of each version."""
    pattern = repository.candidate
    matches = ((tag, pattern.match(tag)) for tag in sorted(tags, key=version_order)) if pattern else ()
    return {match["version"]: tag for tag, match in matches if match}
