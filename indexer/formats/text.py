"""Turn plain text into blocks: paragraphs and bullets, each with the number of one-word lines lost before it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from indexer.formats import digest
from indexer.formats.dates import day_that_is, midnight
from indexer.formats.noted import notes_in, with_noted_links
from indexer.formats.rendered import with_bare_links
from indexer.model import Block, Document, Span

UNDERLINE = re.compile(r"^(?:={3,}|-{3,}|~{3,}|\*{3,}|\^{3,}|\+{3,}|#{3,}|═{3,}|─{3,}|╌{3,}|┄{3,})$")
LEVELS = {"=": 1, "═": 1, "#": 1, "*": 1, "-": 2, "─": 2}  # of other underlines: 3
# Headings of MediaWiki and Markdown: "== News ==", "## News".
MARKED = re.compile(r"^(?:(?P<wiki>={2,6})(?P<text>[^=\n]+)(?P=wiki)|(?P<hashes>#{1,6}) (?P<words>\S.*))$")
CAPITALS = re.compile(r"^(?=.*[^\W\d_]{4})[^a-zß-öø-ÿ.,;!?@|<>]{4,80}$")
FEWEST_HEADINGS = 2
MOST_WORDS = 8  # of a heading in capitals
LINKED = re.compile(
    r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]{0,200}\]){1,400})\] ?\(<(?P<address>[^<>\s]{1,2000})>\)"
    r"| ?<(?P<bare>https?://[^<>\s]{1,2000})>"
)
BARE_LINE = re.compile(r"^\W*https?://\S+$")
BYLINE = re.compile(r"by \S.{1,80}", re.I)
TITLE = re.compile(r"^(?![a-z]).{4,150}$")
BULLET = re.compile(r"^(?P<indent>\s*)(?:[•‣◦·*]|-(?=\s))\s+(?P<text>\S.*)$")
NUMBERED = re.compile(r"^(?P<indent>\s{0,8})\d{1,2}[.)]\s{1,4}(?P<text>\S.*)$")


def read_text(text: str, where: str, title: str = "") -> Document:
    """Return the document of a plain text, such as the extracted text of a page.

    The first lines may be the date and title, unless the `title` is known. Where an extraction lost a one-word line,
    there is one blank line more than usual; `gap` of the next block counts them.

    A digest of a mailing list has an item for each message.
    """
    if messages := digest.messages_in(text):
        texts = ("\n".join(message.lines) for message in messages)
        return digest.joined(messages, (read_part(part, where, title or "-") for part in texts))
    return read_part(text, where, title)


def read_part(text: str, where: str, title: str) -> Document:
    """Return the document of a plain text that is no digest."""
    blocks: list[Block] = []
    runs: list[list[str]] = []  # lines by block
    blanks = 0
    open_run = False
    indents: list[int] = []  # of the open lists
    lines = text.split("\n")
    notes = notes_in(lines)
    for number, line in enumerate(lines, 1):
        if number - 1 in notes:
            open_run = False
            continue
        if not line.strip():
            blanks, open_run = blanks + 1, False
            continue
        if (marked := MARKED.match(line.rstrip())) and re.search(r"\w", line):
            depth = len(marked["wiki"] or marked["hashes"])
            blocks.append(Block("heading", "", depth, (), number, lost(blanks)))
            runs.append([(marked["text"] or marked["words"]).strip()])
            blanks, open_run = 0, False
            continue
        bullet = BULLET.match(line) or (NUMBERED.match(line) if not open_run or blocks[-1].kind == "bullet" else None)
        if bullet:
            indent = len(bullet["indent"].expandtabs(4))
            indents = [*(outer for outer in indents if outer < indent), indent]
            blocks.append(Block("bullet", "", len(indents), (), number, lost(blanks)))
            runs.append([bullet["text"].strip()])
        elif open_run:
            runs[-1].append(line.strip())
        else:
            blocks.append(Block("paragraph", "", 0, (), number, lost(blanks)))
            runs.append([line.strip()])
        blanks, open_run = 0, True
    addresses = dict(notes.values())
    whole = [
        with_noted_links(with_links(made_of(block, run)), addresses, run[0] if run[1:] else "")
        for block, run in zip(blocks, runs, strict=True)
    ]
    date, title, blocks = (None, title, whole) if title else opening(whole)
    blocks = with_capitals(blocks)
    return Document(tuple(with_bare_links(block) for block in blocks), title=title, date=date, plain=True, where=where)


def made_of(block: Block, lines: list[str]) -> Block:
    """Return a block with its lines as text. An underlined line becomes a heading."""
    if len(lines) > 2 and UNDERLINE.match(lines[0]):
        lines = lines[1:]  # a line above the heading, too
    if len(lines) > 1 and block.kind == "paragraph" and (rule := UNDERLINE.match(lines[1])):
        return replace(block, kind="heading", depth=LEVELS.get(rule[0][0], 3), text=" ".join([lines[0], *lines[2:]]))
    if named := with_address(block, lines):
        return named
    title = (Span(0, len(lines[0]), "line"),) if is_title_line(block, lines) else ()
    return replace(block, text=" ".join(lines), spans=title)


def with_address(block: Block, lines: list[str]) -> Block | None:
    """Return a block whose first line is a title and the second its URL, with a byline below, or None.

    The first line of the block is the title, or everything up to the byline.
    """
    address = BARE_LINE.fullmatch(lines[1]) if len(lines) > 2 else None
    if not address or lines[0].endswith((".", ",", ":", ";", "-")) or not TITLE.match(lines[0]):
        return None
    by = lines[2] if BYLINE.fullmatch(lines[2]) else ""
    if not by and lines[2][0].islower():
        return None
    head = f"{lines[0]} {lines[1]} {by}" if by else lines[0]
    link = Span(0, len(lines[0]), "link", lines[1][lines[1].index("http") :].rstrip(".,;)>"))
    return replace(block, text=" ".join(lines), spans=(Span(0, len(head), "line"), link))


def is_title_line(block: Block, lines: list[str]) -> bool:
    """Return whether the first of several lines is a title: the next begins like a sentence, and would have fitted."""
    if not lines[1:] or not (block.kind == "bullet" or BARE_LINE.match(lines[-1])):
        return False
    width = max(map(len, lines[1:]))
    fitted = len(lines[0]) + 1 + len(lines[1].split()[0]) <= width
    return fitted and not lines[0].endswith((".", ",", ":", ";", "-")) and not lines[1][0].islower()


def with_capitals(blocks: list[Block]) -> list[Block]:
    """Return the blocks with lines in capitals as headings, if there are several headings."""
    found = {i for i, block in enumerate(blocks[:-1]) if is_in_capitals(block)}
    if sum(i in found or block.kind == "heading" for i, block in enumerate(blocks)) < FEWEST_HEADINGS:
        return blocks
    return [replace(block, kind="heading", depth=1) if i in found else block for i, block in enumerate(blocks)]


def is_in_capitals(block: Block) -> bool:
    if block.kind != "paragraph" or block.spans or len(block.text.split()) > MOST_WORDS:
        return False
    return CAPITALS.match(block.text) is not None


def with_links(block: Block) -> Block:
    """Return a block in which URLs in angle brackets become links on the words before them.

    Org and other exporters write "[Title] (<URL>)". In "Title <URL>", the link covers the first words.
    """
    text, at = "", 0
    spans: list[Span] = []
    line = next(iter(block.spans), None)
    for match in LINKED.finditer(block.text):
        url = match["address"] or match["bare"]
        text += block.text[at : match.start()]
        start = len(text)
        text += match["text"] or ""
        if match["text"] is None:
            start = 0 if not spans else len(text)
            text = text.rstrip()
        if line and not spans and line.end <= match.start():
            spans += [line, Span(0, line.end, "link", url)]
        elif start < len(text):
            spans.append(Span(start, len(text), "link", url))
        else:
            text += url
            spans.append(Span(start, len(text), "link", url))
        at = match.end()
    return replace(block, text=text + block.text[at:], spans=tuple(spans)) if spans else block


def lost(blanks: int) -> int:
    return max(0, blanks - 1)


def opening(blocks: list[Block]) -> tuple[datetime | None, str, list[Block]]:
    """Take the date and title from the first lines, if these are a date and a title."""
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
