"""Read a Git clone: its releases, and the commits that each release contains first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from indexer.errors import UnusableClone
from indexer.kernel.commits import BACKPORT, Commit
from indexer.kernel.repositories import Repository, of_tags
from indexer.sources.git import reason, run
from indexer.sources.release_ranges import Range, Releases, newest_candidate, releases_in

FIELDS = ("%H", "%P", "%an", "%aN", "%cn", "%at", "%ct", "%s", "%b")


@dataclass(frozen=True)
class Clone:
    """A clone on disk, the repository it was cloned from, and the times of its tags.

    `marked` are the commits that stand in for missing tags, by the name of the tag.
    """

    folder: Path
    repository: Repository
    tags: Mapping[str, int]
    marked: Mapping[str, str] = field(default_factory=dict)

    def ranges(self, start: int, end: int, released: Mapping[str, int]) -> list[Range]:
        """Return the releases that may contain commits made between two times, oldest first.

        `released` has the dates of known releases, with or without a tag. Commits that may belong to one without a
        tag get no release, unless one of its release candidates contains them.
        """
        known = Releases(self.repository, self.tags, released)
        found = known.ranges(start, end)
        tags = list(releases_in(self.tags, self.repository).values())
        older = [tag for tag in tags if self.tags[tag] <= end]
        return found if len(older) < len(tags) - 1 else [*found, *self.unreleased(tags)]

    def with_markers(self, start: int, end: int, released: Mapping[str, int]) -> Clone:
        """Return the clone with the commits that mark a release as tags, where releases lack theirs."""
        marker = self.repository.marker
        if marker is None or not Releases(self.repository, self.tags, released).lacks(start, end):
            return self
        newest = list(releases_in(self.tags, self.repository).values())[-1]
        heads = [newest, *(["HEAD"] if self.leads_to_head(newest) else [])]
        listed = git(
            self.folder, "-c", "log.mailmap=false", "log", f"--since={start}", "--format=%H %ct %s", *heads, "--"
        )
        rows = (line.split(" ", 2) for line in text_of(listed).split("\n") if line.count(" ") > 1)
        found = {f"v{match['number']}": row for row in rows if (match := marker.match(row[2]))}
        times = {name: int(when) for name, (_, when, _) in found.items()}
        return replace(self, tags=times | dict(self.tags), marked={name: row[0] for name, row in found.items()})

    def commit_of_tag(self, tag: str) -> str:
        """Return what git calls the commit of a tag: the tag itself, unless the tag is missing."""
        return self.marked.get(tag, tag)

    @cached_property
    def mailmap(self) -> str:
        """The git option for the mailmap. It is switched off if a partial clone has not fetched the file."""
        newest = list(releases_in(self.tags, self.repository).values())[-1]
        old = not git_fails(self.folder, "merge-base", "--is-ancestor", "HEAD", self.commit_of_tag(newest))
        place = f"{self.commit_of_tag(newest) if old else 'HEAD'}:.mailmap"
        return "" if git_fails(self.folder, "cat-file", "-e", place) else place

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
        return not git_fails(self.folder, "merge-base", "--is-ancestor", self.commit_of_tag(tag), "HEAD")

    def commits(self, within: Range) -> Iterator[Commit]:
        """Yield the commits of a release, without backports from a later one."""
        raw = git(
            self.folder, "-c", f"mailmap.blob={self.mailmap}", "log", "-z", "--no-color", "--no-decorate",
            "--no-notes", "--no-show-signature", "--no-patch", *([f"--since={within.since}"] if within.since else []),
            f"--format={'%x00'.join(FIELDS)}", self.commit_of_tag(within.tag), "--not",
            *map(self.commit_of_tag, within.before), "--",
        )  # fmt: skip
        values = text_of(raw).split("\0")
        for at in range(0, len(values) - len(FIELDS) + 1, len(FIELDS)):
            commit = commit_of(values[at : at + len(FIELDS)], within)
            if not is_backport(commit):
                yield commit


def text_of(raw: bytes) -> str:
    """Return the output of git as text. Commits that are not in UTF-8 and do not say so are taken for Latin-1."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "\0".join(map(value_of, raw.split(b"\0")))


def value_of(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def commit_of(values: Sequence[str], within: Range) -> Commit:
    commit, parents, author, mapped, committer, authored, committed, subject, message = values
    names = (mapped, author) if mapped != author else (author,)
    release = within.release if int(committed) > within.sure else ""
    return Commit(
        commit, release, names, int(authored), int(committed), " " in parents, subject, message, committer,
        within.release,
    )  # fmt: skip


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
