"""Find where the sign-off of an issue begins, and which lines name the source of a quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.dividing.formulas import is_formula
from indexer.model import Block

LONGEST_SIGN_OFF = 12  # blocks
ATTRIBUTION = re.compile(r"^(?:[–—―]|--?)\s*\S")
FEWEST_LISTED = 2  # linked bullets that are items
MOST_WORDS = 20  # of a line that names the source of a quotation


def sign_off(blocks: Sequence[Block]) -> int:
    """Return the position of the sign-off.

    If any block after the last horizontal rule is a closing formula, the sign-off begins at the rule, unless a list of
    links follows the rule.
    """
    end = len(blocks)
    while end and is_formula(blocks[end - 1]):
        end -= 1
    end = len(blocks) if end and blocks[end - 1].kind == "heading" else end
    for i in range(len(blocks) - 1, max(0, len(blocks) - LONGEST_SIGN_OFF), -1):
        if blocks[i].kind == "heading":
            break
        if blocks[i].ruled:
            listed = sum(block.kind == "bullet" and any(block.links()) for block in blocks[i:]) >= FEWEST_LISTED
            return min(end, i) if any(map(is_formula, blocks[i:])) and not listed else end
    return end


def is_attribution(block: Block, before: Sequence[Block]) -> bool:
    """Return whether a line after a quotation names its source: "– [Ann Bee on the forum](...)"."""
    quoted = bool(before) and before[-1].kind == "quote" and block.kind == "paragraph"
    return quoted and len(block.text.split()) <= MOST_WORDS and ATTRIBUTION.match(block.text) is not None
