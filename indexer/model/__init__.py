"""The data model: issues, entries and their parts."""

from __future__ import annotations

from indexer.model.blocks import (
    LARGEST,
    LARGEST_OF_SEVERAL,
    Block,
    BlockKind,
    Division,
    Document,
    Edition,
    Piece,
    Problem,
    Span,
    SpanKind,
)
from indexer.model.entries import (
    HOWS,
    OUTCOMES,
    Correction,
    Entry,
    How,
    Issue,
    Link,
    Name,
    Outcome,
    Posted,
    Version,
    pairs_of,
)
from indexer.model.keys import IssueKey, Label, label_of, label_order
from indexer.model.newsletters import IssueFacts, Newsletter

__all__ = [
    "HOWS", "LARGEST", "LARGEST_OF_SEVERAL", "OUTCOMES", "Block", "BlockKind", "Correction", "Division",
    "Document", "Edition", "Entry", "How", "Issue", "IssueFacts", "IssueKey", "Label", "Link", "Name",
    "Newsletter", "Outcome", "Piece", "Posted", "Problem", "Span", "SpanKind", "Version", "label_of",
    "label_order", "pairs_of",
]  # fmt: skip
