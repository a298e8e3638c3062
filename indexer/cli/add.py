"""backissue add: read originals one by one, and store each or say why not."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile

import click

from indexer.cli.batch import Batch
from indexer.cli.command import command, option
from indexer.cli.folders import Ended, folders
from indexer.cli.hints import hint_options, utc
from indexer.cli.index import index
from indexer.cli.reading import say_refused
from indexer.cli.terminal import progress, put, say
from indexer.collecting.formats import other_formats
from indexer.collecting.layout import by_issue, placed
from indexer.errors import BadArchive, NotAdded
from indexer.ingest import Hints
from indexer.model import Label
from indexer.query.nearest import MISSPELT, nearest
from indexer.sources.archive import Archive
from indexer.sources.downloader import Downloader
from indexer.sources.folders import make_folder
from indexer.sources.given import Given, given_by


@command(
    "add",
    examples=(
        ("add 2024-05-27.md", "one issue"),
        ("add 'posts/*.md' --newsletter my-weekly", "all files that match a pattern"),
        ("add https://my.example/feed.xml", "the issues of a feed"),
    ),
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@hint_options
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
    hints = Hints(newsletter, label, utc(date))
    make_folder(archive.data)
    with TemporaryFile(dir=archive.data) as waiting:
        batch = Batch(archive, waiting, replace=replace)
        groups = by_issue([each for source in sources for each in files_of(source, batch.refusals)])
        downloader = Downloader(private=allow_private)
        with progress("reading") as show:
            batch.take_all(groups, hints, downloader, show)
        if batch.poorer:
            put(other_formats(batch.poorer, {each.suffix for each in batch.additions.values()}))
        check_newsletters(batch)
        if batch.refusals and (strict or not batch.additions):
            say_refused(batch.refusals)
            raise Ended("Nothing was added. The reasons are above.")
        parsed = {str(key): partial(batch.parsed, addition) for key, addition in batch.additions.items()}
        index(archive, lambda: store(archive, batch), parsed)
        if batch.refusals:
            say(f"{len(batch.additions):,} added, {len(batch.refusals):,} left out:", "backissue: ")
            say_refused(batch.refusals)
            raise click.exceptions.Exit(1)


def check_newsletters(batch: Batch) -> None:
    """Leave out what belongs to a newsletter with a misspelt name; announce those that are new."""
    for name, near in unknown_newsletters(batch).items():
        if near:
            batch.leave_out(name, misspelt(name, near))
        else:
            say(f"{name} is a new newsletter.", "backissue: ")


def files_of(source: str, refusals: list[str]) -> list[Given]:
    """Return the files and URLs of one argument. If there are none, add a message to `refusals`."""
    try:
        found = placed(list(given_by([source])), source)
    except BadArchive as error:
        refusals.append(str(error))
        return []
    if not found:
        refusals.append(f"{source}: No file in this folder can be read as an issue.")
    return found


def unknown_newsletters(batch: Batch) -> dict[str, str]:
    """Return the unknown newsletters of the additions, each with the most similar known one, or ""."""
    known = {*batch.archive.newsletters, *(key.newsletter for key in batch.originals)}
    new = sorted({key.newsletter for key in batch.additions} - known)
    return {name: next(iter(nearest(name, known, most=1, farthest=MISSPELT)), "") for name in new}


def misspelt(name: str, near: str) -> str:
    return f"The newsletter {name} is not known. Did you mean {near}? If it is new, add it to newsletters.toml."


def store(archive: Archive, batch: Batch) -> None:
    """Store the originals, with the facts about them that only the user or the file name gave.

    The caller holds the lock. Raises `NotAdded` if another original was added since the sources were read.
    """
    originals = {} if batch.replace else archive.issues_in(archive.originals)
    for key, addition in batch.additions.items():
        if key in originals and archive.content(originals[key].path) != batch.raw(addition):
            raise NotAdded(
                f"{addition.where}: Another original of issue {key.label} of {key.newsletter} was added in the "
                f"meantime, {originals[key].path}. Nothing was added. Use --replace to replace it."
            )
    for addition in batch.additions.values():
        known = json.dumps(addition.known) if addition.known else ""
        archive.put_original(addition.key, batch.raw(addition), addition.suffix, known)
