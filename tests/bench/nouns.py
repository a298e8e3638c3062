"""The nouns of the benchmark: what an engine indexes, what it is asked, what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from indexer.model import Entry, Issue

Form = Literal["words", "any", "phrase", "prefix", "fuzzy", "browse"]
Counts = dict[str, dict[str, int]]

FACETS = ("kind", "kernel", "topic")
TOP = 10
WORD = re.compile(r"\w+")  # an identifier is one word in all engines


@dataclass(frozen=True, slots=True)
class Document:
    """What every engine is given of an entry; `day` is the date of its issue."""

    id: str
    title: str
    body: str
    names: tuple[str, ...]
    author: str
    kind: str
    kernel: tuple[str, ...]
    topic: tuple[str, ...]
    day: str

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values that the document has in a facet."""
        return {"kind": (self.kind,), "kernel": self.kernel, "topic": self.topic}[facet]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return each facet with each value that the document has in it."""
        return tuple((facet, value) for facet in FACETS for value in self.values(facet))

    def text(self) -> str:
        """Return all that words are searched in."""
        return f"{self.title}\n{self.body}\n{' '.join(self.names)}\n{self.author}"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: words in some form, and filters as pairs of a facet and the value that it has to have."""

    form: Form
    words: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The first ids with their titles, how many entries match in all, and the counts of the facets over all of them."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    total: int
    facets: Counts = field(default_factory=dict)


def documents(issues: Iterable[Issue]) -> Iterator[Document]:
    """Yield the documents of some issues, in their order."""
    return (document(entry, issue.date.date().isoformat()) for issue in issues for entry in issue.entries)


def document(entry: Entry, day: str) -> Document:
    return Document(
        id=entry.id,
        title=entry.title,
        body=entry.body,
        names=tuple(dict.fromkeys((*entry.identifiers, *(name.canonical for name in entry.names)))),
        author=entry.author or "",
        kind=entry.kind,
        kernel=tuple(dict.fromkeys(version.version for version in entry.versions)),
        topic=entry.topics,
        day=day,
    )


def newest_first(issues: Iterable[Issue]) -> list[Document]:
    """Return the documents of some issues, those of the newest issue first, each issue's in reading order."""
    return [made for issue in sorted(issues, key=lambda each: each.date, reverse=True) for made in documents([issue])]
