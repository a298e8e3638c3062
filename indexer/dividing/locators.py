"""Locators and ids: by which words an entry is found again in each edition of its issue."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from indexer.model import Piece

FEWEST_WORDS = 4
NOT_SLUG = re.compile(r"[\W_]+")
COMBINING_ACCENTS = re.compile("[\u0300-\u036f]")
LONGEST_SLUG = 120
WHOLE_TITLE = ("item", "patch")


def locators(pieces: Sequence[Piece]) -> list[str]:
    """Return each piece's locator.

    Of an item or a patch it is the whole title; of anything else the shortest opening of its title, four words
    or more, with which no other title of the issue opens.
    """
    titles = [words(piece.title) for piece in pieces]
    shared = Counter(tuple(title[:k]) for title in titles for k in range(1, len(title) + 1))
    return [
        piece.title if piece.role in WHOLE_TITLE else opening(piece.title, title, shared)
        for piece, title in zip(pieces, titles, strict=True)
    ]


def opening(title: str, folded: list[str], shared: Counter[tuple[str, ...]]) -> str:
    written = title.split()
    for k in range(FEWEST_WORDS, len(folded)):
        if shared[tuple(folded[:k])] == 1:
            return " ".join(written[:k])
    return title


def words(title: str) -> list[str]:
    """Return the words of a title, folded so that punctuation at their ends makes no difference."""
    return [word.casefold().strip(".,;:!?\"'“”‘’()") for word in title.split()]


def slug(locator: str) -> str:
    """Return the words of a locator in lower case, joined by hyphens, without accents; other letters stay."""
    plain = COMBINING_ACCENTS.sub("", unicodedata.normalize("NFKD", locator))
    joined = NOT_SLUG.sub("-", unicodedata.normalize("NFC", plain).casefold()).strip("-")
    return joined[:LONGEST_SLUG].rstrip("-") or "entry"


def ids(newsletter: str, issue: int, found: Sequence[str]) -> list[str]:
    """Return an id for each locator: newsletter, issue and slug; a repeat gets `-2` and so on, in reading order."""
    taken: set[str] = set()
    out = []
    for locator in found:
        base = f"{newsletter}/{issue}/{slug(locator)}"
        made, repeat = base, 2
        while made in taken:
            made, repeat = f"{base}-{repeat}", repeat + 1
        taken.add(made)
        out.append(made)
    return out
