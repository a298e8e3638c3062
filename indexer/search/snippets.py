"""Cut snippets from entries, and say which of their words to highlight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, takewhile

from indexer.analysis import ONLY_ENGLISH, analysed, mark_of, matches
from indexer.catalog.answers import Mark

LONGEST_SNIPPET = 420  # characters
BEFORE_MARK = 120
DIFFERENT = 2  # maximum number of letters at the end of a stem that its words may lack, such as the e of hoping


class Marker:
    """Finds the tokens that have one of some terms."""

    def __init__(self, marked: set[str], languages: Sequence[str]) -> None:
        self.marked = marked
        self.mark = mark_of(languages)
        self.beginnings = tuple({comparable(term[: max(2, len(term) - DIFFERENT)]) for term in marked})
        self.english = tuple(languages) == ONLY_ENGLISH

    def marks_in(self, text: str) -> Iterator[Mark]:
        """Yield the ranges to highlight.

        Of English text, only tokens that may have a term are analysed: words that begin as a stem, and names.
        """
        if not self.marked:
            return
        if not self.english or not text.isascii():
            yield from (token.span() for token in matches(text) if self.is_marked(token[0]))
            return
        plain, begins, beginnings = comparable(text), str.startswith, self.beginnings
        for stretch in self.stretches(plain):
            for token in matches(text, *stretch):
                start, end = token.span()
                may = begins(plain, beginnings, start) or (
                    not (name := plain[start:end]).isalpha() and self.may_have_inside(name)
                )
                if may and self.is_marked(token[0]):
                    yield start, end

    def stretches(self, plain: str) -> Iterator[Mark]:
        """Yield the stretches between spaces that may have a mark; of a short text, the whole."""
        if len(plain) <= LONGEST_SNIPPET:
            yield 0, len(plain)
            return
        places = {each: plain.find(each) for each in (*self.beginnings, "[")}  # a bracket as in [e]BPF
        while left := {each: place for each, place in places.items() if place >= 0}:
            place = min(left.values())
            start, end = plain.rfind(" ", 0, place) + 1, plain.find(" ", place)
            yield start, end if end >= 0 else len(plain)
            if end < 0:
                return
            places = {each: place if place > end else plain.find(each, end) for each, place in left.items()}

    def may_have_inside(self, name: str) -> bool:
        """Return whether a token that is not a plain word may have a term inside it."""
        return name[0] == "[" or any(map(name.__contains__, self.beginnings))

    def is_marked(self, word: str) -> bool:
        return word.lower() in self.marked or not self.marked.isdisjoint(analysed(word + self.mark).findable)


def comparable(text: str) -> str:
    """Return a text in which stems are written as in words: a y may become an i, as in die for dying."""
    return text.lower().replace("y", "i").replace("\n", " ")


def window(text: str, first: Mark | None) -> Mark:
    """Return the range of a snippet: a whole short text, or else the surroundings of the first mark."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    at = first[0] if first else 0
    start = 0 if at < LONGEST_SNIPPET - BEFORE_MARK else text.rfind(" ", 0, max(1, at - BEFORE_MARK)) + 1
    end = text.rfind(" ", start, start + LONGEST_SNIPPET)
    return start, end if end > start else start + LONGEST_SNIPPET


def snippet(text: str, marks: Iterator[Mark]) -> tuple[str, tuple[Mark, ...], bool]:
    """Return the part of a text to show, the ranges to highlight in it, and whether it reaches the end of the text."""
    first = next(marks, None)
    start, end = window(text, first)
    held = takewhile(lambda mark: mark[1] <= end, chain([first] if first else (), marks))
    return text[start:end], tuple([(a - start, b - start) for a, b in held]), end == len(text)
