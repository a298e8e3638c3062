"""backissue remove: an original taken away again."""

from __future__ import annotations

import click

from indexer.cli.command import command
from indexer.cli.completion import originals
from indexer.cli.index import index
from indexer.cli.root import folders
from indexer.errors import NotFound
from indexer.model import IssueKey
from indexer.sources.archive import Archive, Source


@command("remove")
@click.argument("issue", metavar="NEWSLETTER/ISSUE", shell_complete=originals)
@folders
def remove_command(archive: Archive, issue: str) -> None:
    """Remove an original that was added or fetched.

    The retold issue, if there is one, is shown again.
    """
    index(archive, prepare=lambda: archive.remove_original(kept(archive, issue)))


def kept(archive: Archive, issue: str) -> Source:
    """Return the original that is kept of an issue. Raises `NotFound`."""
    key = key_in(issue)
    source = archive.issues_in(archive.originals).get(key) if key else None
    if source is None:
        hint = "" if "/" in issue else "; name it with its newsletter, as in bpf-updates/13"
        raise NotFound(f"{issue}: no original of that issue is kept{hint}")
    return source


def key_in(text: str) -> IssueKey | None:
    try:
        return IssueKey.parse(text)
    except ValueError:
        return None
