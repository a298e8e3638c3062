"""Decide which headings are titles of items and which group items."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.model import Block, Newsletter

LINKED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Outline:
    """The blocks of an issue with their roles, by position.

    `items` are headings that are titles of items, `untitled` first blocks of items without a title, and `implied`
    sections that begin at a block without a heading.
    """

    blocks: tuple[Block, ...]
    items: frozenset[int]
    untitled: Collection[int] = ()
    implied: Mapping[int, str] = field(default_factory=dict)


def outline(blocks: Sequence[Block], newsletter: Newsletter) -> Outline:
    """Return the outline of an issue with original headings."""
    return Outline(tuple(blocks), items_among(blocks, newsletter))


def folded(name: str) -> str:
    """Return a section name as in a newsletter's table: lower case, without punctuation at its ends."""
    return " ".join(name.casefold().split()).strip(" .:;!-–…")


def section_kind(newsletter: Newsletter, name: str) -> str | None:
    """Return the kind of the items of a section, or None if the table does not say."""
    return newsletter.sections.get(folded(name))


def is_known_section(newsletter: Newsletter, name: str) -> bool:
    return folded(name) in newsletter.sections or folded(name) in newsletter.groups


def is_linked(block: Block) -> bool:
    """Return whether links make up most of a block's text, or end it as "↗" or "(website)".

    Links to places in the same issue do not count.
    """
    if block.kind == "heading" and heading_text(block) != block.text:
        return True
    linked = sum(span.end - span.start for span in block.links() if not span.url.startswith("#"))
    return linked >= LINKED_SHARE * len(block.text)


def heading_text(block: Block) -> str:
    """Return the text of a heading without a link at its end that is no part of the title: "↗", "(website)"."""
    last = next(iter([*block.links()][-1:]), None)
    if last is None or block.text[last.end :].strip(" )]") or not block.text[: last.start].strip(" (["):
        return block.text
    linked = block.text[last.start : last.end]
    before = block.text[: last.start].rstrip()
    if not re.search(r"\w", linked) or (before.endswith(("(", "[")) and len(linked.split()) == 1):
        return before.rstrip(" ([")
    return block.text


def items_among(blocks: Sequence[Block], newsletter: Newsletter) -> frozenset[int]:
    """Return the positions of the headings that are titles of items.

    A heading is an item if it is a link and not a known section name, or if a heading at its level
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
    """Group the positions of headings by level and parent heading."""
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
