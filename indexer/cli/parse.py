"""backissue parse: divide issues into entries, without an index."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from indexer.build.workers import ahead
from indexer.cli.command import command
from indexer.cli.root import folders
from indexer.cli.rows import for_programs, print_rows
from indexer.cli.terminal import put, say
from indexer.cli.told import name_of, told, utc
from indexer.cli.wording import counted
from indexer.errors import BackissueError
from indexer.ingest import Told, parse
from indexer.model import Issue, Label
from indexer.records import to_record
from indexer.sources.archive import Archive
from indexer.sources.files import read_file


@command(
    "parse",
    examples=(
        ("parse issue.md", "the entries of a file"),
        ("parse issue.html --newsletter my-weekly --issue 3 -j", "as JSON, for a file that does not say what it is"),
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@told
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
    others.
    """
    said = partial(Told, newsletter, label, utc(date))
    failed = False
    with ahead(lambda path: parse(read_file(path), path.name, archive, said(str(path))), files, name_of) as parsed:
        for _ in files:
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
