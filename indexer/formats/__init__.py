"""Markdown, HTML, plain text or a feed in; documents of blocks out."""

from indexer.formats.registry import decode, read

__all__ = ["decode", "read"]
