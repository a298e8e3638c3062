"""The command line: one module a command, loaded when it is called."""

from indexer.cli.root import cli, main

__all__ = ["cli", "main"]
