"""Remove characters that a terminal or browser would interpret as commands or not show."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.controls import BIDI, CONTROLS, SURROGATES
from indexer.formats.bounds import few
from indexer.model import Block, Document, Problem, Span
from indexer.values import is_url

WITHOUT_WIDTH = (0x00AD, 0x200B, 0x2060, 0xFEFF)  # break hints that are invisible, but make equal words differ
TABLE: dict[int, str | None] = dict.fromkeys((*CONTROLS, *BIDI, *WITHOUT_WIDTH))
TABLE |= dict.fromkeys((0x0B, 0x0C, 0x85), " ") | dict.fromkeys(SURROGATES, "\ufffd")
DIRTY = re.compile(f"[{''.join(re.escape(chr(code)) for code in TABLE)}]")
# A long run of one character. Libraries take minutes on runs that no real text contains.
RUN = re.compile(r"(?P<sign>[^\w\n])(?P=sign){15,}+")
LONGEST_RUN = 1_000
DIGITS = re.compile(r"(?<!\d)(?P<kept>\d{1000})\d++")  # Python converts at most 4,300 to a number
REFERENCE = re.compile(r"&#(?P<digits>[xX][0-9a-fA-F]++|[0-9]++)")
MOST_DIGITS = 7
LAST = 0x10FFFF
LONGEST_QUOTED = 200  # characters of a URL in a problem
LONGEST_MESSAGE = 1_000
LONGEST_TITLE = 500  # characters of an issue's title, and of the name of its site
NO_CHARACTER = "&#65533"  # U+FFFD


def clean(text: str) -> str:
    """Return a text without control characters, bidirectional controls and zero-width characters."""
    return text.translate(TABLE) if DIRTY.search(text) else text


def prepared(text: str) -> str:
    """Return a text that is safe to parse.

    Runs of one character and numbers are cut to 1,000 characters, and invalid character references are replaced.
    """
    text = DIGITS.sub(r"\g<kept>", RUN.sub(lambda run: run[0][:LONGEST_RUN], text))
    return REFERENCE.sub(shortened, text) if "&#" in text else text


def shortened(reference: re.Match[str]) -> str:
    """Return a character reference unchanged, or a reference to U+FFFD if it is not valid.

    Parsers fail on references with thousands of digits, and turn some others into surrogates.
    """
    digits = reference["digits"]
    base, digits = (16, digits[1:]) if digits[0] in "xX" else (10, digits)
    digits = digits.lstrip("0") or "0"
    code = int(digits, base) if len(digits) <= MOST_DIGITS else LAST + 1
    if code > LAST or code in SURROGATES:
        return NO_CHARACTER
    return f"&#{'x' if base == 16 else ''}{digits}"


def cleaned(document: Document) -> Document:
    """Return a document with all its texts cleaned once more, because references can bring back removed characters.

    A link with an invalid URL becomes text, with a problem.
    """
    blocks = tuple(map(cleaned_block, document.blocks))
    bad = [
        Problem(document.where, block.line, f"{url[:LONGEST_QUOTED]!r} is not a valid URL. The link was kept as text.")
        for block in blocks
        for url in dict.fromkeys(span.url for span in block.links() if not is_url(span.url))
    ]
    if bad:
        bad = few(bad)
        blocks = tuple(replace(block, spans=tuple(s for s in block.spans if is_url(s.url))) for block in blocks)
    page = clean(document.page)
    if not is_url(page):
        bad.append(
            Problem(document.where, 0, f"The page's URL {page[:LONGEST_QUOTED]!r} is not valid and was ignored.")
        )
    return replace(
        document,
        title=clean(document.title)[:LONGEST_TITLE],
        newsletter=clean(document.newsletter),
        site=clean(document.site)[:LONGEST_TITLE],
        page=page if is_url(page) else "",
        blocks=blocks,
        original_fragments={n: clean(text) for n, text in document.original_fragments.items()},
        problems=tuple(
            replace(each, message=clean(each.message[:LONGEST_MESSAGE])) for each in (*document.problems, *bad)
        ),
    )


def cleaned_block(block: Block) -> Block:
    """Return a cleaned block, with its spans moved accordingly."""
    if not DIRTY.search(block.text) and not any(DIRTY.search(span.url) for span in block.spans):
        return block
    at = [0]  # new positions by old ones
    for character in block.text:
        at.append(at[-1] + len(character.translate(TABLE)))
    spans = (Span(at[span.start], at[span.end], span.kind, clean(span.url)) for span in block.spans)
    return replace(block, text=clean(block.text), spans=tuple(span for span in spans if span.start < span.end))
