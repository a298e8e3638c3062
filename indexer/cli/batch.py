"""Collect the issues to be stored: read and parse each source once, and accept each issue or say why not."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from indexer.build.parsing import Read, where_of
from indexer.build.workers import in_worker, in_workers
from indexer.cli.wording import counted
from indexer.collecting.formats import rank
from indexer.collecting.layout import joined_issue
from indexer.collecting.parts import Part, parts_in
from indexer.errors import BackissueError, UnknownIssue
from indexer.formats.several import each_apart
from indexer.ingest import Hints, hints_for, hints_with, parse, parse_document, which_issue
from indexer.model import Issue, IssueKey
from indexer.numbering import NAMELESS, named
from indexer.sources.archive import Archive, Source
from indexer.sources.downloader import Downloader
from indexer.sources.given import Given, is_address

FEWEST_SHARE = 0.5  # of an issue's current entries; a text with fewer is probably cut off, or another issue

Group = tuple[str, list[Given]]


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """An issue found in a source, the bytes and the suffix to store it with, and the facts to store next to it."""

    issue: Issue
    raw: bytes
    suffix: str
    where: str
    known: dict[str, str]


@dataclass(frozen=True, slots=True)
class Addition:
    """An issue to be stored; its bytes and then the parsed issue are in the temporary file from `start` on."""

    key: IssueKey
    suffix: str
    where: str
    known: dict[str, str]
    start: int
    size: int


class Batch:
    """The issues to be stored so far, and a message for each source that cannot be.

    They are in an unnamed temporary file in the data folder, so that memory holds only one issue at a time, and a
    killed run leaves nothing behind.
    """

    def __init__(self, archive: Archive, waiting: IO[bytes], *, replace: bool) -> None:
        self.archive = archive
        self.waiting = waiting
        self.replace = replace
        self.originals = archive.issues_in(archive.originals)
        self.current = archive.retold() | self.originals
        self.seen: dict[IssueKey, str] = {}
        self.additions: dict[IssueKey, Addition] = {}
        self.refusals: list[str] = []
        self.poorer: Counter[str] = Counter()  # skipped files by suffix, because a richer format of the issue exists

    def take_all(
        self, groups: Sequence[Group], hints: Hints, downloader: Downloader, show: Callable[[int, int], None]
    ) -> None:
        """Take each folder of items as one issue, and the issues of all other files."""
        newsletter = self.archive.newsletters.get(hints.newsletter or "")
        joined = partial(
            issue_of_folder, self.archive, hints, downloader, newsletter is not None and newsletter.layout == "items"
        )
        folders = [group for group in groups if group[0]]
        files = [each for folder, members in groups if not folder for each in members]
        total = len(folders) + len(files)
        with in_workers(joined, folders, lambda group: group[0]) as issues:
            for done, (_, members) in enumerate(folders):
                show(done, total)
                one = None
                with suppress(BackissueError):  # problems of a file are reported below
                    one = next(issues)
                if one is not None:
                    self.consider(one)
                else:
                    files += members
        with in_workers(partial(issues_of, self.archive, hints, downloader), files, name_of) as read:
            for done, _ in enumerate(files, len(folders)):
                show(done, total)
                try:
                    found, refused = next(read)
                    self.refusals += refused
                    for each in found:
                        self.consider(each)
                except BackissueError as error:
                    self.refusals.append(str(error))

    def leave_out(self, newsletter: str, why: str) -> None:
        """Drop all issues of a newsletter, for the given reason."""
        self.additions = {key: each for key, each in self.additions.items() if key.newsletter != newsletter}
        self.refusals.append(why)

    def consider(self, found: FoundIssue) -> None:
        """Take an issue to store, or note why it is refused."""
        key = found.issue.key
        before = self.additions.get(key)
        if before is not None and before.suffix != found.suffix:
            richer = min(before.suffix, found.suffix, key=rank)
            self.poorer[before.suffix if richer == found.suffix else found.suffix] += 1
            if richer == before.suffix:
                return
            del self.seen[key]
        refusal = self.refusal(found)
        self.seen.setdefault(key, found.where)
        if refusal:
            self.refusals.append(f"{found.where}: {refusal}")
            self.additions.pop(key, None)  # the user has to choose between two texts of one issue
            return
        start = self.waiting.seek(0, os.SEEK_END)
        self.waiting.write(found.raw)
        pickle.dump(found.issue, self.waiting, pickle.HIGHEST_PROTOCOL)
        self.additions[key] = Addition(key, found.suffix, found.where, found.known, start, len(found.raw))

    def raw(self, addition: Addition) -> bytes:
        """Return the bytes of an issue to be stored."""
        self.waiting.seek(addition.start)
        return self.waiting.read(addition.size)

    def parsed(self, addition: Addition) -> Read:
        """Return the parsed issue, for the index."""
        self.waiting.seek(addition.start + addition.size)
        issue: Issue = pickle.load(self.waiting)  # noqa: S301  of our own file, which has no name
        return issue, list(issue.problems)

    def refusal(self, found: FoundIssue) -> str:
        """Return why an issue is refused: it has no entries, or another text of it exists. "" if it is accepted."""
        key, entries = found.issue.key, len(found.issue.entries)
        name = f"issue {key.label} of {key.newsletter}"
        if key in self.seen:
            return f"{name[0].upper()}{name[1:]} is also in {self.seen[key]}. Add only one of the two."
        if not entries:
            return "No entries were found in this file."
        other = self.originals.get(key)
        if self.replace or (other and self.archive.content(other.path) == found.raw):
            return ""
        before = entries_of(self.current.get(key), self.archive)
        if entries < FEWEST_SHARE * before:
            fewer = f"It has only {counted(entries, 'entry', 'entries')}, but {name} has {before:,} now."
            return f"{fewer} Use --replace to add it anyway."
        return f"Another original of {name} is {other.path}. Use --replace to replace it." if other else ""


def name_of(given: Given) -> str:
    """Return the name of a file or URL for messages."""
    return given.where if is_address(given.where) else PurePosixPath(given.where).name


def issues_of(
    archive: Archive, hints: Hints, downloader: Downloader, given: Given
) -> tuple[list[FoundIssue], list[str]]:
    """Return the issues in a file or URL, and messages about items of a feed or mailbox that cannot be read.

    Items that are not issues are skipped.
    """
    where = name_of(given)
    name = given.name if given.name != given.where else where
    parts = parts_in(Given(given.where, where), downloader)
    found: list[FoundIssue] = []
    refused = [message for part in parts for message in part.left_out]

    def make(part: Part) -> FoundIssue:
        return issue_in(part, where, part.name if is_address(part.name) else name, archive, hints)

    unknown = not parts
    for part, result in each_apart(make, parts, where):
        if isinstance(result, FoundIssue):
            found.append(result)
        elif not part.several:
            raise result
        elif isinstance(result, UnknownIssue):
            unknown = True
        else:
            why = str(result).removeprefix(f"{where}: ")
            refused.append(f"{where}: The item {part.document.title!r} was left out: {why}")
    if unknown and not found:
        refused.append(f"{where}: No item of the feed is an issue of a known newsletter. Name it with --newsletter.")
    return found, refused


def issue_of_folder(
    archive: Archive,
    hints: Hints,
    downloader: Downloader,
    declared: bool,  # noqa: FBT001  bound by position
    group: Group,
) -> FoundIssue | None:
    """Return the issue whose items are the files of a folder, or None if these are issues themselves."""
    folder, files = group
    part = joined_issue(folder, [part for each in files for part in parts_in(each, downloader)], declared=declared)
    return issue_in(part, folder, folder, archive, hints) if part else None


def issue_in(part: Part, where: str, name: str, archive: Archive, hints: Hints) -> FoundIssue:
    """Return the issue in a part of a source, parsed as it will be from where it is stored."""
    newsletter, label, date = which_issue(part.document, where, archive, replace_fields(hints, name=name))
    key = IssueKey(newsletter.id, label)
    known = {"date": date.isoformat()} if hints.date and date else {}
    if named(name, archive.newsletter(newsletter.id)) != NAMELESS:
        known["name"] = PurePosixPath(name).name if is_address(name) else name
    stored = where_of(Source(key, archive.original_at(key, part.suffix)))
    problems = tuple(replace_fields(problem, where=stored) for problem in part.document.problems)
    document = replace_fields(part.document, where=stored, problems=problems)
    issue = parse_document(document, part.raw, stored, archive, hints_with(key, known))
    return FoundIssue(issue, part.raw, part.suffix, where, known)


def entries_of(source: Source | None, archive: Archive) -> int:
    """Return the number of entries of the edition that is used now, 0 if there is none."""
    if source is None:
        return 0
    hints = hints_for(source, archive)
    [issue, *_] = in_worker(lambda name: parse(archive.content(source.path), name, archive, hints), source.path.name)
    return len(issue.entries)
