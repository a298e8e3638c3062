"""backissue parse, add and fetch: sources read, shown or kept."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import click

from indexer.archive.fetching import Downloader, Fetched, fetch_issues, remember
from indexer.archive.store import SUFFIXES, Archive, read_file
from indexer.command.completing import newsletters, originals
from indexer.command.indexing import say_built
from indexer.command.root import Told as Ended
from indexer.command.root import folders
from indexer.command.rows import for_programs, print_rows
from indexer.command.terminal import progress
from indexer.errors import BackissueError, NotFound, UnknownIssue, UnreadableSource
from indexer.index.building import build
from indexer.model import Issue
from indexer.parsing import Told, parse
from indexer.reading import decode
from indexer.reading.feed import pages_of
from indexer.reading.formats import format_of
from indexer.records import to_record
from indexer.retelling import frame

FEWEST_SHARE = 0.5  # of the entries that an issue has now; with fewer, a text seems to be cut or not the issue
ENDINGS = {"html": ".html", "markdown": ".md", "text": ".txt"}


def told(command: Any) -> Any:
    """Give a command the options that say what a source does not say of itself."""
    command = click.option(
        "--date",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="The day of the issue, where the source has none.",
    )(command)
    command = click.option(
        "--issue", "number", type=click.IntRange(1, 99999), help="The number of the issue, where the source has none."
    )(command)
    text = "The newsletter, where the source does not name it."
    return click.option("--newsletter", metavar="NAME", shell_complete=newsletters, help=text)(command)


@click.command("parse")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@told
@for_programs
@folders
def parse_command(
    archive: Archive,
    files: tuple[Path, ...],
    newsletter: str | None,
    number: int | None,
    date: datetime | None,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Divide the issues in FILES into entries and print them; no index is needed.

    Problems go to standard error. A file that cannot be read is told and the others are printed all the same.
    """
    failed = False
    for path in files:
        try:
            issues = parse(read_file(path), path.name, archive, Told(newsletter, number, utc(date)))
        except BackissueError as error:
            failed = True
            click.echo(f"backissue: {error}", err=True)
            continue
        for issue in issues:
            show_issue(issue, fields, as_json=as_json)
    if failed:
        raise click.exceptions.Exit(1)


def show_issue(issue: Issue, fields: tuple[str, ...], *, as_json: bool) -> None:
    for problem in issue.problems:
        click.echo(f"backissue: {problem}", err=True)
    if as_json or fields:
        print_rows(map(to_record, issue.entries), fields, as_json=as_json)
        return
    click.echo(f"{issue.newsletter} {issue.number}, {issue.date:%Y-%m-%d}: {len(issue.entries)} entries")
    for entry in issue.entries:
        click.echo(f"{entry.n:4} {entry.kind:10} {entry.title}")


