"""Collect the issues to be stored: read sources one by one, and accept each issue or say why not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import IO

from indexer.build.workers import alone
from indexer.cli.wording import counted
from indexer.collecting.formats import rank
from indexer.collecting.layout import joined_issue
from indexer.collecting.parts import named_as, parts_in
from indexer.errors import BackissueError, UnknownIssue, UnreadableSource
from indexer.formats import parts_of
from indexer.ingest import Summary, Told, summaries, told_of
from indexer.model import IssueKey
from indexer.sources.archive import Archive, Source
from indexer.sources.downloads import Downloader
from indexer.sources.files import read_file
from indexer.sources.given import Given, is_address

FEWEST_SHARE = 0.5  # of an issue's current entries; a text with fewer is probably cut off, or another issue


@dataclass(frozen=True, slots=True)
class Found:
    """An issue found in a source: its summary, its own bytes, and the suffix of its format."""

    summary: Summary
    raw: bytes
    suffix: str
    where: str


@dataclass(frozen=True, slots=True)
class Addition:
    """An issue to be stored: its summary, and the offset and number of its bytes in the waiting file."""

    summary: Summary
    suffix: str
    where: str
    name: str
    start: int
    size: int


class Desk:
    """The issues to be stored so far, and a message for each source that cannot be.

    Their bytes wait in an unnamed temporary file in the data folder, so that memory holds only one issue at a time,
    and a killed run leaves nothing behind.
    """

    def __init__(self, archive: Archive, waiting: IO[bytes], *, replace: bool) -> None:
        self.archive = archive
        self.waiting = waiting
        self.replace = replace
        self.held = archive.issues_in(archive.originals)
        self.now = archive.retold() | self.held
        self.seen: dict[IssueKey, str] = {}
        self.additions: dict[IssueKey, Addition] = {}
        self.refusals: list[str] = []
        self.poorer: Counter[str] = Counter()  # skipped files by suffix, because a richer format of the issue exists

    def take_folder(self, folder: str, files: Sequence[Given], said: Told, downloader: Downloader) -> None:
        """Take a folder of items as one issue, or else each of its files separately."""
        newsletter = self.archive.newsletters.get(said.newsletter or "")
        declared = newsletter is not None and newsletter.layout == "items"
        one = None
        if folder:
            with suppress(BackissueError):  # problems of a file are reported below
                one = alone(
                    lambda name: issue_of(name, files, self.archive, said, downloader, declared=declared), folder
                )
        if one is not None:
            self.look_at(one, folder)
            return
        for each in files:
            self.take(each, said, downloader)

    def take(self, given: Given, said: Told, downloader: Downloader) -> None:
        """Read the issues of a source and take each, or note why it cannot be read."""
        name = given.name if given.name != given.where or is_address(given.where) else Path(given.where).name
        try:
            for found in issues_in(given.where, self.archive, replace_fields(said, name=name), downloader):
                self.look_at(found, name)
        except BackissueError as error:
            self.refusals.append(str(error))

    def leave_out(self, newsletter: str, why: str) -> None:
        """Drop all issues of a newsletter, for the given reason."""
        self.additions = {key: each for key, each in self.additions.items() if key.newsletter != newsletter}
        self.refusals.append(why)

    def look_at(self, found: Found, name: str) -> None:
        """Take an issue to store, or note why it is refused."""
        summary = found.summary
        before = self.additions.get(summary.key)
        if before is not None and before.suffix != found.suffix:
            richer = min(before.suffix, found.suffix, key=rank)
            self.poorer[before.suffix if richer == found.suffix else found.suffix] += 1
            if richer == before.suffix:
                return
            del self.seen[summary.key]
        refusal = self.refusal(found)
        self.seen.setdefault(summary.key, found.where)
        if refusal:
            self.refusals.append(f"{found.where}: {refusal}")
            self.additions.pop(summary.key, None)  # the user has to choose between two texts of one issue
            return
        start = self.waiting.seek(0, os.SEEK_END)
        self.waiting.write(found.raw)
        self.additions[summary.key] = Addition(summary, found.suffix, found.where, name, start, len(found.raw))

    def raw(self, addition: Addition) -> bytes:
        """Return the bytes of an issue to be stored."""
        self.waiting.seek(addition.start)
        return self.waiting.read(addition.size)

    def refusal(self, found: Found) -> str:
        """Return why an issue is refused: it has no entries, or another text of it exists. "" if it is accepted."""
        summary = found.summary
        name = f"issue {summary.key.label} of {summary.key.newsletter}"
        if summary.key in self.seen:
            return f"{name[0].upper()}{name[1:]} is also in {self.seen[summary.key]}. Add only one of the two."
        if not summary.entries:
            return "No entries were found in this file."
        there = self.held.get(summary.key)
        if self.replace or (there and self.archive.content(there.path) == found.raw):
            return ""
        before = entries_of(self.now.get(summary.key), self.archive)
        if summary.entries < FEWEST_SHARE * before:
            fewer = f"It has only {counted(summary.entries, 'entry', 'entries')}, but {name} has {before:,} now."
            return f"{fewer} Use --replace to add it anyway."
        return f"Another original of {name} is {there.path}. Use --replace to replace it." if there else ""


def issues_in(source: str, archive: Archive, said: Told, downloader: Downloader) -> list[Found]:
    """Read a file or URL and return its issues, each with the bytes to store."""
    is_url = is_address(source)
    raw = downloader.download(source)[0] or b"" if is_url else read_file(Path(source))
    name = source if is_url else Path(source).name
    return alone(lambda where: issues_of(raw, where, archive, said), name)


def issues_of(raw: bytes, name: str, archive: Archive, said: Told) -> list[Found]:
    """Return the issues of a file. Items of a feed or mailbox that are not issues are skipped."""
    parts = parts_of(raw, name)
    found: list[Found] = []
    for part, suffix in parts:
        with suppress(UnknownIssue, UnreadableSource) if len(parts) > 1 else nullcontext():
            issues = summaries(part, named_as(name, suffix), archive, said)
            found += [Found(summary, part, suffix, name) for summary in issues]
    if not found:
        raise UnknownIssue(f"{name}: No item of the feed is an issue of a known newsletter. Name it with --newsletter.")
    return found


def entries_of(source: Source | None, archive: Archive) -> int:
    """Return the number of entries of the edition that is used now, 0 if there is none."""
    if source is None:
        return 0
    told = told_of(source, archive)
    return alone(lambda name: summaries(archive.content(source.path), name, archive, told), source.path.name)[0].entries


def issue_of(
    folder: str, files: Sequence[Given], archive: Archive, said: Told, downloader: Downloader, *, declared: bool
) -> Found | None:
    """Return the issue whose items are the files of a folder, or None if these are issues themselves."""
    part = joined_issue(folder, [part for each in files for part in parts_in(each, downloader)], declared=declared)
    if part is None:
        return None
    [summary] = summaries(part.raw, f"{folder}{part.suffix}", archive, replace_fields(said, name=folder))
    return Found(summary, part.raw, part.suffix, folder)
