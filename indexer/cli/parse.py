"""backissue parse: divide issues into entries, without an index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

import click

from indexer.build.workers import in_workers
from indexer.cli.command import command
from indexer.cli.folders import folders
from indexer.cli.hints import hint_options, utc
from indexer.cli.rows import for_programs, print_rows
from indexer.cli.terminal import put, say
from indexer.cli.wording import counted
from indexer.collecting.layout import by_issue, joined_issue, placed
from indexer.collecting.parts import parts_in
from indexer.errors import BackissueError
from indexer.ingest import Hints, parse
from indexer.model import Issue, Label
from indexer.records import to_record
from indexer.sources.archive import Archive
from indexer.sources.downloader import Downloader
from indexer.sources.exports import completed
from indexer.sources.files import read_file
from indexer.sources.given import Given, given_by


@command(
    "parse",
    examples=(
        ("parse issue.md", "the entries of a file"),
        ("parse issue.html --newsletter my-weekly --issue 3 -j", "as JSON, for a file that does not say what it is"),
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@hint_options
@for_programs
@folders
def parse_command(
    archive: Archive,
    files: tuple[Path, ...],
    newsletter: str | None,
    label: Label | None,
    date: datetime | None,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Divide issues into entries, without an index.

    Entries are printed to standard output, problems to standard error. A file that cannot be read does not stop the
    others. A folder stands for its files. If its name is that of an issue, and each file is an item, it is one issue.
    """
    hints = partial(Hints, newsletter, label, utc(date))
    failed = False
    groups = []
    for path in files:
        if not (found := named_by(path)):
            failed = True
            say(f"{path}: No file in this folder can be read as an issue.", "backissue: ")
        groups += found
    with in_workers(lambda group: parsed_from(group, archive, hints), groups, lambda group: group[0]) as parsed:
        for _ in groups:
            try:
                issues = next(parsed)
            except BackissueError as error:
                failed = True
                say(str(error), "backissue: ")
                continue
            for issue in issues:
                show_issue(issue, fields, as_json=as_json)
    if failed:
        raise click.exceptions.Exit(1)


def named_by(path: Path) -> list[tuple[str, list[Given]]]:
    """Return a file by itself; of a folder, its files by the folders that are issues."""
    if not path.is_dir():
        return [(str(path), [Given(str(path), str(path))])]
    groups = by_issue(placed(list(given_by([str(path)])), str(path)))
    return [(folder or files[0].where, files) for folder, files in groups]


def parsed_from(group: tuple[str, list[Given]], archive: Archive, hints_named: Callable[[str], Hints]) -> list[Issue]:
    """Return the issues of a file, or the one that the files of a folder are the items of."""
    name, files = group
    if len(files) > 1:
        parts = [part for each in files for part in parts_in(each, Downloader())]
        if (one := joined_issue(name, parts)) is not None:
            return parse(one.raw, f"{PurePosixPath(name).name}{one.suffix}", archive, hints_named(name))
    return [
        issue
        for each in files
        for issue in parse(content_in(Path(each.where)), Path(each.where).name, archive, hints_named(each.name))
    ]


def content_in(path: Path) -> bytes:
    return completed(path, read_file(path))


def show_issue(issue: Issue, fields: tuple[str, ...], *, as_json: bool) -> None:
    for problem in issue.problems:
        say(str(problem), "backissue: ")
    if as_json or fields:
        print_rows(map(to_record, issue.entries), fields, as_json=as_json)
        return
    appeared = f"{issue.date:%Y-%m-%d}" if issue.date else "undated"
    put(f"{issue.newsletter} {issue.label}, {appeared}: {counted(len(issue.entries), 'entry', 'entries')}")
    for entry in issue.entries:
        put(f"{entry.n:4} {entry.kind:10} {entry.title}")
