"""Find tables of contents: lists before the texts whose headings they repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice

from indexer.dividing.bold import bold_lead
from indexer.dividing.tree import is_bold_line, opens_with_link
from indexer.model import Block

FEWEST = 2  # lines of a table of contents
MOSTLY = 0.6  # of its lines that repeat a heading
MOST_PARTS = 4  # of a line that may end its title
MOST_LINKED = 0.8  # of a line that is a link
BEFORE_TEXT = re.compile(r":| [–—-] |\(")
WORD = re.compile(r"\w+")


def contents(blocks: Sequence[Block]) -> dict[int, str]:
    """Return the heading that each line of a table of contents repeats, by the id of the line's block.

    Such a line may go on with a text: "[A map](...): how it was made". Headings are given by their words.
    """
    headings = {key(block.text): i for i, block in enumerate(blocks) if block.kind == "heading" or is_bold_line(block)}
    found: dict[int, str] = {}
    for start, end in lists(blocks):
        bullets = [block for block in blocks[start:end] if block.kind == "bullet"]
        lines = [block for block in bullets if block.depth == bullets[0].depth]
        named = {}
        for block in lines:
            if name := next((name for name in names(block) if headings.get(name, -1) >= end), ""):
                named[id(block)] = name
        if len(set(named.values())) >= max(FEWEST, MOSTLY * len(lines)):
            found |= named
    return found


def addresses(blocks: Sequence[Block], lines: Mapping[int, str]) -> dict[str, str]:
    """Return the link of each line of a table of contents to another page, by the heading that it repeats."""
    linked = [(lines[id(block)], next(block.links(), None)) for block in blocks if id(block) in lines]
    return {name: link.url for name, link in linked if link and not link.url.startswith("#")}


def lists(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Yield the range of each list."""
    start = 0
    for listed, run in groupby(blocks, is_listed):
        end = start + len(list(run))
        if listed:
            yield start, end
        start = end


def is_listed(block: Block) -> bool:
    return block.kind == "bullet" or (block.depth > 0 and block.kind != "heading")


def names(block: Block) -> Iterator[str]:
    """Yield the words of a line that may be a title: its leading link, its bold lead, or what is before a text."""
    if opens_with_link(block):
        link = next(block.links())
        yield key(block.text[link.start : link.end])
    elif lead := bold_lead(block):
        yield key(block.text[slice(*lead)])
    else:
        yield key(block.text)
        yield from (key(block.text[: match.start()]) for match in islice(BEFORE_TEXT.finditer(block.text), MOST_PARTS))


def is_anchor(block: Block) -> bool:
    """Return whether a block is a line of a table of contents: a link to another place of the issue."""
    link = next(block.links(), None)
    if link is None or not link.url.startswith("#"):
        return False
    return link.end - link.start >= MOST_LINKED * len(block.text)


def key(text: str) -> str:
    """Return the words of a text in lower case."""
    return " ".join(WORD.findall(text.casefold()))
