"""backissue mcp: the index as tools for an assistant."""

from __future__ import annotations

import click

from indexer.archive.store import Archive
from indexer.command.root import folders
from indexer.errors import ExtraMissing


@click.command("mcp")
@folders
def mcp_command(archive: Archive) -> None:
    """Serve the index to an assistant, over standard input and output (Model Context Protocol).

    Its tools are search, entry, identifier and kernel. The extra mcp has to be installed: pip install "backissue[mcp]".
    """
    try:
        from indexer.assistant import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise ExtraMissing('the package mcp is not installed; install it with pip install "backissue[mcp]"') from error
    server(archive.data).run("stdio")
