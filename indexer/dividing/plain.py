"""Restore the outline of plain text: titles by their shape, sections by the newsletter's usual order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.dividing.headings import Outline, folded, is_known_section, section_kind
from indexer.model import Block, Newsletter

MOST_TITLE_WORDS = 22
WORD = re.compile(r"\w+")


def outline(blocks: Sequence[Block], newsletter: Newsletter) -> Outline:
    """Return the outline of blocks without headings.

    A line that is a known section name begins a section. After the lead, a line that does not end like a sentence
    and is followed by prose is the title of an item; prose after a gap has lost its one-word title. The lead ends
    at the first of these after a gap, where the first section's one-word name was lost; later names may be, too.
    """
    walk = Walk(blocks, newsletter)
    for i in range(len(blocks)):
        walk.take(i)
    return Outline(tuple(walk.blocks), frozenset(walk.items), walk.untitled, walk.implied)


class Walk:
    """The state while reading plain blocks, including the position in the usual order of sections."""

    def __init__(self, blocks: Sequence[Block], newsletter: Newsletter) -> None:
        self.blocks = list(blocks)
        self.newsletter = newsletter
        self.order = newsletter.order
        self.stage = -1  # the lead
        self.items: set[int] = set()
        self.untitled: set[int] = set()
        self.implied: dict[int, str] = {}

    def take(self, i: int) -> None:
        """Classify one block: section name, title of an item, or text of an item without a title."""
        block = self.blocks[i]
        if block.kind != "paragraph":
            return
        if is_known_section(self.newsletter, block.text):
            self.blocks[i] = replace(block, kind="heading", depth=2)
            self.stage = self.order.index(folded(block.text)) if folded(block.text) in self.order else self.stage
            return
        kind = section_kind(self.newsletter, self.order[self.stage]) if self.stage >= 0 else None
        titled = self.is_title(i) and kind not in ("note", "patch")
        if self.stage < 0:
            if not (block.gap and titled and self.order):
                return
            self.enter(i, 0)
        elif block.gap and self.lost_section(i):
            self.enter(i, self.stage + 1)
        if titled:
            self.blocks[i] = replace(block, kind="heading", depth=4)
            self.items.add(i)
        elif block.gap and kind not in ("note", "patch"):
            self.untitled.add(i)

    def enter(self, i: int, stage: int) -> None:
        self.stage = stage
        self.implied[i] = self.order[stage]

    def lost_section(self, i: int) -> bool:
        """Return whether the name of the next section was probably lost before a block.

        Only one-word names are lost. Two lines in a row are a section name and a title; a single line is one if
        the block mentions what the section contains.
        """
        if self.stage + 1 >= len(self.order) or len(self.order[self.stage + 1].split()) != 1:
            return False
        name = self.order[self.stage + 1]
        words = {word.casefold() for word in WORD.findall(self.blocks[i].text)}
        return self.blocks[i].gap > 1 or bool(words & {name, name.removesuffix("s")})

    def is_title(self, i: int) -> bool:
        after = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
        followed = after is not None and after.kind == "paragraph" and not after.gap
        return followed and looks_like_title(self.blocks[i].text.rstrip())


def looks_like_title(text: str) -> bool:
    """Return whether a line is short and does not end with a full stop; it may end with ? or !."""
    if len(text.split()) > MOST_TITLE_WORDS or text.endswith((":", ";", ",")):
        return False
    if text.endswith(("...", "…")):
        return True
    if text.endswith((".", ")")) or re.search(r"[.!?] [A-Z]", text):
        return text.endswith(")") and ". " not in text
    return True
