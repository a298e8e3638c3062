"""The command line: backissue parse, index, search, show, add and fetch."""

from indexer.command.root import cli

__all__ = ["cli"]
