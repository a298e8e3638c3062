"""backissue fetch: get new issues from their origins, and the originals of the shipped newsletters."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from indexer.build.workers import in_worker
from indexer.cli.command import command, option
from indexer.cli.completion import newsletters
from indexer.cli.copying import Copied, copy_issues
from indexer.cli.folders import Ended, folders
from indexer.cli.index import index
from indexer.cli.reading import read_each, say_refused
from indexer.cli.terminal import progress, put
from indexer.cli.values import Number
from indexer.cli.wording import counted
from indexer.collecting.layout import together
from indexer.collecting.parts import Part, parts_from, parts_in
from indexer.errors import BackissueError, NotFound
from indexer.ingest import Hints, parse
from indexer.model import Newsletter
from indexer.sources.archive import NEWSLETTERS, SUFFIXES, TABLE, Archive
from indexer.sources.downloader import Downloader
from indexer.sources.fetching import Fetched, fetch_issues, read_tags, remember, write_tags
from indexer.sources.files import listed
from indexer.sources.given import Given, is_address
from indexer.sources.origins import Contents, read_origin

KEPT = "kept"  # the key for the previous state of the archive folder, stored with the origins
MOST_NAMED = 5


@command(
    "fetch",
    examples=[
        ("fetch", "new issues of all newsletters that have origins"),
        ("fetch bpf-updates", "the originals of the shipped issues"),
    ],
)
@click.argument("names", metavar="[NEWSLETTER]...", nargs=-1, shell_complete=newsletters)
@option("--allow-private", is_flag=True, help="Allow downloads from private networks.")
@option(
    "--pause",
    type=Number(0, 60, float),
    default=0.5,
    show_default=True,
    help="Seconds to wait between downloads.",
)
@folders
def fetch_command(archive: Archive, names: tuple[str, ...], *, allow_private: bool, pause: float) -> None:
    """Fetch new issues from their origins.

    The `origins` in a newsletter's table are folders, patterns, feeds, pages or Git repositories, as written by
    `backissue init`. New and changed issues are copied to the archive folder and indexed. Copies that you edited are
    not overwritten.

    If a newsletter has no origins but its table lists issues, the originals are downloaded to the data folder and
    replace the retold issues. Issues that have not changed since the last time are not downloaded again.
    """
    downloader = Downloader(private=allow_private, pause=pause)
    refused: list[str] = []
    wanted = wanted_newsletters(archive, names)
    if found := [new_issues(each, archive, downloader, refused) for each in wanted if each.origins]:
        put_new(archive, found, refused)
    for newsletter in wanted:
        if not newsletter.origins:
            fetch_originals(newsletter, archive, downloader)
    say_refused(refused)
    if refused:
        raise click.exceptions.Exit(1)


def wanted_newsletters(archive: Archive, names: Sequence[str]) -> list[Newsletter]:
    """Return the named newsletters, or all with origins. Raises `NotFound`, or `Ended` if there are none."""
    known = archive.newsletters
    for name in names:
        if name not in known:
            raise NotFound(f"The newsletter {name} is not known. Choose one of: {', '.join(known)}.")
    found = [known[name] for name in names] or [each for each in known.values() if each.origins]
    if not found:
        raise Ended(f"No newsletter has origins to fetch from. Name one to fetch its originals: {', '.join(known)}.")
    return found


@dataclass(frozen=True, slots=True)
class NewIssues:
    """Possibly new issues from the origins of a newsletter, and the state to remember."""

    newsletter: Newsletter
    parts: list[Part]
    seen: dict[str, dict[str, str]]


def new_issues(newsletter: Newsletter, archive: Archive, downloader: Downloader, refused: list[str]) -> NewIssues:
    """Read the origins of a newsletter. Origins that have not changed since the last time are skipped."""
    tags = read_tags(archive, newsletter.id)
    seen = tags if tags.get(KEPT) == state_of(archive, newsletter) else {}
    parts: list[Part] = []
    for number, origin in enumerate(newsletter.origins):
        if number and is_address(origin):
            time.sleep(downloader.pause)
        try:
            found = read_origin(origin, archive.folder, archive.data, downloader, seen.get(origin, {}))
        except BackissueError as error:
            refused.append(str(error))
            continue
        if found:
            parts += parts_of(found, downloader, refused)
            seen = seen | {origin: dict(found.seen)}
    return NewIssues(newsletter, parts, seen)


def parts_of(found: Contents, downloader: Downloader, refused: list[str]) -> list[Part]:
    """Return the issues of an origin, and add a message to `refused` for each file that cannot be read."""
    raw = found.raw

    def make(given: Given) -> list[Part]:
        return parts_in(given, downloader) if raw is None else parts_from(raw, given, downloader)

    parts = list(read_each(found.given, make, refused))
    refused += (message for part in parts for message in part.left_out)
    return together(parts)


def put_new(archive: Archive, found: Sequence[NewIssues], refused: list[str]) -> None:
    """Copy new and changed issues to the archive folder, index them, and print their numbers.

    If there are none, the problems of the last build are not printed again, because a timer would repeat them.
    """
    kept: list[Copied] = []

    def prepare() -> None:
        for each in found:
            kept.append(copy_issues(archive, each.newsletter.id, each.parts, refused))
            write_tags(archive, each.newsletter.id, each.seen | {KEPT: state_of(archive, each.newsletter)})

    index(archive, prepare=prepare, quiet=lambda: not any(each.new or each.changed for each in kept))
    for each, those in zip(found, kept, strict=True):
        put(new_in_words(each.newsletter, those))


def new_in_words(newsletter: Newsletter, kept: Copied) -> str:
    """Return the line about a newsletter's new issues, with their labels if they are few."""
    named = f" ({', '.join(map(str, kept.new))})" if 0 < len(kept.new) <= MOST_NAMED else ""
    return f"{newsletter.id}: {counted(len(kept.new), 'new issue')}{named}, {len(kept.changed):,} changed."


