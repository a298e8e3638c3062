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
    BY_HAND,
    HOWS,
    OF_SERIES,
    OUTCOMES,
    REVERTED,
    Correction,
    Entry,
    How,
    Issue,
    Link,
    Name,
    Outcome,
    Posted,
    Revert,
    Version,
    merge_of,
    pairs_of,
    posting_of,
    version_merged,
    version_posted,
)
from indexer.model.keys import IssueKey, Label, label_of, label_order
from indexer.model.newsletters import IssueFacts, Newsletter
from indexer.model.releases import Claim, Landing, Release, landing_of_claims

__all__ = [
    "BY_HAND", "HOWS", "LARGEST", "LARGEST_OF_SEVERAL", "OF_SERIES", "OUTCOMES", "REVERTED", "Block",
    "BlockKind", "Claim", "Correction", "Division", "Document", "Edition", "Entry", "How", "Issue", "IssueFacts",
    "IssueKey", "Label", "Landing", "Link", "Name", "Newsletter", "Outcome", "Piece", "Posted", "Problem", "Release",
    "Revert", "Span", "SpanKind", "Version", "label_of", "label_order", "landing_of_claims", "merge_of", "pairs_of",
    "posting_of", "version_merged", "version_posted",
]  # fmt: skip
