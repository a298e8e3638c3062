"""Find lines that announce a list in many issues, such as "Also in the community:", which are names of sections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from indexer.dividing.headings import folded
from indexer.dividing.lengths import length
from indexer.inferring.findings import Sample
from indexer.model import Block

FEWEST = 3  # issues that must contain the line
HALF = 0.5
SHORTEST, LONGEST = 3, 10  # words of a name; "Links:" belongs to an item


def announces(blocks: Sequence[Block], i: int) -> bool:
    """Return whether a paragraph is a short line without a link that ends with a colon, over a list of links."""
    block = blocks[i]
    if block.kind != "paragraph" or block.depth or any(block.links()) or not block.text.endswith(":"):
        return False
    below = blocks[i + 1] if i + 1 < len(blocks) else None
    listed = below is not None and below.kind == "bullet" and any(below.links())
    return listed and (SHORTEST <= length(block.text) <= LONGEST or block.text.isupper())


def announced_lists(samples: Sequence[Sample]) -> list[str]:
    """Return the lines that announce a list once in at least half of the issues, as names of sections.

    A line that does so more than once belongs to several items, such as "Read more about it:".
    """
    issues: dict[str, list[int]] = defaultdict(list)
    for n, sample in enumerate(samples):
        blocks = sample.document.blocks
        for i in range(len(blocks)):
            if announces(blocks, i):
                issues[folded(blocks[i].text)].append(n)
    fewest = max(FEWEST, HALF * len(samples))
    return [name for name, found in issues.items() if len(found) == len(set(found)) >= fewest]
