"""Cut snippets from entries, and say which of their words to highlight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from indexer.analysis import ONLY_ENGLISH, analysed, mark_of, matches
from indexer.catalog.answers import Mark

LONGEST_SNIPPET = 420  # characters
BEFORE_MARK = 120

# A token of a text: its start, its end, the token, and how it begins.
Placed = tuple[int, int, str, str]


class Text(NamedTuple):
    """The tokens of an entry's title and body."""

    title: tuple[Placed, ...]
    body: tuple[Placed, ...]


def text_of(record: dict[str, Any]) -> Text:
    return Text(words_in(record["title"]), words_in(record["body"]))


NO_WORDS = Text((), ())


def words_in(text: str) -> tuple[Placed, ...]:
    return tuple([(*match.span(), word := match[0], like(word)) for match in matches(text)])


def like(word: str) -> str:
    """Return a text with which each term of a token begins, or where it begins inside; "" if there is none.

    That is the beginning of an English word, because its stem begins so, too, but for a y that may become an i, as in
    die for dying.
    """
    if not word.isascii() or word[0] == "[":
        return ""
    plain = word.lower().replace("y", "i")
    return plain[:2] if word.isalpha() else plain


class Marker:
    """Finds the tokens that have one of some terms."""

    def __init__(self, marked: set[str], languages: Sequence[str]) -> None:
        self.marked = marked
        self.mark = mark_of(languages)
        self.english = tuple(languages) == ONLY_ENGLISH
        self.beginnings = {like(term)[:2] for term in marked}

    def marks_in(self, words: Iterable[Placed]) -> tuple[Mark, ...]:
        """Return the ranges to highlight. In English, only tokens that may have a term are analysed."""
        if self.english and "" not in self.beginnings:
            words = [each for each in words if self.may_be(each[3])]
        return tuple([(start, end) for start, end, word, _ in words if self.is_marked(word)])

    def may_be(self, text: str) -> bool:
        """Return whether a token may have one of the terms."""
        if text[:2] in self.beginnings or not text:
            return True
        return len(text) > 2 and any(map(text.__contains__, self.beginnings))

    def is_marked(self, word: str) -> bool:
        return not self.marked.isdisjoint(analysed(word + self.mark).findable)


def window(text: str, marks: Iterable[Mark]) -> Mark:
    """Return the range of a snippet: a whole short text, or else the surroundings of the first mark."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    first = next(iter(marks), (0, 0))[0]
    start = 0 if first < LONGEST_SNIPPET - BEFORE_MARK else text.rfind(" ", 0, max(1, first - BEFORE_MARK)) + 1
    end = text.rfind(" ", start, start + LONGEST_SNIPPET)
    return start, end if end > start else start + LONGEST_SNIPPET
