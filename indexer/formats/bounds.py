"""Limits on a source, checked before parsing, because parsers take minutes on some input that no real text contains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.model import Document, Problem

# The number after each limit is the largest value in 961 real issues.
DEEPEST = 100  # levels of lists and quotations, or of HTML elements; 18
MOST_OPEN = 250  # open brackets at once in a block; 4
MOST_SIGNS = 1_000  # characters that mark emphasis or code in a block; 27
MOST_TAGS = 1_000  # tags in consecutive lines without an empty one; 40
LONGEST = 20_000  # characters of a block; 5,693
MOST_LINES = 1_000  # consecutive lines without an empty one; 189
MOST_BLOCKS = 1_000  # blocks of an issue; 255
MOST_ATTRIBUTES = 250  # of an element; 20
MOST_ALIKE = 20  # problems of one kind
BEYOND = f"The text after {MOST_BLOCKS:,} blocks was left out."

BRACKET = re.compile(r"[\[\](){}<>]")
CLOSES = {"]": "[", ")": "(", "}": "{", ">": "<"}
SIGN = re.compile(r"[*_`]")
NESTING = re.compile(r"^(?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*")
MARK = re.compile(r">|[-*+][ \t]|\d{1,9}[.)][ \t]|\t| {4}")
# A comment, or a tag with its attributes. An unclosed one extends to the end of the text.
TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[a-zA-Z](?:[^>\"']|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)", re.S)
ATTRIBUTE = re.compile(r"(?<![\s/])[\s/]++[^\s/=>\"']++|\"[^\"]*\"|'[^']*'")

Line = tuple[int, str]


def refusal(text: str) -> str:
    """Return the reason to refuse a block's text, "" if it is within the limits."""
    if len(text) > LONGEST:
        return f"A block of {len(text):,} characters was left out. The limit is {LONGEST:,}."
    if open_at_once(text) > MOST_OPEN:
        return f"A block with more than {MOST_OPEN} open brackets was left out."
    if len(SIGN.findall(text)) > MOST_SIGNS:
        return f"A block with more than {MOST_SIGNS:,} characters that mark emphasis or code was left out."
    return ""


def open_at_once(text: str) -> int:
    """Return the largest number of brackets that are open at once."""
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
    """Return the lines without the blocks beyond the limits, and add a problem for each such block."""
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
    """Group lines into blocks, each with the empty lines after it."""
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
        return f"A block of more than {MOST_LINES:,} lines was left out."
    if any(len(line) > LONGEST for line in lines):
        return f"A line of more than {LONGEST:,} characters was left out."
    if sum(line.count("<") for line in lines) > MOST_TAGS:
        return f"A block with more than {MOST_TAGS:,} tags was left out."
    if any(len(line) > DEEPEST and nesting(line) > DEEPEST for line in lines):
        return f"A block with more than {DEEPEST} levels of lists or quotations was left out."
    return ""


def nesting(line: str) -> int:
    """Return the number of lists and quotations that a line of Markdown is inside of."""
    begins = NESTING.match(line)
    return len(MARK.findall(begins[0])) if begins else 0


def attributes(page: str) -> int:
    """Return the largest number of attributes of any element of a page."""
    return max((len(ATTRIBUTE.findall(tag)) for tag in TAG.findall(page) if len(tag) > MOST_ATTRIBUTES), default=0)


def bounded(document: Document) -> Document:
    """Return a document without the blocks beyond the limits, and with a problem for each."""
    wrong = [
        Problem(document.where, block.line, f"A block of {len(block.text):,} characters was left out.")
        for block in document.blocks
        if len(block.text) > LONGEST
    ]
    kept = [i for i, block in enumerate(document.blocks) if len(block.text) <= LONGEST]
    if len(kept) > MOST_BLOCKS:
        wrong.append(beyond(document.where, document.blocks[kept[MOST_BLOCKS]].line))
        kept = kept[:MOST_BLOCKS]
    if not wrong:
        return document
    moved = {old: new for new, old in enumerate(kept)}
    blocks = tuple(document.blocks[i] for i in kept)
    heads = tuple(moved[head] for head in document.heads if head in moved)
    told = [each for each in document.problems if not (is_beyond(each) and any(map(is_beyond, wrong)))]
    return replace(document, blocks=blocks, heads=heads, problems=(*told, *few(wrong)))


def few(problems: list[Problem]) -> list[Problem]:
    """Return the first problems of one kind, and the number of the others."""
    more = len(problems) - MOST_ALIKE
    if more < 1:
        return problems
    last = problems[MOST_ALIKE - 1]
    return [*problems[:MOST_ALIKE], Problem(last.where, last.line, f"{more:,} more problems of this kind follow.")]


def beyond(where: str, line: int) -> Problem:
    return Problem(where, line, BEYOND)


def is_beyond(problem: Problem) -> bool:
    return problem.message == BEYOND
