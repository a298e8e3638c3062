"""Find the source line on which each rendered block begins."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.model import Block

# Bounded, because a row of unclosed brackets would take quadratic time.
LINK_TARGET = re.compile(r"\]\([^)\s]{0,1000}+(?:\s+\"[^\"]{0,1000}+\")?\)")
WORD = re.compile(r"\w+")
FARTHEST = 20_000  # words to search for a block; the longest known issue has 5,000
MOST_TRIES = 300  # positions to try for a block

Line = tuple[int, str]


def with_lines(blocks: tuple[Block, ...], lines: list[Line]) -> tuple[Block, ...]:
    """Return the blocks with the number of the source line on which each begins.

    Rendering keeps the order of words, so one pass over blocks and source finds each block again.
    """
    source = [
        (word.casefold(), number)
        for number, line in lines
        for word in WORD.findall(LINK_TARGET.sub("]", line))
        if number
    ]
    words_of_source = [word for word, _ in source]
    found, at = [], 0
    for block in blocks:
        words = [word.casefold() for word in WORD.findall(block.text)]
        start = position(words_of_source, words[:4], at)
        if start is None:
            found.append(replace(block, line=source[min(at, len(source) - 1)][1] if source else 0))
            continue
        found.append(replace(block, line=source[start][1]))
        at = start
        for word in words:
            step = index(words_of_source, word, at, at + 50)
            at = at if step is None else step + 1
    return tuple(found)


def position(source: list[str], words: list[str], at: int) -> int | None:
    """Return the index of `words` in `source` from `at` on, in order and close together; None if they are missing."""
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
    """Return whether `words` follow `at`, in order and close together."""
    for word in words:
        step = index(source, word, at + 1, at + 20)
        if step is None:
            return False
        at = step
    return True


def index(source: list[str], word: str, start: int, end: int) -> int | None:
    """Return the first index of a word between `start` and `end`, None if it is not there."""
    try:
        return source.index(word, start, end)
    except ValueError:
        return None
