"""Find sentence ends in prose about code; full stops in versions, names and abbreviations do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.languages import ENGLISH, LANGUAGES, months_of, plain
from indexer.model import Block, Span

END = re.compile(r"(?<![.!?…])(?P<stop>[.!?…]++[\"'”’)\]]*+)(?=\s|$)|(?P<full>[。！？])")
ABBREVIATIONS = frozenset("e.g i.e vs cf wrt incl approx resp mr mrs ms dr st no fig vol dept misc".split())
CLOSING_ABBREVIATIONS = frozenset("etc al inc ltd corp".split())  # which also end sentences
SHORTCODE = re.compile(r"(?:^|\s):[a-z0-9_+-]{2,40}:$")
MOST_DIGITS = 3  # of a number at the beginning of a text
LAST_DAY = 31
OPENING, CLOSING = "([{（【《「『", ")]}）】》」』"


def ends(text: str, spans: Iterable[Span] = ()) -> list[int]:
    """Return the end of each sentence of `text`; brackets and `spans` are not divided."""
    whole = enclosed(text, spans)
    found = []
    for match in END.finditer(text):
        if not whole[match.start()] and (match["full"] or ends_sentence(text, match)):
            found.append(match.end())
    if not found or text[found[-1] :].strip():
        found.append(len(text))
    return found


def ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match["stop"].startswith("."):
        last = re.split(r"[^\w.]", text[max(0, match.start() - 12) : match.start()])[-1].casefold()
        after = text[match.end() : match.end() + 3].lstrip()[:1]
        if last in ABBREVIATIONS or (last in CLOSING_ABBREVIATIONS and not after.isupper()):
            return False
        if last.isdecimal() and len(last) <= MOST_DIGITS:  # "3. Oktober"
            dated = int(last) <= LAST_DAY and is_month(text[match.end() :])
            if dated or match.start() == len(last):
                return False
        if len(last) == 1 and last.isalpha() and after.isupper():  # an initial, as in "Gustavo A. R. Silva"
            return False
    return True


def is_month(after: str) -> bool:
    """Return whether the name of a month follows, in a language other than English, which has no point after a day."""
    word = re.match(r"^\s*+([^\W\d_]+)", after)
    return word is not None and plain(word[1]) in months_of(LANGUAGES.keys() - {ENGLISH})


def enclosed(text: str, spans: Iterable[Span]) -> bytearray:
    """Return, for each position, whether it is inside a span or a closed pair of brackets."""
    inside = bytearray(len(text) + 1)
    for span in spans:
        inside[span.start : max(span.start, span.end - 1)] = b"\1" * max(0, span.end - 1 - span.start)
    opened: list[int] = []
    for at, character in enumerate(text):
        if character in OPENING:
            opened.append(at)
        elif character in CLOSING and opened:
            start = opened.pop()
            if not opened:
                inside[start:at] = b"\1" * (at - start)
    return inside


def first_sentence(block: Block) -> int:
    """Return the end of the first sentence of a block."""
    return ends(block.text, block.spans)[0]


def last_sentence(block: Block) -> int:
    """Return the start of the last sentence of a block."""
    found = ends(block.text, block.spans)
    return found[-2] if len(found) > 1 else 0


def as_title(sentence: str) -> str:
    """Return a sentence without its final full stop or colon; an ellipsis stays, and a sign such as ":tada:"."""
    sentence = sentence.strip()
    if sentence.endswith(("..", "…")) or SHORTCODE.search(sentence):
        return sentence
    return sentence.removesuffix(".").removesuffix("。").removesuffix(":").rstrip()
