"""Previews in an older form of issues, which repeat the opening between {{preview}} and {{/preview}}."""

from __future__ import annotations

import re
from collections.abc import Iterable

PREVIEW = re.compile(r"\{\{(?P<end>/?)preview\}\}")
WORD = re.compile(r"\w+")

Line = tuple[int, str]


def without_preview(lines: list[Line]) -> list[Line]:
    """Remove the lines between {{preview}} and {{/preview}} that are repeated below, as in older issues."""
    if not any(PREVIEW.search(line) for _, line in lines):
        return lines
    marked: list[tuple[Line, bool]] = []
    inside = False
    for number, line in lines:
        at = 0
        for match in PREVIEW.finditer(line):
            marked.append(((number, line[at : match.start()]), inside))
            inside, at = not match["end"], match.end()
        marked.append(((number, line[at:]), inside))
    again = spaced(line for (_, line), preview in marked if not preview)
    return [line for line, preview in marked if not preview or spaced([line[1]]) not in again]


def spaced(lines: Iterable[str]) -> str:
    """Return the words of some lines, separated and surrounded by single spaces."""
    return f" {' '.join(word for line in lines for word in WORD.findall(line))} "
