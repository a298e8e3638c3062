"""backissue remove: remove an original."""

from __future__ import annotations

import click

from indexer.cli.command import command
from indexer.cli.completion import originals
from indexer.cli.folders import folders
from indexer.cli.index import index
from indexer.errors import NotFound
from indexer.model import IssueKey
from indexer.sources.archive import Archive, Source


@command(
    "remove",
    examples=(("remove bpf-updates/13", "use the retold issue again"),),
)
@click.argument("issue", metavar="NEWSLETTER/ISSUE", shell_complete=originals)
@folders
def remove_command(archive: Archive, issue: str) -> None:
    """Remove an original that was added or fetched.

    The retold issue, if there is one, is used again.
    """
    index(archive, prepare=lambda: archive.remove_original(original_of(archive, issue)))


def original_of(archive: Archive, issue: str) -> Source:
    """Return the stored original of an issue. Raises `NotFound`."""
    key = key_in(issue)
    source = archive.issues_in(archive.originals).get(key) if key else None
    if source is None:
        hint = "" if "/" in issue else " Name it with its newsletter, such as bpf-updates/13."
        raise NotFound(f"There is no original of issue {issue}.{hint}")
    return source


def key_in(text: str) -> IssueKey | None:
    try:
        return IssueKey.parse(text)
    except ValueError:
        return None
