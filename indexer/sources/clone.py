"""Read a Git clone: its releases, and the commits that each release contains first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer.errors import UnusableClone
from indexer.kernel.commits import BACKPORT, Commit
from indexer.kernel.repositories import Repository, of_tags, version_order
from indexer.sources.git import reason, run

FIELDS = ("%H", "%P", "%an", "%aN", "%cn", "%at", "%ct", "%s", "%b")
MAILMAP = "HEAD:.mailmap"


@dataclass(frozen=True, slots=True)
class Range:
    """The commits that a release contains first: those reachable from `tag` and from none of `before`.

    `release` is "" for commits that are not released yet. Commits before `since` (seconds since 1970) are left out:
    they may belong to an older release without a tag.
    """

    release: str
    tag: str
    before: tuple[str, ...]
    since: int = 0


@dataclass(frozen=True)
class Clone:
    """A clone on disk, the repository it was cloned from, and the times of its tags."""

    folder: Path
    repository: Repository
    tags: Mapping[str, int]

    def ranges(self, start: int, end: int, released: Mapping[str, int]) -> list[Range]:
        """Return the releases that may contain commits made between two times, oldest first.

        `released` has the dates of known releases, with or without a tag. Commits that may belong to one without a
        tag get no release, unless one of its release candidates contains them.
        """
        releases = releases_in(self.tags, self.repository)
        versions = list(releases)
        found: list[Range] = []
        for i, version in enumerate(versions):
            before = tuple(releases[each] for each in versions[:i])
            if before and self.tags[before[-1]] > end:
                break
            if self.tags[releases[version]] >= start:
                since = 0 if before else latest_before(version, released)
                if before or since:
                    found += self.filled(Range(version, releases[version], before, since), versions[:i], released)
        else:
            found += self.unreleased(list(releases.values()))
        return found

    def filled(self, whole: Range, before: Sequence[str], released: Mapping[str, int]) -> Iterator[Range]:
        """Yield a release as ranges, preceded by the releases without a tag that came just before it."""
        last = version_order(before[-1]) if before else version_order(whole.release)
        missing = [each for each in released if last < version_order(each) < version_order(whole.release)]
        seen = whole.before
        for version in sorted(missing, key=version_order):
            if tag := newest_candidate_of(self.tags, self.repository, version):
                yield Range(version, tag, seen)
                seen = (*seen, tag)
        yield Range("" if missing else whole.release, whole.tag, seen, whole.since)

    @cached_property
    def mailmap(self) -> str:
        """The git option for the mailmap. It is switched off if a partial clone has not fetched the file."""
        return "" if git_fails(self.folder, "cat-file", "-e", MAILMAP) else MAILMAP

    def unreleased(self, tags: Sequence[str]) -> list[Range]:
        """Return the commits on the current branch that no release contains yet."""
        if not tags or not self.leads_to_head(tags[-1]):
            return []
        updates = [tag for tag in self.tags if tag.startswith(f"{tags[-1]}.")]
        if any(map(self.leads_to_head, updates)):  # a stable branch, whose commits were taken over
            return []
        candidate = newest_candidate(self.tags, self.repository, tags[-1])
        coming = [Range(candidate[0], candidate[1], tuple(tags))] if candidate else []
        seen = (*tags, candidate[1]) if candidate else tuple(tags)
        return [*coming, Range("", "HEAD", seen)]

    def leads_to_head(self, tag: str) -> bool:
        """Return whether the current branch has the commit of a tag."""
        return not git_fails(self.folder, "merge-base", "--is-ancestor", tag, "HEAD")

    def commits(self, within: Range) -> Iterator[Commit]:
        """Yield the commits of a release, without backports from a later one."""
        raw = git(
            self.folder, "-c", f"mailmap.blob={self.mailmap}", "log", "-z", "--no-color", "--no-decorate",
            "--no-notes", "--no-show-signature", "--no-patch",
            f"--format={'%x00'.join(FIELDS)}", within.tag, "--not", *within.before, "--",
        )  # fmt: skip
        values = raw.decode("utf-8", "replace").split("\0")
        for at in range(0, len(values) - len(FIELDS) + 1, len(FIELDS)):
            commit = commit_of(values[at : at + len(FIELDS)], within.release)
            if commit.committed > within.since and not is_backport(commit):
                yield commit


def commit_of(values: Sequence[str], release: str) -> Commit:
    commit, parents, author, mapped, committer, authored, committed, subject, message = values
    names = (mapped, author) if mapped != author else (author,)
    return Commit(commit, release, names, int(authored), int(committed), " " in parents, subject, message, committer)


def is_backport(commit: Commit) -> bool:
    return "pstream" in commit.message[:400] and BACKPORT.search(commit.message[:400]) is not None


def open_clone(folder: Path, known: Iterable[Repository]) -> Clone:
    """Return the clone in a folder. Raises `UnusableClone` if there is none, or if it has no release tags."""
    if not folder.is_dir():
        raise UnusableClone(f"{folder}: There is no such folder. Name a clone of a repository with --git.")
    listed = git(
        folder, "for-each-ref", "--format=%(refname:lstrip=2) %(*committerdate:unix)%(committerdate:unix)", "refs/tags"
    )
    dated = (line.split(" ") for line in listed.decode("utf-8", "replace").splitlines())
    tags = {parts[0]: int(parts[1]) for parts in dated if len(parts) == 2 and parts[1].isdigit()}
    repositories = list(known)
    repository = of_tags(tags, repositories)
    if repository is None:
        names = " or ".join(each.name for each in repositories)
        raise UnusableClone(
            f"{folder}: There are no release tags of {names}. Run `git fetch --tags`, or name another clone."
        )
    return Clone(folder, repository, tags)


def releases_in(tags: Iterable[str], repository: Repository) -> dict[str, str]:
    """Return the releases as version to tag, in order of version."""
    found = {match["version"]: tag for tag in tags if (match := repository.release.match(tag))}
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


def latest_before(version: str, released: Mapping[str, int]) -> int:
    """Return the time of the release before a version; 0 if it is not known."""
    earlier = [each for each in released if version_order(each) < version_order(version)]
    return released[max(earlier, key=version_order)] if earlier and version in released else 0


def git(folder: Path, *arguments: str) -> bytes:
    """Return the output of a git command. If it fails, raises `UnusableClone` with git's reason."""
    try:
        ran = run(folder, arguments)
    except OSError as error:
        raise UnusableClone(f"Git could not be started ({error.strerror}). Install git to read a clone.") from error
    if ran.returncode:
        why = reason(ran)
        if "not a git repository" in why.casefold():
            raise UnusableClone(f"{folder}: This is not a Git repository. Name the top folder of a clone with --git.")
        raise UnusableClone(
            f"{folder}: Git could not read the repository: {why}. Check it with `git fsck`, or name another clone."
        )
    return ran.stdout


def git_fails(folder: Path, *arguments: str) -> bool:
    return run(folder, arguments).returncode != 0
