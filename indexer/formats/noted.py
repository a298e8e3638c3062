"""Links in plain text that are given as numbered notes: "a new release [1]" and "[1] https://example.org"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexer.model import Block, Span

NOTE = re.compile(r"^\s{0,8}\[(?P<number>\d{1,3})\]:?\s{1,8}<?(?P<url>https?://[^\s<>]{1,2000})>?\s*$")
REFERENCE = re.compile(r"\s?\[(?P<number>\d{1,3})\]")
SENTENCE_END = re.compile(r"[.!?:] ")
LONGEST_LINE = 66  # of a title; a longer line continues on the next
MOST_WORDS = 22  # of a title


def notes_in(lines: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Return the number and the address of each note, by its line. Notes that no text refers to are left out."""
    found = {i: (match["number"], match["url"]) for i, line in enumerate(lines) if (match := NOTE.match(line))}
    text = "\n".join(line for i, line in enumerate(lines) if i not in found)
    used = {match["number"] for match in REFERENCE.finditer(text)}
    return {i: note for i, note in found.items() if note[0] in used}


def with_noted_links(block: Block, notes: Mapping[str, str], first_line: str) -> Block:
    """Return a block with each reference to a note replaced by a link on the words before it.

    The link of the first reference covers its sentence up to there, which is a title; others cover one word. A line in
    capitals that ends with a reference, or such a `first_line` that is short, is the title.
    """
    text, at = "", 0
    spans: list[Span] = []
    for match in REFERENCE.finditer(block.text):
        url = notes.get(match["number"])
        if url is None:
            continue
        text += block.text[at : match.start()]
        at = match.end()
        start = text.rfind(" ") + 1 if spans else sentence_start(text)
        if start < len(text):
            if not spans and match.end() == len(block.text) and text.isupper():
                start = 0
            elif not spans and match.end() == len(first_line) < LONGEST_LINE:
                spans.append(Span(0, len(text), "line"))
                start = 0
            spans.append(Span(start, len(text), "link", url))
    return replace(block, text=text + block.text[at:], spans=tuple(spans)) if spans else block


def sentence_start(text: str) -> int:
    """Return where the last sentence begins, or the last word of a long one."""
    start = max(text.rfind(end) + 2 for end in (". ", "! ", "? ", ": ")) if SENTENCE_END.search(text) else 0
    return start if len(text[start:].split()) <= MOST_WORDS else text.rfind(" ") + 1
