"""Where sentences end, in prose about code: full stops in versions, names and abbreviations end none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.model import Block, Span

END = re.compile(r"(?P<stop>[.!?…]+[\"'”’)\]]*)(?=\s|$)|(?P<full>[。！？])")
ABBREVIATIONS = frozenset("e.g i.e vs cf wrt etc incl approx resp al mr mrs ms dr st no fig vol dept misc".split())
LAST_WORD = re.compile(r"[\w.]+$")
OPENING, CLOSING = "([{", ")]}"


def ends(text: str, spans: Iterable[Span] = ()) -> list[int]:
    """Return the position after each sentence of `text`; what stands in brackets or in `spans` is not divided."""
    closed = [(span.start, span.end) for span in spans]
    found = []
    for match in END.finditer(text):
        if match["full"] or (ends_sentence(text, match) and not enclosed(text, match.start("stop"), closed)):
            found.append(match.end())
    if not found or text[found[-1] :].strip():
        found.append(len(text))
    return found


def ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match["stop"].startswith("."):
        word = LAST_WORD.search(text, 0, match.start())
        last = word[0].casefold() if word else ""
        after = text[match.end() :].lstrip()[:1]
        if last in ABBREVIATIONS and not (last in ("etc", "al") and after.isupper()):
            return False
        if len(last) == 1 and last.isalpha() and after.isupper():  # an initial, as in "Gustavo A. R. Silva"
            return False
    return True


def enclosed(text: str, at: int, spans: list[tuple[int, int]]) -> bool:
    """Return whether position `at` stands inside a span or inside brackets that are closed after it."""
    if any(start <= at < end - 1 for start, end in spans):
        return True
    depth = 0
    for character in text[:at]:
        depth += (character in OPENING) - (character in CLOSING)
        depth = max(depth, 0)
    return depth > 0 and any(character in CLOSING for character in text[at:])


def first_sentence(block: Block) -> int:
    """Return the position after the first sentence of a block."""
    return ends(block.text, block.spans)[0]


def last_sentence(block: Block) -> int:
    """Return the position at which the last sentence of a block begins."""
    found = ends(block.text, block.spans)
    return found[-2] if len(found) > 1 else 0


def as_title(sentence: str) -> str:
    """Return a sentence without its final full stop or colon; an ellipsis stays."""
    sentence = sentence.strip()
    if sentence.endswith(("..", "…")):
        return sentence
    return sentence.removesuffix(".").removesuffix(":").rstrip()
