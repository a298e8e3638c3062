"""Cut snippets from entries, and say which of their words to highlight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from indexer.analysis import spans
from indexer.catalog.answers import Mark

LONGEST_SNIPPET = 420  # characters
BEFORE_MARK = 120

Placed = tuple[int, int, frozenset[str]]


class Text(NamedTuple):
    """The words of an entry's title and body, with their terms."""

    title: tuple[Placed, ...]
    body: tuple[Placed, ...]


def text_of(record: dict[str, Any], languages: Sequence[str]) -> Text:
    return Text(words_in(record["title"], languages), words_in(record["body"], languages))


NO_WORDS = Text((), ())


def words_in(text: str, languages: Sequence[str]) -> tuple[Placed, ...]:
    return tuple((start, end, token.findable) for token, start, end in spans(text, languages))


def marks_in(words: Iterable[Placed], marked: set[str]) -> tuple[Mark, ...]:
    """Return the ranges to highlight."""
    return tuple((start, end) for start, end, findable in words if not marked.isdisjoint(findable))


def window(text: str, marks: Iterable[Mark]) -> Mark:
    """Return the range of a snippet: a whole short text, or else the surroundings of the first mark."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    first = next(iter(marks), (0, 0))[0]
    start = 0 if first < LONGEST_SNIPPET - BEFORE_MARK else text.rfind(" ", 0, max(1, first - BEFORE_MARK)) + 1
    end = text.rfind(" ", start, start + LONGEST_SNIPPET)
    return start, end if end > start else start + LONGEST_SNIPPET
