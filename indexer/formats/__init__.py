"""Markdown, HTML, plain text or a feed in; documents of blocks out."""

from indexer.formats.registry import decode, parts_of, read, read_source

__all__ = ["decode", "parts_of", "read", "read_source"]
