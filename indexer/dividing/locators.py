"""Locators and ids: the words that identify an entry in every edition of its issue."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from indexer.model import Label, Piece

FEWEST_WORDS = 4
NOT_SLUG = re.compile(r"[\W_]+")
COMBINING_ACCENTS = re.compile("[\u0300-\u036f]")
LONGEST_SLUG = 120
WHOLE_TITLE = ("item", "patch")


def locators(pieces: Sequence[Piece]) -> list[str]:
    """Return each piece's locator.

    For an item or a patch it is the whole title; otherwise the shortest unique opening of the title, at least
    four words.
    """
    titles = [words(piece.title) for piece in pieces]
    shared = most_shared(titles)
    return [
        piece.title if piece.role in WHOLE_TITLE else opening(piece.title, len(title), alike)
        for piece, title, alike in zip(pieces, titles, shared, strict=True)
    ]


def most_shared(titles: Sequence[list[str]]) -> list[int]:
    """Return, for each title, the length in words of the longest opening that it shares with another title."""
    order = sorted(range(len(titles)), key=titles.__getitem__)
    found = [0] * len(titles)
    for one, other in itertools.pairwise(order):
        alike = next(
            (k for k, (a, b) in enumerate(zip_longest(titles[one], titles[other])) if a != b), len(titles[one])
        )
        found[one], found[other] = max(found[one], alike), max(found[other], alike)
    return found


def opening(title: str, length: int, shared: int) -> str:
    """Return the opening of a title, `length` words or one word more than it shares with another title."""
    k = max(FEWEST_WORDS, shared + 1)
    return " ".join(title.split()[:k]) if k < length else title


def words(title: str) -> list[str]:
    """Return the words of a title, folded and without punctuation at their ends."""
    return [word.casefold().strip(".,;:!?\"'“”‘’()") for word in title.split()]


def slug(locator: str) -> str:
    """Return the words of a locator in lower case, joined by hyphens, without accents."""
    plain = COMBINING_ACCENTS.sub("", unicodedata.normalize("NFKD", locator))
    joined = NOT_SLUG.sub("-", unicodedata.normalize("NFC", plain).casefold()).strip("-")
    return joined[:LONGEST_SLUG].rstrip("-") or "entry"


def ids(newsletter: str, issue: Label, found: Sequence[str]) -> list[str]:
    """Return an id for each locator: newsletter, issue and slug, with `-2`, `-3` ... for repeats."""
    taken = UsedIds()
    return [taken.fresh(f"{newsletter}/{issue}/{slug(locator)}") for locator in found]


class UsedIds:
    """The ids in use, with the next number for a repeat of each."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.repeats = dict.fromkeys(ids, 1)

    def fresh(self, base: str) -> str:
        """Reserve an id: `base`, or the first free one of `base-2`, `base-3` ..."""
        made, repeat = base, self.repeats.get(base, 1)
        while made in self.repeats:
            repeat += 1
            made = f"{base}-{repeat}"
        self.repeats[base] = repeat
        self.repeats.setdefault(made, 1)
        return made
