"""Infer the shape of a section: items under headings, bullets, paragraphs, table rows, or one item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.dividing.authors import credited, linked_author, reporter_in
from indexer.dividing.bold import bold_lead
from indexer.dividing.formulas import is_listing
from indexer.dividing.headings import folded, is_known_section, is_linked
from indexer.dividing.lengths import length
from indexer.dividing.signing import signed_below
from indexer.dividing.title_lines import title_lines
from indexer.dividing.tree import BOLD_LEVEL, LABEL_LEVEL, Section
from indexer.model import Block, Newsletter

MANY = 0.6  # share of siblings, bullets or paragraphs that decides for all
FEWEST_SIBLINGS = 3
PROSE_WORDS = 30
LONG_LIST = 3  # minimum bullets per paragraph for a list with an introduction
TITLE_WORDS = 4  # minimum for a heading without content to be a title
LINKED_PARAGRAPHS = 0.7
MOST_REFERENCES = 6
REFERENCE_WORDS = 3
FEWEST_LINES = 2
MOST_MORE = 2  # paragraphs of links to more, below a text


@dataclass(frozen=True, slots=True)
class Makeup:
    """The blocks of a section by type: bullets of the outermost list, paragraphs, and table rows with links."""

    bullets: tuple[Block, ...]
    paragraphs: tuple[Block, ...]
    rows: tuple[Block, ...]
    bullet_first: bool

    @property
    def linked_bullets(self) -> float:
        """The share of bullets with a link."""
        return share(self.bullets)

    @property
    def linked_paragraphs(self) -> float:
        """The share of paragraphs with a link."""
        return share(self.paragraphs)

    @property
    def bold_bullets(self) -> float:
        """The share of bullets that begin with a bold lead, if there are several."""
        bold = sum(bool(bold_lead(block)) for block in self.bullets)
        return bold / len(self.bullets) if len(self.bullets) > 1 else 0.0

    @property
    def bold(self) -> int:
        """The number of paragraphs that begin with a bold title."""
        return len(bold_titles(self.paragraphs))


def bold_titles(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs that begin with a bold title, without bold labels inside their texts.

    If there are bold lines over texts, only these are titles: "What they did: ..." is a label. So is a bold lead that
    occurs more than once, such as "Why this matters: ...".
    """
    if len(lines := bold_lines(blocks)) >= FEWEST_LINES:
        return lines
    leads = [(block, lead) for block in blocks if block.kind == "paragraph" and (lead := bold_lead(block))]
    again = Counter(block.text[start:end] for block, (start, end) in leads)
    return [block for block, (start, end) in leads if again[block.text[start:end]] == 1]


