"""What may be searched for, as it is being typed: identifiers, authors, topics and titles that begin so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indexer.analysis import fold, spans
from indexer.search.people import spellings
from indexer.storage.index import Ids, Index

MOST_SUGGESTED = 5
MOST_ENDINGS = 64  # words that begin as the last one typed


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for: its group, its text, how many entries it leads to."""

    group: str
    text: str
    count: int


class Suggester:
    """Suggests what begins like what is being typed; `labels` are those of the topics."""

    def __init__(self, index: Index, labels: dict[str, str]) -> None:
        self.index = index
        self.labels = labels

    @cached_property
    def groups(self) -> dict[str, list[tuple[str, Suggestion]]]:
        """What can be suggested besides titles, by group, each with a folded text by which it is."""
        fields = {"identifier": "identifier", "author": "person", "topic": "topic"}
        return {
            group: [(fold(known), each) for each in self._all(group, field) for known in self._known_as(each)]
            for group, field in fields.items()
        }

    def _known_as(self, each: Suggestion) -> tuple[str, ...]:
        """Return the texts by which something is suggested: a person by all spellings of the name."""
        return self.index.once(spellings).of(each.text) if each.group == "author" else (each.text,)

    def _all(self, group: str, field: str) -> Iterator[Suggestion]:
        values = self.index.values(field)
        labels = self.labels if group == "topic" else {}
        for name, total in zip(values.names, values.totals.tolist(), strict=True):
            yield Suggestion(group, labels.get(name, name), total)

    def suggestions(self, typed: str) -> list[Suggestion]:
        """Return what begins like `typed`: identifiers, authors, topics, each's most frequent first, and titles."""
        start = fold(typed.strip())
        if not start:
            return []
        named = [
            each
            for known in self.groups.values()
            for each in most([suggestion for folded, suggestion in known if begins(folded, start)])
        ]
        return [*named, *self.titles(typed)]

    def titles(self, typed: str) -> list[Suggestion]:
        """Return the newest titles but for patches' that have all words typed, of the last one its beginning."""
        *words, last = [token.forms[0][1] for token, _, _ in spans(typed)] or [""]
        if not last:
            return []
        mask = self.index.marked("title", self.index.with_prefix("title", last, MOST_ENDINGS))
        for word in words:
            mask &= self.index.marked("title", [word])
        mask &= ~self.index.marked("kind", ["patch"])
        found = dict.fromkeys(self._titles(np.flatnonzero(mask)))
        return [Suggestion("title", title, 1) for title in found][:MOST_SUGGESTED]

    def _titles(self, docs: Ids) -> Iterable[str]:
        newest = docs[np.argsort(self.index.recency[docs])][: 2 * MOST_SUGGESTED]
        return (str(self.index.stored(int(doc))["title"]) for doc in newest)


def begins(text: str, start: str) -> bool:
    """Return whether a text, or a word or part of a name in it, begins in some way."""
    return text.startswith(start) or f" {start}" in text or f"_{start}" in text


def most(found: list[Suggestion]) -> list[Suggestion]:
    return sorted(set(found), key=lambda each: (-each.count, each.text))[:MOST_SUGGESTED]
