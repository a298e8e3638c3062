"""The values of the benchmark: documents, queries and answers."""

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
    """What every engine indexes of an entry. `day` is the date of its issue."""

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
        """Return the document's values of a facet."""
        return {"kind": (self.kind,), "kernel": self.kernel, "topic": self.topic}[facet]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return all pairs of facet and value of the document."""
        return tuple((facet, value) for facet in FACETS for value in self.values(facet))

    def text(self) -> str:
        """Return the text that is searched."""
        return f"{self.title}\n{self.body}\n{' '.join(self.names)}\n{self.author}"


@dataclass(frozen=True, slots=True)
class Ask:
    """One query: words in some form, and filters as pairs of facet and value."""

    form: Form
    words: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The first ids with titles, the number of matches, and the facet counts of all matches."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    total: int
    facets: Counts = field(default_factory=dict)


def documents(issues: Iterable[Issue]) -> Iterator[Document]:
    """Yield the documents of issues, in order."""
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
    """Return the documents of issues, newest issue first, each in reading order."""
    return [made for issue in sorted(issues, key=lambda each: each.date, reverse=True) for made in documents([issue])]
