"""backissue add: originals read one by one, kept or left out with a reason."""

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

FEWEST_SHARE = 0.5  # of the entries that an issue has now; with fewer, a text seems to be cut or not the issue


@dataclass(frozen=True, slots=True)
class Found:
    """An issue in a source: what it is, the bytes of its own, and the ending that tells its format."""

    summary: Summary
    raw: bytes
    suffix: str
    where: str


@dataclass(frozen=True, slots=True)
class Addition:
    """An issue that is to be kept: what it is, and where its bytes wait: so many from a place on."""

    summary: Summary
    suffix: str
    where: str
    name: str
    start: int
    size: int


@command("add")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@told
@option("--replace", is_flag=True, help="Put it in the place of an original that is there.")
@option("--strict", is_flag=True, help="Add nothing if one source cannot be read.")
@option("--allow-private", is_flag=True, help="Fetch from addresses of private networks, too.")
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
    """Add issues from files, folders or addresses.

    They may be Markdown, HTML, plain text, e-mail or feeds; 'posts/*.md' is a pattern of files. An added original is
    shown in place of the retold issue. A source that cannot be read is left out with the reason, and the exit status
    is 1; with --strict, none is added then.
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
            raise Ended("Nothing was added; see above.")
        index(archive, prepare=lambda: keep(archive, desk, said))
        if desk.refusals:
            say(f"{len(desk.additions):,} added, {len(desk.refusals):,} left out:", "backissue: ")
            tell(desk.refusals)
            raise click.exceptions.Exit(1)


def files_of(source: str, refusals: list[str]) -> list[Given]:
    """Return the files and addresses that a text names; a folder without any adds a sentence to `refusals`."""
    found = list(given_by([source]))
    if not found:
        refusals.append(f"{source}: No file of this folder can be read as an issue.")
    return found


def tell(refusals: Iterable[str]) -> None:
    for sentence in refusals:
        say(sentence, "backissue: ")


class Desk:
    """Where sources are looked at one by one: what is to be kept, and a sentence for each that cannot be.

    Their bytes wait in a file of the data folder that has no name: memory holds those of one alone, and a killed run
    leaves none.
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
        """Look at one source, a file or an address."""
        name = given.name if given.name != given.where or is_address(given.where) else Path(given.where).name
        try:
            for found in issues_in(given.where, self.archive, replace_fields(said, name=name), downloader):
                self.look_at(found, name)
        except BackissueError as error:
            self.refusals.append(str(error))

    def leave_out(self, newsletter: str, why: str) -> None:
        """Keep no issue of a newsletter."""
        self.additions = {key: each for key, each in self.additions.items() if key.newsletter != newsletter}
        self.refusals.append(why)

    def look_at(self, found: Found, name: str) -> None:
        """Take an issue that is to be kept, or note why it is not."""
        refusal = self.refusal(found)
        summary = found.summary
        self.seen.setdefault(summary.key, found.where)
        if refusal:
            self.refusals.append(f"{found.where}: {refusal}")
            self.additions.pop(summary.key, None)  # of two texts of an issue, the user says which
            return
        start = self.waiting.seek(0, os.SEEK_END)
        self.waiting.write(found.raw)
        self.additions[summary.key] = Addition(summary, found.suffix, found.where, name, start, len(found.raw))

    def raw(self, addition: Addition) -> bytes:
        """Return the bytes of an issue that is to be kept."""
        self.waiting.seek(addition.start)
        return self.waiting.read(addition.size)

    def refusal(self, found: Found) -> str:
        """Return why an issue is not to be kept: another text of it is there already, or it has nothing in it."""
        summary = found.summary
        name = f"issue {summary.key.label} of {summary.key.newsletter}"
        if summary.key in self.seen:
            return f"{name[0].upper()}{name[1:]} is in {self.seen[summary.key]}, too. Add one of them."
        if not summary.entries:
            return "No entries were found in it."
        there = self.held.get(summary.key)
        if self.replace or (there and self.archive.content(there.path) == found.raw):
            return ""
        before = entries_of(self.now.get(summary.key), self.archive)
        if summary.entries < FEWEST_SHARE * before:
            fewer = f"It has {summary.entries} entries where {name} has {before} now."
            return f"{fewer} --replace puts it in its place anyway."
        return f"Another original of {name} is {there.path}. --replace puts this one in its place." if there else ""


def issues_in(source: str, archive: Archive, said: Told, downloader: Downloader) -> list[Found]:
    """Return the issues in a file or at an address, each with the bytes that it is kept in."""
    is_url = source.lower().startswith(("http://", "https://"))
    raw = downloader.download(source)[0] or b"" if is_url else read_file(Path(source))
    name = source if is_url else Path(source).name
    return alone(lambda where: issues_of(raw, where, archive, said), name)


def issues_of(raw: bytes, name: str, archive: Archive, said: Told) -> list[Found]:
    """Return the issues of a file; in a feed or a mailbox, what is no issue is passed over."""
    parts = parts_of(raw, name)
    found: list[Found] = []
    for part, suffix in parts:
        with suppress(UnknownIssue, UnreadableSource) if len(parts) > 1 else nullcontext():
            issues = summaries(part, named_as(name, suffix), archive, said)
            found += [Found(summary, part, suffix, name) for summary in issues]
    if not found:
        raise UnknownIssue(f"{name}: no item of the feed is an issue of a newsletter that the archive knows")
    return found


def named_as(name: str, suffix: str) -> str:
    """Return a name with a suffix by which its format is known, as the one that it has is not."""
    return name if "://" in name or PurePosixPath(name).suffix.lower() == suffix else f"{name}{suffix}"


def entries_of(source: Source | None, archive: Archive) -> int:
    """Return how many entries an issue has in the edition that is indexed now, 0 where there is none."""
    if source is None:
        return 0
    told = told_of(source, archive)
    return alone(lambda name: summaries(archive.content(source.path), name, archive, told), source.path.name)[0].entries


def unknown_newsletters(desk: Desk) -> dict[str, str]:
    """Return the newsletters that the archive knows nothing of yet, each with the known one that it is like, or ""."""
    known = {*desk.archive.newsletters, *(key.newsletter for key in desk.held)}
    new = sorted({key.newsletter for key in desk.additions} - known)
    return {name: next(iter(nearest(name, known, most=1, farthest=MISSPELT)), "") for name in new}


def misspelt(name: str, near: str) -> str:
    return f"The newsletter {name} is not known. Did you mean {near}? A new one has a table in newsletters.toml."


def keep(archive: Archive, desk: Desk, said: Told) -> None:
    """Keep issues' originals, and what only the user, or the name of the file, knew of them.

    It is called under the lock. Raises `NotAdded` where another original was added since the sources were read.
    """
    held = {} if desk.replace else archive.issues_in(archive.originals)
    for key, addition in desk.additions.items():
        if key in held and archive.content(held[key].path) != desk.raw(addition):
            raise NotAdded(
                f"{addition.where}: Another original of issue {key.label} of {key.newsletter} was added in the "
                f"meantime, {held[key].path}. Nothing was added; --replace puts yours in its place."
            )
    for addition in desk.additions.values():
        summary = addition.summary
        known = {"date": summary.date.isoformat()} if said.date and summary.date else {}
        if named(addition.name, archive.newsletter(summary.key.newsletter)) != NAMELESS:
            known["name"] = addition.name if not is_address(addition.name) else PurePosixPath(addition.name).name
        archive.put_original(summary.key, desk.raw(addition), addition.suffix, json.dumps(known) if known else "")
