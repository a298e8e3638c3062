"""Which headings are titles of items and which group them, and where plain text has lost its headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.model import Block, Document, Newsletter

MOST_TITLE_WORDS = 22
LINKED_SHARE = 0.5


def folded(name: str) -> str:
    """Return a section name as newsletters.toml writes it: lower case, without punctuation at its ends."""
    return " ".join(name.casefold().split()).strip(" .:;!-–…")


def section_kind(newsletter: Newsletter, name: str) -> str | None:
    """Return the kind of the items of a section, None where its name does not tell."""
    return newsletter.sections.get(folded(name))


def is_known_section(newsletter: Newsletter, name: str) -> bool:
    return folded(name) in newsletter.sections or folded(name) in newsletter.groups


def is_linked(block: Block) -> bool:
    """Return whether links make up most of a block's text."""
    linked = sum(span.end - span.start for span in block.links())
    return linked >= LINKED_SHARE * len(block.text)


def items_among(blocks: Sequence[Block], newsletter: Newsletter) -> frozenset[int]:
    """Return the positions of the headings that are titles of items.

    A heading is an item where it is a link and no known section name, or where a heading at its level
    in the same section is such an item.
    """
    linked = {
        i
        for i, block in enumerate(blocks)
        if block.kind == "heading" and is_linked(block) and not is_known_section(newsletter, block.text)
    }
    found = set(linked)
    for siblings in groups_of(blocks):
        if any(i in linked for i in siblings):
            found.update(i for i in siblings if not is_known_section(newsletter, blocks[i].text))
    return frozenset(found)


def groups_of(blocks: Sequence[Block]) -> list[list[int]]:
    """Return the positions of headings, in groups that share their level and the heading above them."""
    groups: dict[tuple[int, int], list[int]] = {}
    above: list[int] = []
    for i, block in enumerate(blocks):
        if block.kind != "heading":
            continue
        while above and blocks[above[-1]].depth >= block.depth:
            above.pop()
        groups.setdefault((block.depth, above[-1] if above else -1), []).append(i)
        above.append(i)
    return list(groups.values())


def with_headings(document: Document, newsletter: Newsletter) -> Document:
    """Return a plain-text document whose title lines are headings again; any other document as it is.

    A known section name is a grouping heading. After the lead, a line that does not end as a sentence
    does, with prose after it, is an item's title. The lead ends with the first of either behind a gap.
    """
    if not document.plain:
        return document
    blocks = list(document.blocks)
    in_lead = True
    for i, block in enumerate(blocks):
        if block.kind != "paragraph":
            continue
        if is_known_section(newsletter, block.text):
            blocks[i] = replace(block, kind="heading", depth=2)
            in_lead = False
        elif looks_like_title(block) and followed_by_prose(blocks, i) and (not in_lead or block.gap):
            blocks[i] = replace(block, kind="heading", depth=4)
            in_lead = False
    return replace(document, blocks=tuple(blocks))


def looks_like_title(block: Block) -> bool:
    text = block.text.rstrip()
    if len(text.split()) > MOST_TITLE_WORDS or text.endswith((":", ";", ",")):
        return False
    return not text.endswith((".", "!", ")")) or text.endswith("..") or (text.endswith(")") and ". " not in text)


def followed_by_prose(blocks: Sequence[Block], i: int) -> bool:
    after = blocks[i + 1] if i + 1 < len(blocks) else None
    return after is not None and after.kind == "paragraph" and not after.gap