def utc(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date else None


@click.command("retell")
@click.argument("original", type=click.Path(path_type=Path))
@told
@folders
def retell_command(
    archive: Archive, original: Path, newsletter: str | None, number: int | None, date: datetime | None
) -> None:
    """Print the frame of a retold issue: the facts of ORIGINAL in Markdown, and … where prose is to be written anew."""
    for issue in parse(read_file(original), original.name, archive, Told(newsletter, number, utc(date))):
        click.echo(frame(issue), nl=False)


@dataclass(frozen=True, slots=True)
class Addition:
    """An issue that is to be kept: what it is, the bytes of its own, and the ending that tells its format."""

    issue: Issue
    raw: bytes
    suffix: str
    where: str


@click.command("add")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL...")
@told
@click.option("--replace", is_flag=True, help="Put it in the place of an original that is there.")
@click.option("--allow-private", is_flag=True, help="Fetch from addresses of private networks, too.")
@folders
def add_command(
    archive: Archive,
    sources: tuple[str, ...],
    newsletter: str | None,
    number: int | None,
    date: datetime | None,
    *,
    replace: bool,
    allow_private: bool,
) -> None:
    """Keep the originals of issues (Markdown, HTML, plain text, a feed) and index them in place of the retold ones.

    All of them are read first: where one cannot be, it is told, and none is kept.
    """
    said = Told(newsletter, number, utc(date))
    additions, failed = [], False
    for source in sources:
        try:
            additions += read_source(source, archive, said, Downloader(private=allow_private))
        except BackissueError as error:
            failed = True
            click.echo(f"backissue: {error}", err=True)
    for refusal in refusals(archive, additions, replace=replace):
        failed = True
        click.echo(f"backissue: {refusal}", err=True)
    if failed:
        raise Ended("nothing was added; see above")
    for sentence in unknown_newsletters(archive, additions):
        click.echo(f"backissue: {sentence}", err=True)
    with progress("indexing") as show:
        say_built(build(archive, show, prepare=lambda: keep(archive, additions, said)))


def read_source(source: str, archive: Archive, said: Told, downloader: Downloader) -> list[Addition]:
    """Return the issues in a file or at an address, each with the bytes that it is kept in."""
    is_url = source.lower().startswith(("http://", "https://"))
    raw = downloader.download(source)[0] or b"" if is_url else read_file(Path(source))
    name = source if is_url else Path(source).name
    text = decode(raw, name)
    found = format_of(text, urlsplit(source).path if is_url else name)
    if found == "feed":
        pages = [page.encode() for page in pages_of(text, name)]
        known = [
            Addition(issue, page, ".html", name) for page in pages for issue in issues_in(page, name, archive, said)
        ]
        if not known:
            raise UnknownIssue(f"{name}: no item of the feed is an issue of a newsletter that the archive knows")
        return known
    suffix = PurePosixPath(name).suffix.lower()
    suffix = suffix if suffix in SUFFIXES and not is_url else ENDINGS[found]
    return [Addition(issue, raw, suffix, name) for issue in parse(raw, name, archive, said)]


def issues_in(page: bytes, where: str, archive: Archive, said: Told) -> list[Issue]:
    """Return the issue that an item of a feed is, if it is one."""
    try:
        return parse(page, where, archive, said)
    except (UnknownIssue, UnreadableSource):
        return []


def refusals(archive: Archive, additions: Iterable[Addition], *, replace: bool) -> list[str]:
    """Return a sentence for each issue that is there already with another text, or that comes twice."""
    held = archive.issues_in(archive.originals)
    seen: dict[tuple[str, int], str] = {}
    found = []
    for addition in additions:
        key = (addition.issue.newsletter, addition.issue.number)
        name = f"issue {key[1]} of {key[0]}"
        there = held.get(key)
        if key in seen:
            found.append(f"{addition.where}: {name} is in {seen[key]} too; add one of them")
        elif not addition.issue.entries:
            found.append(f"{addition.where}: no entries were found in it")
        elif not replace and len(addition.issue.entries) < FEWEST_SHARE * (before := entries_before(archive, key)):
            found.append(
                f"{addition.where}: it has {len(addition.issue.entries)} entries where {name} has {before} now; "
                "--replace puts it in that place all the same"
            )
        elif there and not replace and digest(there.path.read_bytes()) != digest(addition.raw):
            found.append(
                f"{addition.where}: another original of {name} is {there.path}; --replace puts this in its place"
            )
        seen[key] = addition.where
    return found


def entries_before(archive: Archive, key: tuple[str, int]) -> int:
    """Return how many entries an issue has in the edition that is indexed now, 0 where there is none."""
    source = archive.issues_in(archive.originals).get(key) or archive.retold().get(key)
    if source is None:
        return 0
    said = archive.told(source).get("date")
    told = Told(*key, datetime.fromisoformat(said) if said else None)
    return len(parse(source.path.read_bytes(), source.path.name, archive, told)[0].entries)


def unknown_newsletters(archive: Archive, additions: Iterable[Addition]) -> Iterator[str]:
    """Yield a sentence for each newsletter that the archive knows nothing of yet."""
    known = {*archive.newsletters, *(name for name, _ in archive.issues_in(archive.originals))}
    for name in sorted({addition.issue.newsletter for addition in additions} - known):
        near = difflib.get_close_matches(name, known, n=1)
        yield f"{name} is a new newsletter" + (f"; did you mean {near[0]}?" if near else "")


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def keep(archive: Archive, additions: Iterable[Addition], said: Told) -> None:
    """Keep issues' originals, and what only the user knew of them."""
    for addition in additions:
        issue = addition.issue
        date = json.dumps({"date": issue.date.isoformat()}) if said.date else ""
        archive.put_original(issue.newsletter, issue.number, addition.raw, addition.suffix, date)


@click.command("remove")
@click.argument("issue", metavar="NEWSLETTER/NUMBER", shell_complete=originals)
@folders
def remove_command(archive: Archive, issue: str) -> None:
    """Remove the original of an issue that was added or fetched; the retold one, if there is one, is indexed again."""
    newsletter, _, number = issue.rpartition("/")
    source = archive.issues_in(archive.originals).get((newsletter, int(number) if number.isdecimal() else 0))
    if source is None:
        raise NotFound(f"{issue}: no original of that issue is kept; name it as in bpf-updates/13")
    with progress("indexing") as show:
        say_built(build(archive, show, prepare=lambda: archive.remove_original(source)))


@click.command("fetch")
@click.argument("newsletter", shell_complete=newsletters)
@click.option("--allow-private", is_flag=True, help="Fetch from addresses of private networks, too.")
@click.option(
    "--pause",
    type=click.FloatRange(0, 60),
    default=0.5,
    show_default=True,
    help="Seconds to wait between two downloads.",
)
@folders
def fetch_command(archive: Archive, newsletter: str, *, allow_private: bool, pause: float) -> None:
    """Download the originals of NEWSLETTER's issues and index them in place of the retold ones.

    An issue that has not changed since the last time is not sent again.
    """
    known = archive.newsletters.get(newsletter)
    if known is None:
        raise NotFound(
            f"{newsletter}: no such newsletter; archive/newsletters.toml has {', '.join(archive.newsletters)}"
        )
    downloader = Downloader(private=allow_private, pause=pause)
    came: list[Fetched] = []
    failed: BackissueError | None = None
    with progress("fetching") as show:
        try:
            for fetched in fetch_issues(known, archive, downloader, show):
                if fetched.raw is not None:
                    parse(
                        fetched.raw,
                        f"{newsletter}/{fetched.number:02d}{fetched.suffix}",
                        archive,
                        Told(newsletter, fetched.number),
                    )
                    came.append(fetched)
        except BackissueError as error:
            failed = error
    if came or failed is None:
        with progress("indexing") as show:
            say_built(build(archive, show, prepare=lambda: keep_fetched(archive, newsletter, came)))
        click.echo(f"{len(came)} issues new or changed, {len(known.issues) - len(came)} as they were")
    if failed:
        raise failed


def keep_fetched(archive: Archive, newsletter: str, came: Iterable[Fetched]) -> None:
    """Keep what was downloaded, and by which tag it is known when it is asked for again."""
    for fetched in came:
        archive.put_original(newsletter, fetched.number, fetched.raw or b"", fetched.suffix)
        remember(archive, newsletter, fetched)
