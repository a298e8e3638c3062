"""The entries that fix something."""

from __future__ import annotations

from indexer.kernel.subjects import FIX_TREES
from indexer.storage.index import Index, Mask

FIX = "fix"  # the stem of "fixes", "fixed" and "fixing", too


def fixing(index: Index) -> Mask:
    """Return the mask of entries that mention a fix or are patches for a fixes-only tree."""
    return index.marked("title", [FIX]) | index.marked("tree", FIX_TREES)
