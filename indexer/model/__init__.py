"""The data model: issues, entries and their parts.

Each name is imported from its module on first use, because searches need few of these types.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.model.blocks import Block, BlockKind, Division, Document, Piece, Problem, Span, SpanKind
    from indexer.model.entries import Correction, Entry, Issue, Link, Name, Outcome, Posted, Revert, Version
    from indexer.model.keys import IssueKey, Label, label_of, label_order
    from indexer.model.newsletters import IssueFacts, Newsletter
    from indexer.model.releases import Claim, Landing, Release, landing_of_claims
    from indexer.model.terms import (
        BY_HAND,
        HOWS,
        LARGEST,
        LARGEST_OF_SEVERAL,
        OF_SERIES,
        OUTCOMES,
        REVERTED,
        Edition,
        How,
        merge_of,
        pairs_of,
        posting_of,
        version_merged,
        version_posted,
    )

__all__ = [
    "BY_HAND", "HOWS", "LARGEST", "LARGEST_OF_SEVERAL", "OF_SERIES", "OUTCOMES", "REVERTED", "Block",
    "BlockKind", "Claim", "Correction", "Division", "Document", "Edition", "Entry", "How", "Issue", "IssueFacts",
    "IssueKey", "Label", "Landing", "Link", "Name", "Newsletter", "Outcome", "Piece", "Posted", "Problem", "Release",
    "Revert", "Span", "SpanKind", "Version", "label_of", "label_order", "landing_of_claims", "merge_of", "pairs_of",
    "posting_of", "version_merged", "version_posted",
]  # fmt: skip
# The modules, without those that define only names of `terms`, which is the default.
PLACES = {
    "blocks": ("Block", "BlockKind", "Division", "Document", "Piece", "Problem", "Span", "SpanKind"),
    "entries": ("Correction", "Entry", "Issue", "Link", "Name", "Outcome", "Posted", "Revert", "Version"),
    "keys": ("IssueKey", "Label", "label_of", "label_order"),
    "newsletters": ("IssueFacts", "Newsletter"),
    "releases": ("Claim", "Landing", "Release", "landing_of_claims"),
}


def __getattr__(name: str) -> object:
    """Import a name of `__all__`."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    place = next((place for place, names in PLACES.items() if name in names), "terms")
    found = globals()[name] = getattr(import_module(f"{__name__}.{place}"), name)
    return found
