"""Find the messages of a digest of a mailing list in plain text (RFC 1153)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr

from indexer.model import Block, Document

SEPARATOR = re.compile(r"-{30,80}\s*")
HEADER = re.compile(r"(?P<name>[A-Z][A-Za-z-]{1,40}): ?(?P<value>.*)")
FOOTER = "Digest Footer"  # the subject of the last part of a digest by Mailman
FEWEST = 2  # messages of a digest
MOST_HEADER_LINES = 100
DEEPEST = 6


@dataclass
class Message:
    """A message of a digest, or the text before the first: its headers in lower case and its lines."""

    line: int
    headers: dict[str, str]
    lines: list[str]


def messages_in(text: str) -> list[Message]:
    """Return the text before the first message and the messages of a digest, or nothing for another text."""
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if SEPARATOR.fullmatch(line) and "subject" in headers(lines, i + 1)]
    if len(starts) < FEWEST:
        return []
    found = [Message(0, {}, lines[: starts[0]])]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found.append(Message(start + 1, headers(lines, start + 1), lines[start + 1 : end]))
    for message in found[1:]:
        begin = next(i for i, line in enumerate(message.lines) if line.strip())
        body = next((i for i, line in enumerate(message.lines) if i > begin and not line.strip()), len(message.lines))
        message.lines, message.line = message.lines[body:], message.line + body
    return found


def headers(lines: Sequence[str], start: int) -> dict[str, str]:
    """Return the headers of a message that begins below a separator and perhaps an empty line, or nothing."""
    found: dict[str, str] = {}
    name = ""
    start += start < len(lines) and not lines[start].strip()
    for line in lines[start : start + MOST_HEADER_LINES]:
        if not line.strip():
            break
        if name and line[0] in " \t":
            found[name] += f" {line.strip()}"
        elif match := HEADER.fullmatch(line):
            name = match["name"].lower()
            found[name] = match["value"].strip()
        else:
            return {}
    return found


def joined(messages: Sequence[Message], documents: Iterator[Document]) -> Document:
    """Return a digest as one document: each message is an item with its subject as heading, and its own headings below.

    `documents` are the texts of the messages, as read.
    """
    before = next(documents)
    blocks, heads = [*before.blocks], []
    for message, document in zip(messages[1:], documents, strict=True):
        subject = message.headers["subject"] or "(no subject)"
        if subject != FOOTER:
            heads.append(len(blocks))
        blocks.append(Block("heading", subject, 1, line=message.line))
        sender, address = parseaddr(message.headers.get("from", ""))
        if sender or address:
            blocks.append(Block("paragraph", f"From: {sender}" if sender else f"From <{address}>", line=message.line))
        blocks += (lower(block, message.line) for block in document.blocks)
    return replace(before, blocks=tuple(blocks), heads=tuple(heads))


def lower(block: Block, line: int) -> Block:
    """Return a block of a message, with its line in the digest. Headings are one level lower."""
    deeper = min(DEEPEST, block.depth + 1) if block.kind == "heading" else block.depth
    return replace(block, depth=deeper, line=block.line + line)
