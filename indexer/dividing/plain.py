"""The outline of a text that has lost its headings: titles by their shape, sections by the newsletter's usual order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.dividing.headings import Outline, folded, is_known_section, section_kind
from indexer.model import Block, Newsletter

MOST_TITLE_WORDS = 22
WORD = re.compile(r"\w+")


def outline(blocks: Sequence[Block], newsletter: Newsletter) -> Outline:
    """Return the blocks with title lines made headings again, which of them are items, and the sections implied.

    A line that is a known section name groups. After the lead, a line that does not end as a sentence does, with
    prose after it, is an item's title; prose behind a gap has lost its title of one word. The lead ends with the
    first of these behind a gap: the first section's name was lost there, and so were later ones of one word.
    """
    walk = Walk(blocks, newsletter)
    for i in range(len(blocks)):
        walk.take(i)
    return Outline(tuple(walk.blocks), frozenset(walk.items), walk.untitled, walk.implied)


class Walk:
    """A walk over plain blocks that knows how far in the usual order of sections it has come."""

    def __init__(self, blocks: Sequence[Block], newsletter: Newsletter) -> None:
        self.blocks = list(blocks)
        self.newsletter = newsletter
        self.order = newsletter.order
        self.stage = -1  # the lead
        self.items: set[int] = set()
        self.untitled: set[int] = set()
        self.implied: dict[int, str] = {}

    def take(self, i: int) -> None:
        """Look at one block: is it a section's name, an item's title, or the text of an item without one?"""
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
        """Return whether the name of the next section can have been lost before a block, and seems to have been.

        Only names of one word are lost. Two lines in a row are a section's name and a title; one is it where the
        block speaks of what the section holds.
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
    """Return whether a line is short and does not end as a sentence does; a question or an exclamation may."""
    if len(text.split()) > MOST_TITLE_WORDS or text.endswith((":", ";", ",")):
        return False
    if text.endswith(("...", "…")):
        return True
    if text.endswith((".", ")")) or re.search(r"[.!?] [A-Z]", text):
        return text.endswith(")") and ". " not in text
    return True
