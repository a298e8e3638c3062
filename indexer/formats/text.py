"""Plain text to blocks: paragraphs and bullets, and how many one-word lines were lost before each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from indexer.formats.dates import day_that_is, midnight
from indexer.formats.rendered import with_bare_links
from indexer.model import Block, Document

BULLET = re.compile(r"^(?P<indent>\s*)(?:[•‣◦·*]|-(?=\s))\s+(?P<text>\S.*)$")


def read_text(text: str, where: str) -> Document:
    """Return the document that a plain-text extraction of a page holds.

    Its first lines give date and title. A blank line more than the one between paragraphs says that a
    line of one word was lost there: the block after it has it in `gap`.
    """
    blocks: list[Block] = []
    runs: list[list[str]] = []  # the lines of each block
    blanks = 0
    open_run = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            blanks, open_run = blanks + 1, False
            continue
        bullet = BULLET.match(line)
        if bullet:
            depth = 1 + len(bullet["indent"].expandtabs(4)) // 4
            blocks.append(Block("bullet", "", depth, (), number, lost(blanks)))
            runs.append([bullet["text"].strip()])
        elif open_run:
            runs[-1].append(line.strip())
        else:
            blocks.append(Block("paragraph", "", 0, (), number, lost(blanks)))
            runs.append([line.strip()])
        blanks, open_run = 0, True
    whole = [replace(block, text=" ".join(run)) for block, run in zip(blocks, runs, strict=True)]
    date, title, blocks = opening(whole)
    return Document(tuple(with_bare_links(block) for block in blocks), title=title, date=date, plain=True, where=where)


def lost(blanks: int) -> int:
    return max(0, blanks - 1)


def opening(blocks: list[Block]) -> tuple[datetime | None, str, list[Block]]:
    """Take date and title from the first lines, where they are a date and a title."""
    date, title = None, ""
    while blocks and blocks[0].kind == "paragraph":
        found = midnight(day_that_is(blocks[0].text))
        if found and date is None:
            date = found
        elif not title and len(blocks[0].text) <= 120 and not blocks[0].text.endswith("."):
            title = blocks[0].text
        else:
            break
        blocks = blocks[1:]
        if title:
            break
    return date, title, blocks
