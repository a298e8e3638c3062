"""backissue mcp: the index as tools for an assistant."""

from __future__ import annotations

from indexer.cli.command import command
from indexer.cli.opened import where
from indexer.cli.root import folders
from indexer.errors import ExtraMissing
from indexer.sources.archive import Archive


@command("mcp")
@folders
def mcp_command(archive: Archive) -> None:
    """Serve the index to an assistant (MCP).

    It speaks the Model Context Protocol over standard input and output. The extra mcp is needed: in a checkout,
    pip install ".[mcp]".
    """
    try:
        from indexer.mcp import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        missing = 'the package mcp is not installed; install it with pip install ".[mcp]" in the checkout'
        raise ExtraMissing(missing) from error
    server(where(archive)).run("stdio")
