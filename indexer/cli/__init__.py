"""The command line. Each command has its own module, imported when the command runs."""

from indexer.cli.root import cli, main

__all__ = ["cli", "main"]
