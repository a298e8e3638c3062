"""Issues whose items are separate files: join them into one text, each below a line with its name, and read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from pathlib import PurePosixPath

from indexer.errors import BackissueError, UnreadableSource
from indexer.model import Block, Document, Problem, Span

SUFFIX = ".items"
MARK = "%%% item file: "
FILE = re.compile(rf"^{re.escape(MARK)}(?P<name>.+)$", re.M)
# A folder's introduction, which is not an item itself.
INTRODUCTION = re.compile(r"^(?:\d+[-_. ])?_?(?:index|header|readme|intro(?:duction)?)$", re.I)
ORDER = re.compile(r"^\d+[-_. ]+(?=\D)")
SECTION_LEVEL = 2
DEEPEST_HEADING = 6

Read = Callable[[bytes, str], Sequence[Document]]


def joined(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Join the files of an issue, given as paths in the issue's folder with their contents, into one text."""
    return b"".join(MARK.encode() + name.encode() + b"\n" + raw.rstrip(b"\n") + b"\n" for name, raw in files)


def is_joined(raw: bytes) -> bool:
    return raw.startswith(MARK.encode())


def files_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each joined file."""
    found = list(FILE.finditer(text))
    for match, after in zip_longest(found, found[1:]):
        yield match["name"].strip(), text[match.end() + 1 : after.start() if after else len(text)]


def read_items(text: str, where: str, read: Read) -> Document:
    """Return the document of an issue of joined files. Folders become sections, files become items.

    Raises `UnreadableSource` if no file can be read.
    """
    blocks: list[Block] = []
    heads: list[int] = []
    problems: list[Problem] = []
    said = Document(())
    section: tuple[str, ...] = ()
    days: list[datetime] = []
    for name, content in files_of(text):
        path = PurePosixPath(name)
        try:
            document = read(content.encode(), path.name)[0]
        except BackissueError as error:
            problems.append(Problem(where, 0, f"The item {name} was left out: {error}"))
            continue
        introduces = INTRODUCTION.match(path.stem) is not None
        blocks += sections_between(section, path.parts[:-1], document if introduces else None)
        section = path.parts[:-1]
        if introduces:
            said = said if section else document
            blocks += [block for block in document.blocks if block.kind != "heading"]
            continue
        heads.append(len(blocks))
        blocks += item(document, path.stem, SECTION_LEVEL + len(section))
        problems += document.problems
        days += [document.date] if document.date else []
    if not heads:
        raise UnreadableSource(f"{where}: None of the issue's items could be read.")
    return replace(
        said,
        date=said.date or max(days, default=None),
        blocks=tuple(blocks),
        heads=tuple(heads),
        where=where,
        problems=tuple(problems),
        original_lines=(),
    )


def sections_between(before: Sequence[str], now: Sequence[str], introduction: Document | None) -> Iterator[Block]:
    """Yield a heading for each folder that begins. The innermost takes its title from its introduction."""
    shared = next((i for i, (one, other) in enumerate(zip_longest(before, now)) if one != other), len(now))
    for level, name in enumerate(now[shared:], shared):
        given = title_of(introduction) if introduction else ""
        innermost = level == len(now) - 1
        yield Block("heading", given if innermost and given else in_words(name), SECTION_LEVEL + level)


def title_of(introduction: Document) -> str:
    """Return the title of a folder: the first heading of its introduction, or the last if nothing is below that."""
    found = [block for block in introduction.blocks if block.kind == "heading"]
    return (found[-1] if found and introduction.blocks[-1] is found[-1] else found[0]).text if found else ""


def item(document: Document, stem: str, level: int) -> list[Block]:
    """Return an item's heading, made from its title or file name if it has none, and the blocks below it."""
    headings = [block for block in document.blocks if block.kind == "heading"]
    topmost = min((block.depth for block in headings), default=1)
    first = headings[0] if headings else None
    if first and first.depth == topmost and (document.blocks[0] is first or len(headings) == 1):
        head = first
    else:
        head, topmost = Block("heading", document.title or in_words(stem)), topmost - 1
    if document.page.startswith(("https://", "http://")) and not any(head.links()):  # what the item is about
        head = replace(head, spans=(*head.spans, Span(0, len(head.text), "link", document.page)))
    lowered = (
        replace(block, depth=min(DEEPEST_HEADING, level + max(1, block.depth - topmost)))
        if block.kind == "heading"
        else block
        for block in document.blocks
        if block is not head
    )
    return [replace(head, depth=level), *lowered]


def in_words(name: str) -> str:
    """Turn the name of a folder or file into words, without its ordering number: "2-new_guides" is "New guides"."""
    words = " ".join(re.split(r"[-_ ]+", ORDER.sub("", name))).strip() or name
    return words[:1].upper() + words[1:]
