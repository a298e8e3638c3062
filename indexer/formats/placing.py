"""Blocks back to their source: the line on which the words of each begin."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.model import Block

# Bounded, so that a row of brackets that never close is not tried to its end from each of them.
LINK_TARGET = re.compile(r"\]\([^)\s]{0,1000}+(?:\s+\"[^\"]{0,1000}+\")?\)")
WORD = re.compile(r"\w+")
FARTHEST = 20_000  # words within which a block is looked for; the longest issue known has 5,000
MOST_TRIES = 300  # places that a block is looked for at

Line = tuple[int, str]


def with_lines(blocks: tuple[Block, ...], lines: list[Line]) -> tuple[Block, ...]:
    """Return the blocks, each with the line of the source where its words begin.

    Rendering keeps the words of a source in their order, so that a walk over both finds each block again.
    """
    source = [
        (word.casefold(), number)
        for number, line in lines
        for word in WORD.findall(LINK_TARGET.sub("]", line))
        if number
    ]
    told = [word for word, _ in source]
    found, at = [], 0
    for block in blocks:
        words = [word.casefold() for word in WORD.findall(block.text)]
        start = position(told, words[:4], at)
        if start is None:
            found.append(replace(block, line=source[min(at, len(source) - 1)][1] if source else 0))
            continue
        found.append(replace(block, line=source[start][1]))
        at = start
        for word in words:
            step = index(told, word, at, at + 50)
            at = at if step is None else step + 1
    return tuple(found)


def position(source: list[str], words: list[str], at: int) -> int | None:
    """Return where `words` begin, in their order and close together, at `at` or after it."""
    if not words:
        return None
    end = at + FARTHEST
    start = index(source, words[0], at, end)
    for _ in range(MOST_TRIES):
        if start is None or follow(source, words[1:], start):
            return start
        start = index(source, words[0], start + 1, end)
    return None


def follow(source: list[str], words: list[str], at: int) -> bool:
    """Return whether `words` come after `at`, in their order and close together."""
    for word in words:
        step = index(source, word, at + 1, at + 20)
        if step is None:
            return False
        at = step
    return True


def index(source: list[str], word: str, start: int, end: int) -> int | None:
    """Return where a word first stands from `start` on and before `end`, None where it does not."""
    try:
        return source.index(word, start, end)
    except ValueError:
        return None
