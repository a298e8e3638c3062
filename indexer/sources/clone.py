"""Read a Git clone: its releases, and the commits that each release contains first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from subprocess import CompletedProcess

from indexer.errors import UnusableClone
from indexer.kernel.commits import BACKPORT, Commit
from indexer.kernel.repositories import Repository, recognised
from indexer.sources.git import reason, run
from indexer.sources.promised import promised_file
from indexer.sources.release_ranges import Range, Releases, tags_by_version

FIELDS = ("%H", "%P", "%an", "%aN", "%cn", "%at", "%ct", "%s", "%b")
PICKED = "(cherry picked from commit"


@dataclass(frozen=True)
class Clone:
    """A clone on disk, the repository it was cloned from, and the times of its tags.

    `marked` are the commits that stand in for missing tags, by the name of the tag. `store` is a folder for files
    that a partial clone lacks.
    """

    folder: Path
    repository: Repository
    tags: Mapping[str, int]
    store: Path
    marked: Mapping[str, str] = field(default_factory=dict)

    def ranges(self, start: int, end: int, released: Mapping[str, int]) -> list[Range]:
        """Return the releases that may contain commits made between two times, oldest first.

        `released` has the dates of known releases, with or without a tag. Commits that may belong to one without a
        tag get no release, unless one of its release candidates contains them.
        """
        found = list(Releases(self.repository, self.tags, released).ranges(start, end))
        older = [tag for tag in self.points if self.tags[tag] <= end]
        return found if len(older) < len(self.points) - 1 else [*found, *self.unreleased()]

    @cached_property
    def points(self) -> tuple[str, ...]:
        """The tags of the releases, oldest first, with candidates for those that have no tag."""
        return tuple(tags_by_version(self.tags, self.repository).values())

    def with_markers(self, start: int, end: int, released: Mapping[str, int]) -> Clone:
        """Return the clone with the commits that mark a release as tags, where releases lack theirs."""
        known = Releases(self.repository, self.tags, released)
        if self.repository.marker is None or not known.lacks(start, end):
            return self
        newest = self.points[-1:]
        heads = [*newest, *(["HEAD"] if self.leads_to_head(newest[0]) else [])] if newest else ["--all"]
        listed = git(
            self.folder, "-c", "log.mailmap=false", "log", f"--since={start}", "--format=%H %ct %s", *heads, "--"
        )
        rows = (line.split(" ", 2) for line in text_of(listed).split("\n") if line.count(" ") > 1)
        marked = ((self.repository.marks(row[2]), row) for row in rows)
        found = {mark[0]: row for mark, row in marked if mark and not mark[1]}
        times = {name: int(row[1]) for name, row in found.items()}
        return replace(self, tags=times | dict(self.tags), marked={name: row[0] for name, row in found.items()})

    def commit_of_tag(self, tag: str) -> str:
        """Return what git calls the commit of a tag: the tag itself, unless the tag is missing."""
        return self.marked.get(tag, tag)

    @cached_property
    def mailmap(self) -> tuple[str, ...]:
        """The git options for the newest mailmap. They name none if there is none, or if it could not be fetched."""
        newest = self.commit_of_tag(self.points[-1])
        old = not git_fails(self.folder, "merge-base", "--is-ancestor", "HEAD", newest)
        commits = (newest, "HEAD") if old else ("HEAD", newest)
        held = (f"{commit}:.mailmap" for commit in commits)
        if place := next((place for place in held if not git_fails(self.folder, "cat-file", "-e", place)), ""):
            return "-c", f"mailmap.blob={place}"
        promised = promised_file(self.folder, commits[0], ".mailmap", self.store)
        return "-c", "mailmap.blob=", "-c", f"mailmap.file={promised or ''}"

    def unreleased(self) -> list[Range]:
        """Return the commits on the current branch that no release contains yet."""
        if not self.points or not self.leads_to_head(self.points[-1]):
            return []
        updates = [tag for tag in self.tags if tag.startswith(f"{self.points[-1]}.")]
        if any(map(self.leads_to_head, updates)):  # a stable branch, whose commits were taken over
            return []
        return [Range("", "HEAD", self.points)]

    def leads_to_head(self, tag: str) -> bool:
        """Return whether the current branch has the commit of a tag."""
        return not git_fails(self.folder, "merge-base", "--is-ancestor", self.commit_of_tag(tag), "HEAD")

    def commits(self, within: Range) -> Iterator[Commit]:
        """Yield the commits of a release, without backports from a later one."""
        raw = git(
            self.folder, *self.mailmap, "log", "-z", "--no-color", "--no-decorate",
            "--no-notes", "--no-show-signature", "--no-patch", *([f"--since={within.since}"] if within.since else []),
            f"--format={'%x00'.join(FIELDS)}", self.commit_of_tag(within.tag), "--not",
            *map(self.commit_of_tag, within.before), "--",
        )  # fmt: skip
        values = text_of(raw).split("\0")
        read = (
            commit_of(values[at : at + len(FIELDS)], within)
            for at in range(0, len(values) - len(FIELDS) + 1, len(FIELDS))
        )
        yield from (commit for commit in read if not is_backport(commit)) if within.release else self.own(list(read))

    def own(self, unreleased: Sequence[Commit]) -> Iterator[Commit]:
        """Yield the commits of a branch since its last release, without those taken over from another branch."""
        if any((self.repository.marks(commit.subject) or ("", False))[1] for commit in unreleased):
            return
        yield from (each for each in unreleased if not is_backport(each) and PICKED not in each.message)


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


def open_clone(folder: Path, known: Iterable[Repository], store: Path, named: str = "") -> tuple[Clone, str]:
    """Return the clone in a folder, and the evidence for its repository; `named` is the id of one that the user gave.

    Files that a partial clone lacks are fetched to `store`. Raises `UnusableClone` if there is no clone, if it has no
    release tags, or if its repository is not certain.
    """
    if not folder.is_dir():
        raise UnusableClone(f"{folder}: There is no such folder. Name a clone of a repository with --git.")
    tags, subjects = tags_of(folder)
    repositories = [each for each in known if named in ("", each.id)]
    likely, evidence = recognised(top_of(folder, tags), subjects, repositories)
    if len(likely) > 1:
        raise UnusableClone(
            f"{folder}: The repository may be {joined(each.name for each in likely)}. "
            f"Say which with {joined(f'--git {each.id}={folder}' for each in likely)}."
        )
    repository = likely[0] if likely else None
    if repository is None or not any(map(repository.names, tags)):
        names = joined(each.name for each in (likely or repositories))
        raise UnusableClone(
            f"{folder}: There are no release tags of {names}. Run `git fetch --tags`, or name another clone."
        )
    return Clone(folder, repository, tags, store), evidence


def joined(names: Iterable[str]) -> str:
    return " or ".join(names)


def tags_of(folder: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Return the times and the subjects of the commits of a clone's tags."""
    fields = ("refname:lstrip=2", "*committerdate:unix", "committerdate:unix", "*subject", "subject")
    listed = git(folder, "for-each-ref", f"--format={'%00'.join(f'%({field})' for field in fields)}", "refs/tags")
    rows = (line.split("\0") for line in text_of(listed).split("\n"))
    found = [
        (name, int(peeled or when), inner or subject)
        for name, peeled, when, inner, subject in (row for row in rows if len(row) == len(fields))
        if (peeled or when).isdigit()
    ]
    return {name: when for name, when, _ in found}, {name: subject for name, _, subject in found}


def top_of(folder: Path, tags: Iterable[str]) -> list[str]:
    """Return the names in the top folder of the tree, of the current branch or of a tag; none if it was not fetched."""
    for place in ("HEAD", *list(tags)[-1:]):
        ran = run(folder, ("ls-tree", "--name-only", "-z", place))
        if not ran.returncode:
            return ran.stdout.decode("utf-8", "replace").split("\0")
    return []


def git(folder: Path, *arguments: str) -> bytes:
    """Return the output of a git command. If it fails, raises `UnusableClone` with git's reason."""
    try:
        ran = attempt(folder, arguments)
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


def attempt(folder: Path, arguments: Sequence[str]) -> CompletedProcess[bytes]:
    """Run git on the history as it was committed, or, if that has gaps, as the clone's grafts have it."""
    ran = run(folder, arguments, grafted=False)
    return run(folder, arguments) if ran.returncode > 1 else ran


def git_fails(folder: Path, *arguments: str) -> bool:
    return attempt(folder, arguments).returncode != 0
