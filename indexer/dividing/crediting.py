"""Recognise lists of people to thank, which are no entries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.dividing.authors import is_profile
from indexer.dividing.formulas import names_contributors, thanks
from indexer.model import Block

FEWEST = 3  # profiles that a block lists
MOST_WORDS = 12  # of a block that are not linked
LONGEST = 40  # words of a block in a section that thanks people
WORD = re.compile(r"\w+")


def thanks_people(block: Block, section: str) -> bool:
    """Return whether a block is mainly a list of profiles to thank: "Thanks to [@ann](...), [@ben](...) and ...".

    The name of its section may thank them, too. A block with words but no thanks is news, such as "New maintainers:
    [@ann](...), [@ben](...), [@cyd](...)".
    """
    links = list(block.links())
    if len(links) < FEWEST or not all(is_profile(link.url) for link in links) or unlinked_words(block) > MOST_WORDS:
        return False
    return thanks(f"{section} {block.text}")


def unlinked_words(block: Block) -> int:
    """Count the words of a block outside its links."""
    at, count = 0, 0
    for link in block.links():
        count += len(WORD.findall(block.text[at : link.start]))
        at = max(at, link.end)
    return count + len(WORD.findall(block.text[at:]))


def thanks_contributors(name: str, blocks: Iterable[Block]) -> bool:
    """Return whether a section with this name and these blocks only lists the people who contributed.

    A report about contributors has longer texts, or other headings.
    """
    if not names_contributors(name):
        return False
    return all(
        names_contributors(block.text) if block.kind == "heading" else unlinked_words(block) <= LONGEST
        for block in blocks
    )
