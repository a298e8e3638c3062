"""Build a tree of sections from headings, bold lines used as headings, and bullets that label a list."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.dividing import sentences
from indexer.dividing.headings import is_linked
from indexer.dividing.lengths import length
from indexer.model import Block

GROUP_LEVEL = 7  # of a bold line over bold links, below every heading
BOLD_LEVEL = 8
LABEL_LEVEL = 10  # of a bullet that labels a list, plus its depth
MOST_BOLD_WORDS = 16
MOST_LABEL_WORDS = 12
FEWEST_LISTED = 2  # bullets with links that are a list of items
MOST_COMPARED = 20  # blocks of it, or of the text above it
FIELD = re.compile(r"^[^\W\d_]{2,12}: ")  # of an item, such as "Author: Ann Bee"
STRONG_SHARE = 0.9


@dataclass
class Section:
    """A heading (or the issue itself) with its blocks and subsections in reading order."""

    head: Block | None = None
    level: int = 0
    parts: list[Block | Section] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The heading's text, or the text before the colon of a bullet that labels a list."""
        text = self.head.text if self.head else ""
        return text.partition(":")[0].strip() if self.level >= LABEL_LEVEL else text.strip().rstrip(":").strip()

    @property
    def own(self) -> list[Block]:
        """The blocks that are not in a subsection."""
        return [part for part in self.parts if isinstance(part, Block)]

    @property
    def below(self) -> list[Section]:
        """The direct subsections."""
        return [part for part in self.parts if isinstance(part, Section)]

    def blocks(self) -> Iterator[Block]:
        """Yield every block below the heading, including headings, in reading order."""
        for part in self.parts:
            if isinstance(part, Block):
                yield part
                continue
            if part.head:
                yield part.head
            yield from part.blocks()

    def sections(self) -> Iterator[Section]:
        """Yield all subsections at any depth, in reading order."""
        for section in self.below:
            yield section
            yield from section.sections()


def tree(blocks: Sequence[Block]) -> Section:
    """Return an issue as a tree of sections."""
    root = Section()
    path = [root]
    for i, block in enumerate(blocks):
        level = level_of(blocks, i)
        leave(path, block, level)
        if block.ruled and len(path) > 1 and is_told(path[-1]) and lists_links(blocks, i):
            path.pop()
        if level:
            section = Section(block, level)
            path[-1].parts.append(section)
            path.append(section)
        else:
            path[-1].parts.append(block)
    return root


def leave(path: list[Section], block: Block, level: int) -> None:
    """Leave the sections that a block does not belong to.

    A horizontal rule, or a list of other links, ends the section of a bold line; a list's label contains only the
    bullets nested under it.
    """
    while len(path) > 1 and (
        (level and path[-1].level >= level)
        or (path[-1].level > LABEL_LEVEL and not level and block.depth <= path[-1].level - LABEL_LEVEL)
        or (path[-1].level == BOLD_LEVEL and (block.ruled or is_other_list(path, block)))
    ):
        path.pop()


def is_told(section: Section) -> bool:
    """Return whether a heading has only text below it so far, and is a link or has a link in that text."""
    head = section.head
    if head is None or head.kind != "heading" or len(section.parts) > MOST_COMPARED:
        return False
    own = section.own
    if any(block.kind != "paragraph" for block in own):
        return False
    return bool(own) and (is_linked(head) or (head.depth > 1 and any(True for block in own for _ in block.links())))


def lists_links(blocks: Sequence[Block], i: int) -> bool:
    """Return whether a list of several links begins at a block, perhaps below a bold line or one with a colon."""
    if blocks[i].kind == "paragraph" and (is_bold_line(blocks[i]) or blocks[i].text.endswith(":")):
        i += 1
    below = itertools.takewhile(lambda block: block.kind == "bullet" or block.depth, blocks[i : i + MOST_COMPARED])
    listed = [block for block in below if block.kind == "bullet" and block.depth == blocks[i].depth]
    return len(listed) >= FEWEST_LISTED and all(any(block.links()) for block in listed)


def is_other_list(path: Sequence[Section], block: Block) -> bool:
    """Return whether a bullet begins a list of items next to the item whose title is a bold link.

    The list of that item itself is announced by a colon.
    """
    section, above = path[-1], path[-2]
    if block.kind != "bullet" or section.head is None or not opens_with_link(section.head):
        return False
    if not section.own:
        titles = (other for other in above.below if other is not section and other.level == BOLD_LEVEL)
        return opens_with_link(block) and any(other.own and other.own[0].kind == "paragraph" for other in titles)
    last = section.own[-1]
    return last.kind == "paragraph" and not last.text.endswith(":") and opens_with_link(block)


def opens_with_link(block: Block) -> bool:
    """Return whether a block begins with a link, ignoring symbols before it."""
    first = next(block.links(), None)
    return first is not None and not re.search(r"\w", block.text[: first.start])


def level_of(blocks: Sequence[Block], i: int) -> int:
    """Return the level of the section that a block begins, or 0."""
    block = blocks[i]
    if block.kind == "heading":
        return block.depth
    if i + 1 < len(blocks) and (is_bold_line(block) or (is_bold_line(block, "!") and is_among_bold_lines(blocks, i))):
        return GROUP_LEVEL if groups(blocks, i) else BOLD_LEVEL
    return LABEL_LEVEL + block.depth if is_label(blocks, i) else 0


def groups(blocks: Sequence[Block], i: int) -> bool:
    """Return whether a bold line without a link is directly above one that is a link: a section over a title."""
    after = blocks[i + 1]
    titled = is_bold_line(after, "!") or any(span.kind == "line" and span.start == 0 for span in after.spans)
    return not any(blocks[i].links()) and after.kind == "paragraph" and titled and opens_with_link(after)


def is_among_bold_lines(blocks: Sequence[Block], i: int) -> bool:
    """Return whether another block below the same heading is a bold line."""
    start = next((k + 1 for k in range(i, -1, -1) if blocks[k].kind == "heading"), 0)
    end = next((k for k in range(i, len(blocks)) if blocks[k].kind == "heading"), len(blocks))
    return any(k != i and is_bold_line(blocks[k]) for k in range(start, end))


def is_bold_line(block: Block, ending: str = "") -> bool:
    """Return whether a paragraph is one short bold line, used as a heading; it may end with a certain sign."""
    if block.kind != "paragraph" or block.depth or length(block.text) > MOST_BOLD_WORDS:
        return False
    if len(sentences.ends(block.text.rstrip("!"))) > 1:
        return False
    return strong_in(block) >= STRONG_SHARE * len(block.text) and (
        not block.text.endswith((".", "!", ",")) or (bool(ending) and block.text.endswith(ending))
    )


def strong_in(block: Block) -> int:
    return sum(span.end - span.start for span in block.spans if span.kind == "strong")


def is_label(blocks: Sequence[Block], i: int) -> bool:
    """Return whether a bullet without a link labels the list of linked bullets under it."""
    block = blocks[i]
    if block.kind != "bullet" or any(block.links()):
        return False
    if length(block.text) > MOST_LABEL_WORDS or block.text.endswith((".", "?", "!")):
        return False
    below: list[Block] = []
    for other in blocks[i + 1 :]:
        if other.kind == "heading" or other.depth <= block.depth:
            break
        below.append(other)
    if not below or below[0].kind != "bullet":
        return False
    nested = [other for other in below if other.kind == "bullet"]
    if 2 * sum(FIELD.match(other.text) is not None and not opens_with_link(other) for other in nested) >= len(nested):
        return False
    return 2 * sum(any(other.links()) for other in nested) >= len(nested)
