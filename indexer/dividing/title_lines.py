"""Find the paragraphs of a section that are titles by themselves: numbered, signed, addressed, or one link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from indexer.dividing.authors import is_profile, name_alone
from indexer.dividing.bold import bold_lead
from indexer.dividing.lengths import length
from indexer.dividing.titles import NUMBERED, SEPARATED, leading_link
from indexer.model import Block

MANY = 0.6  # share of such lines that have text below them
FEWEST_LINES = 2
TEXTS = ("paragraph", "quote")
FEWEST_TITLE_WORDS = 2
FEWEST_LINE_WORDS = 3  # of a title that is a whole line
MOST_BEFORE = 2  # paragraphs before the first title
NAME_WORDS = 4  # of a name behind a title


def title_lines(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs that are titles: with their URL below, numbered, signed, or one link each over a text.

    The first such link is at the beginning, or after an introduction of one paragraph.
    """
    if found := addressed_lines(blocks) or numbered_lines(blocks) or signed_lines(blocks):
        return found
    lines = [i for i, block in enumerate(blocks) if is_title_line(block)]
    over = [i for i in lines if i + 1 < len(blocks) and i + 1 not in lines and blocks[i + 1].kind in TEXTS]
    if len(over) < FEWEST_LINES or len(over) < MANY * len(lines) or lines[0] > 1:
        return []
    return [blocks[i] for i in lines]


def addressed_lines(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs of plain text that are a title, its URL and perhaps a byline, if the first is one."""
    found = [block for block in blocks if block.kind == "paragraph" and is_addressed(block)]
    return found if found[:1] == [*blocks[:1]] and len(found) < len(blocks) else []


def is_addressed(block: Block) -> bool:
    """Return whether a paragraph is only a line that is a link, with its URL and perhaps a byline below."""
    line = next((span for span in block.spans if span.kind == "line"), None)
    link = next(block.links(), None)
    if line is None or link is None or line.end < len(block.text) or link.start:
        return False
    return block.text[link.end :].lstrip().startswith(link.url)


def signed_lines(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs that begin with a link as title, if lines with only names follow some of them."""
    texts = [block for block in blocks if block.kind == "paragraph" and not block.depth]
    found = [block for block in texts if is_titled(block)]
    signed = sum(is_titled(one) and name_alone(other) is not None for one, other in pairwise(texts))
    return found if signed and len(found) >= FEWEST_LINES and texts.index(found[0]) <= MOST_BEFORE else []


def is_titled(block: Block) -> bool:
    """Return whether a paragraph begins with a link of several words that is a title."""
    link = leading_link(block)
    if link is None or is_profile(link.url) or length(block.text[link.start : link.end]) < FEWEST_TITLE_WORDS:
        return False
    return SEPARATED.match(block.text[link.end :]) is not None or length(block.text[link.end :]) <= NAME_WORDS


def only_title(blocks: Sequence[Block]) -> list[Block]:
    """Return the first paragraph if it alone is one link over prose, or alone begins with a bold title."""
    lines = [block for block in blocks if is_title_line(block) or (block.kind == "paragraph" and bold_lead(block))]
    if not lines or lines != [*blocks[:1]]:
        return []
    return lines if bold_lead(lines[0]) or [block.kind for block in blocks[1:2]] == ["paragraph"] else []


def numbered_lines(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs that begin with a number, if these count from 1: "1、[Title](...)", "2、..."."""
    found = [
        (int(match["number"]), block)
        for block in blocks
        if block.kind == "paragraph" and not block.depth and (match := NUMBERED.match(block.text))
    ]
    counted = len(found) >= FEWEST_LINES and [number for number, _ in found] == [*range(1, len(found) + 1)]
    return [block for _, block in found] if counted else []


def is_title_line(block: Block) -> bool:
    """Return whether a paragraph is one link of several words, ignoring symbols."""
    if block.kind != "paragraph" or block.depth or length(block.text) < FEWEST_LINE_WORDS:
        return False
    link = next(block.links(), None)
    return link is not None and not re.search(r"\w", block.text[: link.start] + block.text[link.end :])
