"""backissue retell: print a template for retelling an issue."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from pathlib import Path

import click

from indexer.build.workers import in_worker
from indexer.cli.command import command
from indexer.cli.folders import folders
from indexer.cli.hints import hint_options, utc
from indexer.cli.terminal import put
from indexer.ingest import Hints, parse
from indexer.model import Label
from indexer.retelling import frame
from indexer.sources.archive import Archive
from indexer.sources.files import read_file


@command(
    "retell",
    examples=(("retell 13.html > 13.md", "a template to fill in"),),
)
@click.argument("original", type=click.Path(path_type=Path))
@hint_options
@folders
def retell_command(
    archive: Archive, original: Path, newsletter: str | None, label: Label | None, date: datetime | None
) -> None:
    """Print a template for retelling an issue.

    It contains the facts of ORIGINAL as Markdown, with … in place of the prose.
    """
    hints = Hints(newsletter, label, utc(date))
    for issue in in_worker(
        lambda path: parse(read_file(path), path.name, archive, hints), original, attrgetter("name")
    ):
        put(frame(issue), end="")