def bold_lines(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs that begin with a bold line over a text."""
    return [
        block
        for block in blocks
        if block.kind == "paragraph" and bold_lead(block) and any(span.kind == "line" for span in block.spans)
    ]


def share(blocks: Sequence[Block]) -> float:
    linked = sum(any(span.kind in ("link", "missing") for span in block.spans) for block in blocks)
    return linked / len(blocks) if blocks else 0.0


def makeup(blocks: Sequence[Block]) -> Makeup:
    """Return the blocks of a section by type."""
    bullets = [block for block in blocks if block.kind == "bullet"]
    outermost = min((block.depth for block in bullets), default=0)
    return Makeup(
        bullets=tuple(block for block in bullets if block.depth == outermost),
        paragraphs=tuple(block for block in blocks if is_text(block) and block.depth < max(1, outermost)),
        rows=tuple(block for block in blocks if block.kind == "row" and any(block.links())),
        bullet_first=bool(blocks) and blocks[0].kind == "bullet",
    )


def is_text(block: Block) -> bool:
    """Return whether a block is a paragraph with words; one of symbols only decides no shape."""
    return block.kind == "paragraph" and re.search(r"\w", block.text) is not None


def items_among(root: Section, newsletter: Newsletter) -> set[int]:
    """Return the ids of the sections that are items: a heading with everything below it."""
    surely = {id(section) for section in root.sections() if is_item(section, newsletter)}
    signed = (section for above in (root, *root.sections()) for section in signed_below(above))
    surely |= {id(section) for section in signed if not is_known_section(newsletter, section.name)}
    surely -= {id(section) for above in (root, *root.sections()) for section in reports_below(above)}
    levels = {section.level for section in root.sections()}
    item_levels = {level for level in levels if holds_items(root, level, surely)}
    found: set[int] = set()
    mark(root, newsletter, surely, item_levels, found)
    return found


def holds_items(root: Section, level: int, surely: set[int]) -> bool:
    """Return whether most headings of a level are titles of items."""
    there = [section for section in root.sections() if section.level == level]
    items = sum(id(section) in surely for section in there)
    return items >= max(FEWEST_SIBLINGS, MANY * len(there))


def mark(section: Section, newsletter: Newsletter, surely: set[int], item_levels: set[int], found: set[int]) -> None:
    """Mark the items directly below a section, then those in its other subsections."""
    for child in section.below:
        if id(child) in surely or (child.level in item_levels and may_be_item(child, newsletter)):
            found.add(id(child))
        else:
            mark(child, newsletter, surely, item_levels, found)


def announced_apart(section: Section, newsletter: Newsletter) -> tuple[Section, Section | None]:
    """Return an item without the list that a known line announces at its end, "In other news:", and that list."""
    for i, part in enumerate(section.own):
        after = section.parts[i + 1 : i + 2]
        listed = bool(after) and isinstance(after[0], Block) and after[0].kind == "bullet"
        if listed and part.kind == "paragraph" and part.text.endswith(":") and is_known_section(newsletter, part.text):
            rest = Section(part, section.level, section.parts[i + 1 :])
            return Section(section.head, section.level, section.parts[:i]), rest
        if section.parts[i] is not part:
            break
    return section, None


def is_item(section: Section, newsletter: Newsletter) -> bool:
    """Return whether a heading by itself looks like the title of an item."""
    declared = newsletter.shapes.get(folded(section.name))
    if declared or section.head is None:
        return declared == "item"
    if is_known_section(newsletter, section.name) or section.level > LABEL_LEVEL:
        return False
    section, _ = announced_apart(section, newsletter)
    has = makeup(section.own)
    leads = max(has.linked_bullets, has.bold_bullets)
    listed = bool(has.rows) or (leads >= MANY and len(has.bullets) >= max(1, len(has.paragraphs)))
    listed = listed and not ends_with_references(section.own)
    if section.head and is_linked(section.head):
        if section.level == BOLD_LEVEL and has.paragraphs and not has.bullet_first:
            return True
        return not listed and not any(is_linked(child.head) for child in section.below if child.head)
    if is_interview(section, has) or is_report(section):
        return True
    if section.below or listed:
        return False
    if not section.own:
        return section.level < BOLD_LEVEL and length(section.name) >= TITLE_WORDS
    return is_prose(has) and not title_lines(section.own) and not (is_listing(section.name) and share(section.own))


def is_interview(section: Section, has: Makeup) -> bool:
    """Return whether a section consists of questions (bullets or headings without links) with answers below them."""
    heads = [child.head for child in section.below if child.head]
    questions = heads or list(has.bullets)
    asked = [block for block in questions if block.text.rstrip().endswith("?") and not any(block.links())]
    answered = section.below or len(section.own) >= 2 * len(questions)
    return len(asked) >= max(FEWEST_SIBLINGS, MANY * len(questions)) and bool(answered)


def is_report(section: Section) -> bool:
    """Return whether the first heading below a heading says who reports: "Ann Bee announced"."""
    head = section.below[0].head if section.below else None
    return head is not None and not is_linked(head) and reporter_in(head) is not None


def reports_below(above: Section) -> list[Section]:
    """Return the subsections with a report that are sections, because others beside them have items with a heading."""
    beside = [section for section in above.below if section.head and not is_linked(section.head)]
    groups = {
        section.level for section in beside if any(child.head and is_linked(child.head) for child in section.below)
    }
    return [section for section in beside if section.level in groups and begins_with_report(section.parts)]


def begins_with_report(parts: Sequence[Block | Section]) -> bool:
    """Return whether a section begins with a line that says who reports, and a quotation: "Ann Bee announces"."""
    blocks = [part for part in parts[:2] if isinstance(part, Block)]
    kinds = [block.kind for block in blocks]
    return kinds == ["paragraph", "quote"] and bool(reporter_in(blocks[0]) or linked_author(blocks[0]))


def ends_with_references(blocks: Sequence[Block]) -> bool:
    """Return whether prose ends with a few bare links that belong to it, such as "Source" and "Discussion"."""
    count = next((i for i, block in enumerate(reversed(blocks)) if block.kind != "bullet"), len(blocks))
    prose, bullets = blocks[: len(blocks) - count], blocks[len(blocks) - count :]
    if not prose or not 0 < count <= MOST_REFERENCES or prose[-1].text.endswith(":"):
        return False
    return all(length(block.text) <= REFERENCE_WORDS and is_whole_link(block) for block in bullets)


def is_reference(block: Block) -> bool:
    """Return whether a paragraph is only a few links to more, such as "Full story (comments: 2)"."""
    return length(block.text) <= REFERENCE_WORDS + 1 and is_linked(block)


def is_whole_link(block: Block) -> bool:
    return any(span.end - span.start == len(block.text) for span in block.links())


def is_prose(has: Makeup) -> bool:
    """Return whether a section without subheadings is one text rather than a list of items."""
    if not has.paragraphs:
        return not has.bullets
    first, *rest = has.paragraphs
    if not has.bullets and rest and len(rest) <= MOST_MORE and all(map(is_reference, rest)) and not is_reference(first):
        return True
    if sum(credited(block) is not None for block in has.paragraphs) >= MANY * len(has.paragraphs):
        return False
    if has.bullet_first:
        return max(has.linked_bullets, has.bold_bullets) < MANY
    listed = has.linked_paragraphs >= LINKED_PARAGRAPHS or 2 * has.bold >= len(has.paragraphs)
    listed = listed or len(bold_lines(has.paragraphs)) >= FEWEST_LINES
    return len(has.paragraphs) == 1 or not listed


def may_be_item(section: Section, newsletter: Newsletter) -> bool:
    """Return whether a heading among items can be an item, too: it does not mainly contain a list of links."""
    if section.head is None or is_known_section(newsletter, section.name):
        return False
    if newsletter.shapes.get(folded(section.name), "item") != "item":
        return False
    section, _ = announced_apart(section, newsletter)
    has = makeup(section.own)
    words = sum(length(block.text) for block in section.own)
    if ends_with_references(section.own):
        return True
    listed = has.bullets and has.linked_bullets >= MANY and len(has.bullets) >= 2 * len(has.paragraphs)
    return words >= PROSE_WORDS and not listed and not is_listing(section.name) and not title_lines(section.own)


def shape_of(section: Section, newsletter: Newsletter) -> str:
    """Return the shape of a section's own blocks: bullets, paragraphs (each an item), or item (all one item)."""
    declared = newsletter.shapes.get(folded(section.name)) or newsletter.shapes.get("*")
    if declared:
        return declared
    if title_lines(section.own):
        return "paragraphs"
    has = makeup(section.own)
    if has.bullets:
        many = len(has.bullets) >= LONG_LIST * len(has.paragraphs)
        listed = has.bullet_first or many or has.linked_bullets >= MANY
        return "bullets" if listed else "paragraphs"
    if has.rows:
        return "bullets"
    if begins_with_report(section.own) or not is_prose(has):
        return "paragraphs"
    if has.bold > 1 or (len(has.paragraphs) > 1 and has.linked_paragraphs >= LINKED_PARAGRAPHS):
        return "paragraphs"
    return "item"
