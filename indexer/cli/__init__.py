"""The command line: backissue parse, index, search, show, add and fetch."""

from indexer.cli.root import cli

__all__ = ["cli"]
