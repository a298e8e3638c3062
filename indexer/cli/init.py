"""backissue init: create an archive from a newsletter's issues, with a table inferred from them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from indexer.analysis import fold
from indexer.cli.command import command, option
from indexer.cli.copying import copy_issues
from indexer.cli.folders import Ended, folders
from indexer.cli.publishing import HOSTS, write_ignored, write_workflow
from indexer.cli.reading import read_each, say_refused
from indexer.cli.terminal import Line, print_lines, put
from indexer.cli.values import Choice
from indexer.cli.wording import counted
from indexer.collecting.formats import one_of_each_name
from indexer.collecting.layout import together
from indexer.collecting.parts import Part, parts_in
from indexer.errors import BadArchive, UnreadableSource
from indexer.inferring.findings import Finding, Sample
from indexer.inferring.proposal import Proposal, as_toml, changes, propose
from indexer.model import IssueKey
from indexer.profile.profiles import NEUTRAL
from indexer.profile.tables import load
from indexer.sources.archive import NEWSLETTERS, SUFFIXES, TABLE, Archive, Source
from indexer.sources.checkout import checked_out, is_repository
from indexer.sources.downloader import Downloader
from indexer.sources.files import write_whole
from indexer.sources.folders import make_folder
from indexer.sources.given import Given, given_by, is_address, shown

MOST_SAMPLED = 150
NOT_NAME = re.compile(r"[^a-z0-9]+")


@command(
    "init",
    examples=[
        ("init my-weekly issues/", "create the archive my-weekly from the files in issues/"),
        ("init my-weekly https://my.example/feed.xml", "create it from the issues of a feed"),
        (
            "init archive content/posts --name my-weekly --publish github",
            "create it in a repository, with a workflow to publish it",
        ),
    ],
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@option("--name", metavar="NAME", help="The id of the newsletter [default: the name of DIR].")
@option(
    "--publish",
    type=Choice(tuple(HOSTS)),
    help="Write a workflow to the Git repository of DIR that publishes the archive as a site.",
)
@option("--allow-private", is_flag=True, help="Allow downloads from private networks.")
@folders
def init_command(
    archive: Archive, folder: Path, sources: tuple[str, ...], name: str | None, publish: str | None, *,
    allow_private: bool,
) -> None:  # fmt: skip
    """Create an archive from a newsletter's issues.

    DIR is the folder of the archive. SOURCE is a file, a folder, a pattern such as 'posts/*.md', the URL of a page or
    feed, or a folder of a Git repository (https://example.org/site.git#posts). `backissue fetch` gets new issues from
    there later.

    The settings inferred from the issues, such as their names, sections and repeated text, are written to
    DIR/newsletters/NAME/newsletter.toml, with reasons. The issues are copied next to it. If the table already exists,
    it is not changed: the proposed changes are printed. Next, run `backissue index --archive DIR`.
    """
    name = NOT_NAME.sub("-", fold(name or folder.resolve().name)).strip("-")
    if not name:
        raise Ended(f"{folder}: The folder's name cannot be the id of a newsletter. Choose one with --name.")
    place = folder / NEWSLETTERS / name
    refused: list[str] = []
    downloader = Downloader(private=allow_private)
    named = [str(checked_out(each, archive.data, downloader)) if is_repository(each) else each for each in sources]
    kept_in = Archive(folder, archive.data)
    given = list(given_by(named)) if sources else list(copies_in(kept_in, place))
    read = list(read_each(given, lambda each: parts_in(each, downloader), refused))
    refused += (message for part in read for message in part.left_out)
    parts = together(read)
    if not parts:
        say_refused(refused)
        raise Ended("No issue could be read. The reasons are above." if refused else "No issue could be read.")
    make_folder(place)
    write_table(place / TABLE, propose(name, sample_of(parts), archive.profile(NEUTRAL), origins_of(sources, folder)))
    kept = len(copy_issues(kept_in, name, parts, refused)) if sources else len(parts)
    write_ignored(folder)
    if publish:
        write_workflow(publish, folder)
    say_refused(refused)
    left = f", {len(refused):,} left out" if refused else ""
    put(f"{counted(kept, 'issue')} in {place}{left}. Next, run `backissue index --archive {folder}`.")
    if refused:
        raise click.exceptions.Exit(1)


def copies_in(archive: Archive, place: Path) -> Iterator[Given]:
    """Yield the issues of a newsletter that the archive folder already has, under their former file names."""
    for given in given_by([str(place)] if place.is_dir() else [], SUFFIXES):
        name: object = None
        with suppress(BadArchive, UnreadableSource):  # the index reports it
            name = archive.hints(Source(IssueKey(place.name, 0), Path(given.where))).get("name")
        yield Given(given.where, name if isinstance(name, str) else given.name)


def sample_of(parts: Sequence[Part]) -> list[Sample]:
    """Return an evenly spread sample of the issues, each in its richest format."""
    each_once = one_of_each_name(parts)
    return [Sample(part.name, part.document) for part in each_once[:: 1 + len(each_once) // MOST_SAMPLED]]


def origins_of(sources: Iterable[str], folder: Path) -> list[Finding]:
    """Return the finding of where the issues came from. Paths are relative to the archive folder.

    Several files of one folder and format become a pattern, which will match later issues. A path that is not UTF-8
    is left out, because a table cannot contain it.
    """
    paths: dict[str, list[str]] = {}
    for text in sources:
        path = Path(text)
        pattern = str(path.with_name(f"*{path.suffix}")) if path.is_file() else text
        paths.setdefault(pattern, []).append(text)
    found = [pattern if len(texts) > 1 else texts[0] for pattern, texts in paths.items()]
    named = [text if is_address(text) or is_repository(text) else os.path.relpath(Path(text), folder) for text in found]
    named = [text for text in named if shown(text) == text]
    why = "`backissue fetch` gets new issues from there."
    return [Finding("origins", named, why)] if named else []


def write_table(path: Path, proposal: Proposal) -> None:
    """Write the table, or print proposed changes if it exists. Print the inferred settings."""
    if path.exists():
        found = list(changes(proposal, load(path)))
        put(f"{path} was not changed." + (" Proposed changes:" if found else " There is nothing to change."))
        print_lines(Line(sentence, 2) for sentence in found)
        return
    write_whole(path, as_toml(proposal).encode())
    put(f"Inferred from {counted(proposal.issues, 'issue')}:")
    print_lines(Line(finding.sentence(), 2) for finding in proposal.findings)
    put(f"Written to {path}.")
