"""Markdown, HTML, plain text or a feed in; documents of blocks out."""

from indexer.reading.formats import decode, read

__all__ = ["decode", "read"]
