"""Recognise definition lists in Markdown: a short line, and below it its description after a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence

DESCRIPTION = re.compile(r"^ {0,3}:[ \t]{1,4}\S")
MOST_WORDS = 16  # of a term


def has_definition_lists(lines: Sequence[str]) -> bool:
    """Return whether every line that begins with a colon describes a term, and there is one.

    A line of a wrapped paragraph may begin with a colon, too.
    """
    found = [i for i, line in enumerate(lines) if DESCRIPTION.match(line)]
    return bool(found) and all(describes(lines, i) for i in found)


def describes(lines: Sequence[str], i: int) -> bool:
    """Return whether a line that begins with a colon follows a term, another description, or an empty line."""
    term = lines[i - 1] if i else ""
    if not term.strip() or DESCRIPTION.match(term) or term.startswith("    "):
        return i > 0
    alone = i == 1 or not lines[i - 2].strip() or DESCRIPTION.match(lines[i - 2]) or lines[i - 2].startswith("    ")
    return bool(alone) and len(term.split()) <= MOST_WORDS and not term.rstrip().endswith((".", ",", ";"))
