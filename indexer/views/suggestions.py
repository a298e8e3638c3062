"""Completions for the search box as one types: identifiers, authors, topics and titles that begin so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.analysis import fold, spans
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.query.tree import And, Match, Not
from indexer.views.briefs import any_of
from indexer.views.people import spellings
from indexer.views.topics import topic_label

MOST_SUGGESTED = 5
MOST_ENDINGS = 64  # words that begin like the last one typed
GROUPS = ("identifier", "author", "topic")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search to offer: its group, its text, and the number of entries it leads to."""

    group: str
    text: str
    count: int


def suggestions(catalog: Catalog, typed: str) -> list[Suggestion]:
    """Return what begins like `typed`: identifiers, authors and topics, each most frequent first, then titles."""
    start = fold(typed.strip())
    if not start:
        return []
    known = once(catalog, groups)
    found = ((each for folded, each in known[group] if begins(folded, start)) for group in GROUPS)
    named = [each for of_group in found for each in most(set(of_group))]
    return [*named, *titles(catalog, typed)]


def groups(catalog: Catalog) -> Mapping[str, Sequence[tuple[str, Suggestion]]]:
    """Return the suggestions of each group, each with every folded text that it is found by."""
    return {
        group: [(fold(text), each) for each in offered(catalog, group) for text in texts(catalog, each)]
        for group in GROUPS
    }


def offered(catalog: Catalog, group: str) -> Iterator[Suggestion]:
    """Yield all suggestions of a group."""
    for term in catalog.terms(group):
        text = topic_label(catalog, term.text) if group == "topic" else term.text
        yield Suggestion(group, text, term.entries)


def texts(catalog: Catalog, each: Suggestion) -> tuple[str, ...]:
    """Return the texts that a suggestion is found by: of a person, every spelling of the name."""
    return spellings(catalog).of(each.text) if each.group == "author" else (each.text,)


def titles(catalog: Catalog, typed: str) -> list[Suggestion]:
    """Return the newest titles, except of patches, with all words typed, the last of which may be unfinished."""
    *words, last = [token.forms[0][1] for token, _, _ in spans(typed)] or [""]
    if not last:
        return []
    endings = any_of("title", (term.text for term in catalog.terms("title", last, MOST_ENDINGS)))
    where = And((endings, *(Match("title", word) for word in words), Not(Match("kind", "patch"))))
    found = dict.fromkeys(entry.title for entry in catalog.find(where, order="newest", limit=2 * MOST_SUGGESTED))
    return [Suggestion("title", title, 1) for title in found][:MOST_SUGGESTED]


def begins(text: str, start: str) -> bool:
    """Return whether a text, a word of it, or a part of a name in it begins with `start`."""
    return text.startswith(start) or f" {start}" in text or f"_{start}" in text


def most(found: set[Suggestion]) -> list[Suggestion]:
    return sorted(found, key=lambda each: (-each.count, each.text))[:MOST_SUGGESTED]
