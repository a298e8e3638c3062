"""backissue mcp: serve the index to an assistant."""

from __future__ import annotations

from indexer.cli.command import command
from indexer.cli.folders import folders
from indexer.cli.opened import opened, where
from indexer.errors import ExtraMissing
from indexer.sources.archive import Archive


@command(
    "mcp",
    examples=(("mcp", "the command for an assistant's configuration"),),
)
@folders
def mcp_command(archive: Archive) -> None:
    """Serve the index to an assistant (MCP).

    The server speaks the Model Context Protocol on standard input and output. It needs the extra mcp: run
    pip install "backissue[mcp]", or pip install ".[mcp]" in a checkout.
    """
    try:
        from indexer.mcp import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        missing = 'The package mcp is not installed. Run pip install "backissue[mcp]", or ".[mcp]" in a checkout.'
        raise ExtraMissing(missing) from error
    opened(archive).close()  # builds the index on first use
    server(where(archive)).run("stdio")
