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
    READING,
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
from indexer.model.releases import Claim, Landing, Release, landing_of_claims

__all__ = [
    "HOWS", "LARGEST", "LARGEST_OF_SEVERAL", "OUTCOMES", "READING", "Block", "BlockKind", "Claim", "Correction",
    "Division", "Document", "Edition", "Entry", "How", "Issue", "IssueFacts", "IssueKey", "Label", "Landing", "Link",
    "Name", "Newsletter", "Outcome", "Piece", "Posted", "Problem", "Release", "Span", "SpanKind",
    "Version", "label_of", "label_order", "landing_of_claims", "pairs_of",
]  # fmt: skip
