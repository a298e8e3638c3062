"""What a source may hold: looked at before it is parsed, since parsers take minutes on what no text has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.model import Document, Problem

# Beside each bound the most that any of 961 real issues has.
DEEPEST = 100  # lists and quotations, or elements of a page, in each other; 18
MOST_OPEN = 250  # brackets of a block open at once; 4
MOST_SIGNS = 1_000  # signs of emphasis and code in a block; 27
MOST_TAGS = 1_000  # tags of lines without an empty one between; 40
LONGEST = 20_000  # characters of a block; 5,693
MOST_LINES = 1_000  # lines without an empty one between; 189
MOST_BLOCKS = 1_000  # blocks of an issue; 255
MOST_ATTRIBUTES = 250  # of an element; 20

BRACKET = re.compile(r"[\[\](){}<>]")
CLOSES = {"]": "[", ")": "(", "}": "{", ">": "<"}
SIGN = re.compile(r"[*_`]")
NESTING = re.compile(r"^(?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*")
MARK = re.compile(r">|[-*+][ \t]|\d{1,9}[.)][ \t]|\t| {4}")
# A comment, or a tag with its attributes; one that nothing ends goes on to the end of the text.
TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[a-zA-Z](?:[^>\"']|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)", re.S)
ATTRIBUTE = re.compile(r"(?<![\s/])[\s/]++[^\s/=>\"']++|\"[^\"]*\"|'[^']*'")

Line = tuple[int, str]


def refusal(text: str) -> str:
    """Return why a block's text is not read, "" where it is."""
    if len(text) > LONGEST:
        return f"a block of {len(text):,} characters was not read; the limit is {LONGEST:,}"
    if open_at_once(text) > MOST_OPEN:
        return f"a block with more than {MOST_OPEN} open brackets was not read"
    if len(SIGN.findall(text)) > MOST_SIGNS:
        return f"a block with more than {MOST_SIGNS:,} signs of emphasis or code was not read"
    return ""


def open_at_once(text: str) -> int:
    """Return how many brackets are open at once, at the most."""
    opened: dict[str, int] = dict.fromkeys(CLOSES.values(), 0)
    most = 0
    for bracket in BRACKET.findall(text):
        if bracket in opened:
            opened[bracket] += 1
            most = max(most, sum(opened.values()))
        elif opened[CLOSES[bracket]]:
            opened[CLOSES[bracket]] -= 1
    return most


def read_lines(lines: list[Line], where: str, problems: list[Problem]) -> list[Line]:
    """Return the lines without those blocks that nest too deeply or have too many lines; each is a problem."""
    kept: list[Line] = []
    for count, block in enumerate(blocks_of_lines(lines)):
        if count > MOST_BLOCKS:
            problems.append(beyond(where, block[0][0]))
            break
        wrong = refusal_of_lines([line for _, line in block if line.strip()])
        if wrong:
            problems.append(Problem(where, next((n for n, line in block if line.strip()), 0), wrong))
        else:
            kept += block[:MOST_LINES]
    return kept


def blocks_of_lines(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield lines in blocks, each with the empty lines after it."""
    block: list[Line] = []
    ended = False
    for number, line in lines:
        if ended and line.strip():
            yield block
            block, ended = [], False
        block.append((number, line))
        ended = not line.strip()
    yield block


def refusal_of_lines(lines: list[str]) -> str:
    if len(lines) > MOST_LINES:
        return f"a block of more than {MOST_LINES:,} lines was not read"
    if any(len(line) > LONGEST for line in lines):
        return f"a line of more than {LONGEST:,} characters was not read"
    if sum(line.count("<") for line in lines) > MOST_TAGS:
        return f"a block with more than {MOST_TAGS:,} tags was not read"
    if any(len(line) > DEEPEST and nesting(line) > DEEPEST for line in lines):
        return f"a block that nests deeper than {DEEPEST} levels was not read"
    return ""


def nesting(line: str) -> int:
    """Return how many lists and quotations a line of Markdown opens or stands in."""
    begins = NESTING.match(line)
    return len(MARK.findall(begins[0])) if begins else 0


def attributes(page: str) -> int:
    """Return how many attributes an element of a page has, at the most."""
    return max((len(ATTRIBUTE.findall(tag)) for tag in TAG.findall(page) if len(tag) > MOST_ATTRIBUTES), default=0)


def bounded(document: Document) -> Document:
    """Return a document without the blocks that are longer than any has, or more than any has; each is a problem."""
    wrong = [
        Problem(document.where, block.line, f"a block of {len(block.text):,} characters was not read")
        for block in document.blocks
        if len(block.text) > LONGEST
    ]
    kept = tuple(block for block in document.blocks if len(block.text) <= LONGEST) if wrong else document.blocks
    if len(kept) > MOST_BLOCKS:
        wrong.append(beyond(document.where, kept[MOST_BLOCKS].line))
        kept = kept[:MOST_BLOCKS]
    return replace(document, blocks=kept, problems=(*document.problems, *wrong)) if wrong else document


def beyond(where: str, line: int) -> Problem:
    return Problem(where, line, f"what stands after {MOST_BLOCKS:,} blocks was not read")
