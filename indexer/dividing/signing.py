"""Find where the sign-off of an issue begins, and which lines name an author or the source of a quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.dividing.authors import CONTACT, MOST_META
from indexer.dividing.formulas import is_formula
from indexer.dividing.lengths import length
from indexer.dividing.tree import BOLD_LEVEL, Section
from indexer.model import Block

LONGEST_SIGN_OFF = 12  # blocks
ATTRIBUTION = re.compile(r"^(?:[–—―]|--?)\s*\S")
FEWEST_LISTED = 2  # linked bullets that are items
FEWEST_SIGNED = 2  # sections with a byline
MOST_WORDS = 20  # of a line that names the source of a quotation


def sign_off(blocks: Sequence[Block]) -> int:
    """Return the position of the sign-off.

    If any block after the last horizontal rule is a closing formula, the sign-off begins at the rule, unless a list of
    links follows the rule.
    """
    end = len(blocks)
    while end and (is_formula(blocks[end - 1]) or is_signature(blocks[:end])):
        end -= 1
    end = len(blocks) if end and blocks[end - 1].kind == "heading" else end
    for i in range(len(blocks) - 1, max(0, len(blocks) - LONGEST_SIGN_OFF), -1):
        if blocks[i].kind == "heading":
            break
        if blocks[i].ruled:
            listed = sum(block.kind == "bullet" and any(block.links()) for block in blocks[i:]) >= FEWEST_LISTED
            return min(end, i) if any(map(is_formula, blocks[i:])) and not listed else end
    return end


def is_signature(blocks: Sequence[Block]) -> bool:
    """Return whether the last block is the signature of a mail: "-- Ann Bee". Below a quotation, it is its source."""
    last, before = blocks[-1], blocks[-2:-1]
    signed = last.kind == "paragraph" and last.text.startswith("-- ") and not (last.depth or any(last.links()))
    return signed and len(last.text.split()) <= MOST_WORDS and not any(block.kind == "quote" for block in before)


def is_attribution(block: Block, before: Sequence[Block]) -> bool:
    """Return whether a line after a quotation names its source: "– [Ann Bee on the forum](...)"."""
    quoted = bool(before) and before[-1].kind == "quote" and block.kind == "paragraph"
    return quoted and len(block.text.split()) <= MOST_WORDS and ATTRIBUTION.match(block.text) is not None


def signed_below(above: Section) -> list[Section]:
    """Return the subsections that begin with a byline if there are several: articles with headings of their own."""
    signed = [section for section in above.below if section.level < BOLD_LEVEL and is_signed(section)]
    return signed if len(signed) >= FEWEST_SIGNED else []


def is_signed(section: Section) -> bool:
    """Return whether a section begins with a short line that says who wrote it: "By Ann Bee, May 3"."""
    first = next(iter(section.parts), None)
    if not isinstance(first, Block) or first.kind != "paragraph" or length(first.text) > MOST_META:
        return False
    return CONTACT.match(first.text) is not None
