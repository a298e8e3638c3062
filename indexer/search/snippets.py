"""Cut snippets from entries, and say which of their words to highlight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indexer.analysis import ONLY_ENGLISH, analysed, mark_of, matches
from indexer.catalog.answers import Mark

LONGEST_SNIPPET = 420  # characters
BEFORE_MARK = 120


class Text(NamedTuple):
    """A text, the same as `comparable`, and its tokens: the start and end of each, and whether it is no plain word."""

    text: str
    plain: str
    tokens: tuple[tuple[int, int, bool], ...]


def text_of(text: str) -> Text:
    plain = comparable(text)
    spans = [match.span() for match in matches(text)]
    return Text(text, plain, tuple([(start, end, not plain[start:end].isalpha()) for start, end in spans]))


class Marker:
    """Finds the tokens that have one of some terms."""

    def __init__(self, marked: set[str], languages: Sequence[str]) -> None:
        self.marked = marked
        self.mark = mark_of(languages)
        self.beginnings = tuple({comparable(term)[:2] for term in marked})
        self.english = tuple(languages) == ONLY_ENGLISH

    def marks_in(self, held: Text) -> tuple[Mark, ...]:
        """Return the ranges to highlight.

        Of English text, only tokens that may have a term are analysed: words that begin as a stem, and names.
        """
        text, plain, tokens = held
        if not self.marked:
            return ()
        if self.english and text.isascii():
            begins, beginnings = plain.startswith, self.beginnings
            tokens = tuple(
                [
                    token
                    for token in tokens
                    if begins(beginnings, token[0]) or (token[2] and self.may_have_inside(plain[token[0] : token[1]]))
                ]
            )
        return tuple([(start, end) for start, end, _ in tokens if self.is_marked(text[start:end])])

    def may_have_inside(self, name: str) -> bool:
        """Return whether a token that is not a plain word may have a term inside it."""
        return name[0] == "[" or any(map(name.__contains__, self.beginnings))

    def is_marked(self, word: str) -> bool:
        return not self.marked.isdisjoint(analysed(word + self.mark).findable)


def comparable(text: str) -> str:
    """Return a text in which stems are written as in words: a y may become an i, as in die for dying."""
    return text.lower().replace("y", "i")


def window(text: str, marks: Iterable[Mark]) -> Mark:
    """Return the range of a snippet: a whole short text, or else the surroundings of the first mark."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    first = next(iter(marks), (0, 0))[0]
    start = 0 if first < LONGEST_SNIPPET - BEFORE_MARK else text.rfind(" ", 0, max(1, first - BEFORE_MARK)) + 1
    end = text.rfind(" ", start, start + LONGEST_SNIPPET)
    return start, end if end > start else start + LONGEST_SNIPPET
