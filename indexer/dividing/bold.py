"""Bold leads: bold words at the beginning of a bullet or paragraph, which are its title."""

from __future__ import annotations

from indexer.dividing.lengths import length
from indexer.model import Block

MOST_WORDS = 30
EDGES = " :.,;–—-"


def bold_lead(block: Block) -> tuple[int, int] | None:
    """Return the range of a block's bold lead, or None.

    The bold words are the whole block, or are followed by a colon, a dash, a full stop or a byline.
    """
    for span in block.spans:
        if span.kind != "strong" or block.text[: span.start].strip():
            continue
        words, after = block.text[span.start : span.end], block.text[span.end :].lstrip()
        if length(words) > MOST_WORDS:
            return None
        parted = words.rstrip().endswith((":", ".", "!", "?", "–", "—")) or not after or after[0] in ":.–—-|(：（"
        parted = parted or after.startswith(("by ", "von ", "par ", "por "))
        parted = parted or any(line.kind == "line" and line.end == span.end for line in block.spans)
        return (span.start, span.start + len(words.rstrip(EDGES))) if parted and words.strip(EDGES) else None
    return None
