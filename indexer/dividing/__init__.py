"""Divide a document's blocks into pieces (one for each entry), section names and boilerplate."""

from indexer.dividing.pieces import divide

__all__ = ["divide"]
