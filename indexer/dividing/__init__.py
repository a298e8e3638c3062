"""A document's blocks in; pieces that are one entry each, section names and boilerplate out."""

from indexer.dividing.pieces import divide

__all__ = ["divide"]
