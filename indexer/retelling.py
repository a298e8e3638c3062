"""Make the frame of a retold issue from an original: its facts in Markdown, with placeholders for new prose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from indexer.annotating.fragments import Directive
from indexer.model import Block, Entry, Issue, Piece

PROSE = "…"
SPECIAL = re.compile(r"[\\*`<]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
FRONT_MATTER = """---
newsletter: {newsletter}
number: {number}
title: {title}{date}
edition: retold
original_lines: [{lines}]{fragments}
---"""


def frame(issue: Issue) -> str:
    """Return the Markdown of an issue with its facts: front matter, headings, links, patches, and … for prose."""
    return "\n".join([front_matter(issue), "", *body(issue), ""])


def front_matter(issue: Issue) -> str:
    """Return the front matter of a retold issue, including the source lines of its entries in the original."""
    special = [f"\n  {n}: {directive}" for n, directive in special_fragments(issue)]
    return FRONT_MATTER.format(
        newsletter=issue.newsletter,
        number=issue.label,
        title=json.dumps(issue.title, ensure_ascii=False),
        date=f"\ndate: {issue.date:%Y-%m-%dT%H:%M:%SZ}" if issue.date else "",
        lines=", ".join(str(entry.line) for entry in issue.entries),
        fragments="".join(["\noriginal_fragments:", *special]) if special else "",
    )


def special_fragments(issue: Issue) -> Iterator[tuple[int, str]]:
    """Yield the position and text directive of each entry for which the locator is not enough."""
    for entry in issue.entries:
        directive = (entry.original_url or "").partition("#:~:")[2]
        if directive and directive != Directive(entry.locator).encoded():
            yield entry.n, directive


def body(issue: Issue) -> Iterator[str]:
    """Yield the lines of the sections and entries."""
    section: tuple[str, ...] = ()
    in_list = False
    for entry, piece in zip(issue.entries, issue.division.pieces, strict=True):
        if entry.section != section:
            yield from headings(section, entry.section, announced=piece.role == "bullet")
            section, in_list = entry.section, False
        is_bullet = piece.role in ("bullet", "patch")
        if not is_bullet or not in_list:
            yield ""
        yield from lines_of(entry, piece, issue)
        in_list = is_bullet


def headings(before: tuple[str, ...], after: tuple[str, ...], *, announced: bool) -> Iterator[str]:
    """Yield the headings between one section and the next; a list's introduction becomes a paragraph."""
    shared = 0
    while before[shared : shared + 1] == after[shared : shared + 1] and shared < len(after):
        shared += 1
    for level, name in enumerate(after[shared:], shared):
        yield ""
        yield escaped(name) if announced and level == len(after) - 1 else f"{'#' * (level + 2)} {escaped(name)}"


def lines_of(entry: Entry, piece: Piece, issue: Issue) -> Iterator[str]:
    """Yield the lines of one entry."""
    if piece.role == "patch":
        yield patch(entry, piece, issue)
    elif piece.role == "bullet":
        yield f"- {opening(entry, piece)}"
    elif piece.role == "item":
        title = escaped(entry.title)
        yield from (f"#### [{title}]({entry.url})" if entry.url else f"#### {title}", "", PROSE)
    elif piece.role == "note" and piece.head is not None:
        yield from (f"## [{escaped(piece.head.text)}]({entry.url})", "", f"> {opening(entry, piece)}")
    else:
        yield f"{'> ' if piece.role == 'change' else ''}{opening(entry, piece)}"


def opening(entry: Entry, piece: Piece) -> str:
    """Return the words that an entry keeps and a placeholder for prose; a linked title is a fact and stays."""
    link = next(piece.blocks[0].links(), None)
    if entry.locator != entry.title:
        return f"{escaped(entry.locator)} {PROSE}"
    whole = link is not None and piece.blocks[0].text[link.start : link.end] == entry.title
    return f"[{escaped(entry.title)}]({entry.url})" if whole else escaped(entry.title)


def patch(entry: Entry, piece: Piece, issue: Issue) -> str:
    """Return the bullet of a patch, nested under its cover, with its author unless the cover has the same."""
    of = {each.id: each for each in issue.entries}
    parent = of.get(entry.parent or "")
    depth, above = 0, parent
    while above is not None:
        depth, above = depth + 1, of.get(above.parent or "")
    first = piece.blocks[0]
    start = first.text.index(entry.title)
    subject = marked_up(first.slice(start, start + len(entry.title)))
    author = f"{entry.author}, " if entry.author and (parent is None or parent.author != entry.author) else ""
    return f"{'  ' * depth}- {author}" + (f"[{subject}]({entry.url})" if entry.url else subject)


def marked_up(block: Block) -> str:
    """Return the text of a block as Markdown with code spans, without links."""
    out, at = "", 0
    for span in block.spans:
        if span.kind == "code":
            out += f"{escaped(block.text[at : span.start])}`{block.text[span.start : span.end]}`"
            at = span.end
    return out + escaped(block.text[at:])


def escaped(text: str) -> str:
    """Escape a text so that Markdown renders it unchanged."""
    return SPECIAL.sub(lambda match: "\\" + match[0], text)
