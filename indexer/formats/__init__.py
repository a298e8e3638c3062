"""Readers: turn Markdown, HTML, plain text, feeds and other formats into documents of blocks."""

from indexer.formats.registry import decode, parts_of, read, read_source

__all__ = ["decode", "parts_of", "read", "read_source"]