def state_of(archive: Archive, newsletter: Newsletter) -> dict[str, str]:
    """Return a digest of a newsletter's table and of its copies' names. If it changes, everything is read again."""
    place = archive.folder / NEWSLETTERS / newsletter.id
    names = "\0".join(path.name for path in listed(place) if path.suffix in SUFFIXES)
    table = (place / TABLE).read_bytes() if (place / TABLE).exists() else b""
    return {"digest": hashlib.sha256(table + names.encode()).hexdigest()}


def fetch_originals(newsletter: Newsletter, archive: Archive, downloader: Downloader) -> None:
    """Download the originals that a newsletter's table lists, and index them."""
    came: list[Fetched] = []
    failed: BackissueError | None = None
    with progress("fetching") as show:
        try:
            for fetched in fetch_issues(newsletter, archive, downloader, show):
                if fetched.raw is not None:
                    name = f"{fetched.key}{fetched.suffix}"
                    check_fetched(fetched.raw, name, archive, Hints(fetched.key.newsletter, fetched.key.label))
                    came.append(fetched)
        except BackissueError as error:
            failed = error
    if came or failed is None:
        index(archive, prepare=lambda: keep_fetched(archive, newsletter.id, came))
        put(f"{counted(len(came), 'issue')} new or changed, {len(newsletter.issues) - len(came)} unchanged")
    if failed:
        raise failed


def check_fetched(raw: bytes, name: str, archive: Archive, hints: Hints) -> None:
    """Raise `UnreadableSource` or `UnknownIssue` if a download is not an issue."""
    in_worker(lambda where: parse(raw, where, archive, hints), name)


def keep_fetched(archive: Archive, newsletter: str, came: Iterable[Fetched]) -> None:
    """Store the downloads, and their entity tags for the next time."""
    copies = list(came)
    for fetched in copies:
        archive.put_original(fetched.key, fetched.raw or b"", fetched.suffix)
    remember(archive, newsletter, copies)
