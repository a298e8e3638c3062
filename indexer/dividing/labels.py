"""Find bold labels inside the items of an issue, such as "Why it matters:", which are neither titles nor sections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from indexer.dividing.bold import bold_lead
from indexer.dividing.contents import key
from indexer.dividing.tree import is_bold_line, lists_links
from indexer.model import Block

FEWEST = 3  # headings that have the label below them


def without_labels(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the bold labels that repeat below different headings as plain text.

    A bold line over a list of links is a section, and a bold link is a title.
    """
    labels: dict[str, list[int]] = defaultdict(list)
    heading = sections = 0
    lists = set()
    for i, block in enumerate(blocks):
        if block.kind == "heading":
            heading = i + 1
            sections += 1
        if lead := lead_of(block):
            labels[lead].append(heading)
            if any(block.links()) and next(block.links()).start < len(lead):
                lists.add(lead)
            if i + 1 < len(blocks) and is_bold_line(block) and lists_links(blocks, i + 1):
                lists.add(lead)
    if sections < FEWEST:
        return [*blocks]
    again = {lead for lead, found in labels.items() if len(set(found)) == len(found) >= FEWEST and lead not in lists}
    return [plain(block) if again and lead_of(block) in again else block for block in blocks]


def lead_of(block: Block) -> str:
    """Return the words of the bold lead of a paragraph, "" if it has none."""
    lead = bold_lead(block) if block.kind == "paragraph" and not block.depth else None
    return key(block.text[slice(*lead)]) if lead else ""


def plain(block: Block) -> Block:
    """Return a block without bold words."""
    return replace(block, spans=tuple(span for span in block.spans if span.kind != "strong"))
