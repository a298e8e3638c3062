"""backissue add: read originals one by one, and store each or say why not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

import click

from indexer.build.workers import alone
from indexer.cli.command import command, option
from indexer.cli.index import index
from indexer.cli.root import Ended, folders
from indexer.cli.terminal import progress, say
from indexer.cli.told import told, utc
from indexer.cli.wording import counted
from indexer.errors import BackissueError, NotAdded, UnknownIssue, UnreadableSource
from indexer.formats import parts_of
from indexer.ingest import Summary, Told, summaries, told_of
from indexer.model import IssueKey, Label
from indexer.numbering import NAMELESS, named
from indexer.query.nearest import MISSPELT, nearest
from indexer.sources.archive import Archive, Source
from indexer.sources.downloads import Downloader
from indexer.sources.files import read_file
from indexer.sources.folders import make_folder
from indexer.sources.given import Given, given_by, is_address

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


@command(
    "add",
    examples=(
        ("add 2024-05-27.md", "one issue"),
        ("add 'posts/*.md' --newsletter my-weekly", "all files that match a pattern"),
        ("add https://my.example/feed.xml", "the issues of a feed"),
    ),
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@told
@option("--replace", is_flag=True, help="Replace an original that was added before.")
@option("--strict", is_flag=True, help="Add nothing if any source cannot be read.")
@option("--allow-private", is_flag=True, help="Allow downloads from private networks.")
@folders
def add_command(
    archive: Archive,
    sources: tuple[str, ...],
    newsletter: str | None,
    label: Label | None,
    date: datetime | None,
    *,
    replace: bool,
    strict: bool,
    allow_private: bool,
) -> None:
    """Add issues from files, folders or URLs.

    SOURCE is a file, folder, URL, or a pattern such as 'posts/*.md', with Markdown, HTML, plain text, e-mail or feeds.
    An added original replaces the retold issue. If a source cannot be read, the reason is printed and the exit status
    is 1. The other sources are still added, unless --strict is given.
    """
    said = Told(newsletter, label, utc(date))
    make_folder(archive.data)
    with TemporaryFile(dir=archive.data) as waiting:
        desk = Desk(archive, waiting, replace=replace)
        given = [each for source in sources for each in files_of(source, desk.refusals)]
        with progress("reading") as show:
            for done, each in enumerate(given):
                show(done, len(given))
                desk.take(each, said, Downloader(private=allow_private))
        for name, near in unknown_newsletters(desk).items():
            if near:
                desk.leave_out(name, misspelt(name, near))
            else:
                say(f"{name} is a new newsletter.", "backissue: ")
        if desk.refusals and (strict or not desk.additions):
            tell(desk.refusals)
            raise Ended("Nothing was added. The reasons are above.")
        index(archive, prepare=lambda: keep(archive, desk, said))
        if desk.refusals:
            say(f"{len(desk.additions):,} added, {len(desk.refusals):,} left out:", "backissue: ")
            tell(desk.refusals)
            raise click.exceptions.Exit(1)


def files_of(source: str, refusals: list[str]) -> list[Given]:
    """Return the files and URLs of one argument. If a folder has none, add a message to `refusals`."""
    found = list(given_by([source]))
    if not found:
        refusals.append(f"{source}: No file in this folder can be read as an issue.")
    return found


def tell(refusals: Iterable[str]) -> None:
    for sentence in refusals:
        say(sentence, "backissue: ")


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
        refusal = self.refusal(found)
        summary = found.summary
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
    is_url = source.lower().startswith(("http://", "https://"))
    raw = downloader.download(source)[0] or b"" if is_url else read_file(Path(source))
    name = source if is_url else Path(source).name
    return alone(lambda where: issues_of(raw, where, archive, said), name)


def issues_of(raw: bytes, name: str, archive: Archive, said: Told) -> list[Found]:
    """Return the issues of a file. Items of a feed or mailbox that are no issues are skipped."""
    parts = parts_of(raw, name)
    found: list[Found] = []
    for part, suffix in parts:
        with suppress(UnknownIssue, UnreadableSource) if len(parts) > 1 else nullcontext():
            issues = summaries(part, named_as(name, suffix), archive, said)
            found += [Found(summary, part, suffix, name) for summary in issues]
    if not found:
        raise UnknownIssue(f"{name}: No item of the feed is an issue of a known newsletter. Name it with --newsletter.")
    return found


def named_as(name: str, suffix: str) -> str:
    """Return a name with the suffix of its format appended, if its own suffix is of another one."""
    return name if "://" in name or PurePosixPath(name).suffix.lower() == suffix else f"{name}{suffix}"


def entries_of(source: Source | None, archive: Archive) -> int:
    """Return the number of entries of the edition that is used now, 0 if there is none."""
    if source is None:
        return 0
    told = told_of(source, archive)
    return alone(lambda name: summaries(archive.content(source.path), name, archive, told), source.path.name)[0].entries


def unknown_newsletters(desk: Desk) -> dict[str, str]:
    """Return the unknown newsletters of the additions, each with the most similar known one, or ""."""
    known = {*desk.archive.newsletters, *(key.newsletter for key in desk.held)}
    new = sorted({key.newsletter for key in desk.additions} - known)
    return {name: next(iter(nearest(name, known, most=1, farthest=MISSPELT)), "") for name in new}


def misspelt(name: str, near: str) -> str:
    return f"The newsletter {name} is not known. Did you mean {near}? If it is new, add it to newsletters.toml."


def keep(archive: Archive, desk: Desk, said: Told) -> None:
    """Store the originals, with the facts about them that only the user or the file name gave.

    The caller holds the lock. Raises `NotAdded` if another original was added since the sources were read.
    """
    held = {} if desk.replace else archive.issues_in(archive.originals)
    for key, addition in desk.additions.items():
        if key in held and archive.content(held[key].path) != desk.raw(addition):
            raise NotAdded(
                f"{addition.where}: Another original of issue {key.label} of {key.newsletter} was added in the "
                f"meantime, {held[key].path}. Nothing was added. Use --replace to replace it."
            )
    for addition in desk.additions.values():
        summary = addition.summary
        known = {"date": summary.date.isoformat()} if said.date and summary.date else {}
        if named(addition.name, archive.newsletter(summary.key.newsletter)) != NAMELESS:
            known["name"] = addition.name if not is_address(addition.name) else PurePosixPath(addition.name).name
        archive.put_original(summary.key, desk.raw(addition), addition.suffix, json.dumps(known) if known else "")
