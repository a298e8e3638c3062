"""Suggestions for the search box: versions, issues, topics, identifiers, series, people and titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, TypeVar

from indexer.analysis import fold, spans
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.query.query import LONGEST
from indexer.query.tokens import quoted
from indexer.query.tree import And, Match, Not
from indexer.query.versions import version_key
from indexer.views.briefs import any_of
from indexer.views.people import spellings
from indexer.views.topics import topic_label

MOST_OF_GROUP = 4
MOST_LETTERS = 1_000  # in all suggestions together; keeps an answer under 3 kB
MOST_ENDINGS = 64  # completions of the last word that are considered
MOST_SIMILAR = 5_000  # terms with the same first letter that are compared with a misspelt one
SHORTEST_MISSPELT = 4
LETTERS_AN_EDIT = 4
FIELD = re.compile(r"^(?P<before>|.*\s)(?P<field>\w+):(?P<value>\S*)$", re.S)
Named = TypeVar("Named")
GROUPS = ("field", "version", "issue", "topic", "identifier", "series", "author", "title")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested destination: its group, text, number of entries and target.

    `target` is the id of a topic, series, issue or entry, a version, a name, or the completed query for a field.
    """

    group: str
    text: str
    count: int
    target: str


class Candidate(NamedTuple):
    """The fields of a suggestion with the folded text that it matches; a large archive has many thousands."""

    key: str
    group: str
    text: str
    entries: int
    target: str

    @property
    def suggestion(self) -> Suggestion:
        """The suggestion itself."""
        return Suggestion(*self[1:])


def suggestions(catalog: Catalog, typed: str) -> list[Suggestion]:
    """Return the destinations that begin with a text, or nearly so, in group order.

    If there are none for several words, return those of the last word. A text that is longer than a query may be has
    none.
    """
    if len(typed) > LONGEST:
        return []
    match = FIELD.match(typed)
    if match and match["field"].lower() in catalog.about.facet:
        return within(field_values(catalog, match["before"], match["field"].lower(), match["value"]))
    start = fold(typed.strip())
    if not start:
        return []
    known = once(catalog, destinations)
    found = [each for each in known if start in each.key and begins(each.key, start)] or misspelt(known, start)
    groups = (most((each for each in found if each.group == group), start) for group in GROUPS)
    named = [each for group in groups for each in group]
    whole = [*fields(catalog, typed), *named, *titles(catalog, typed)]
    return within(whole) if whole or " " not in start else suggestions(catalog, start.rpartition(" ")[2])


def within(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Limit suggestions to the size of an answer."""
    letters, kept = 0, []
    for each in found:
        letters += len(each.text) + len(each.target)
        if letters > MOST_LETTERS:
            break
        kept.append(each)
    return kept


def destinations(catalog: Catalog) -> list[Candidate]:
    """Return all destinations except titles, one for each text that they match."""
    found = [*versions(catalog), *issues(catalog), *topics(catalog), *series(catalog)]
    found += identifiers(catalog)
    for name, entries in catalog.terms("author"):
        found += [Candidate(fold(each), "author", name, entries, name) for each in spellings(catalog).of(name)]
    return found


def versions(catalog: Catalog) -> Iterator[Candidate]:
    for facet in catalog.about.versions.values():
        for term in sorted(catalog.terms(facet.id), key=lambda term: version_key(term.text), reverse=True):
            target = f"{facet.id}/{term.text}" if len(catalog.about.versions) > 1 else term.text
            bare = term.text.removeprefix(facet.prefix)
            for key in (term.text, bare, fold(facet.title.format(version=bare))):
                yield Candidate(key, "version", term.text, term.entries, target)


def issues(catalog: Catalog) -> Iterator[Candidate]:
    for key, issue in catalog.about.issues.items():
        text = f"{issue.title}, {issue.appeared}"
        for each in (issue.title, f"issue {issue.number}", f"#{issue.number}", issue.appeared):
            yield Candidate(fold(each), "issue", text, issue.entries, key)


def topics(catalog: Catalog) -> Iterator[Candidate]:
    for term in catalog.terms("topic"):
        label = topic_label(catalog, term.text)
        yield from (Candidate(fold(each), "topic", label, term.entries, term.text) for each in (label, term.text))


def series(catalog: Catalog) -> Iterator[Candidate]:
    for series, entries in catalog.terms("series"):
        text = series.replace("-", " ")
        yield Candidate(fold(text), "series", text, entries, series)


def identifiers(catalog: Catalog) -> Iterable[Candidate]:
    """Return each identifier once regardless of case, and the usual names for newsletter spellings."""
    best: dict[str, Candidate] = {}
    for text, entries in catalog.terms("identifier"):
        key = fold(text)
        held = best.get(key)
        if held is None or held.entries < entries:
            best[key] = Candidate(key, "identifier", text, entries, text)
    for alias in catalog.about.aliases:
        written, key = best.get(fold(alias.written)), fold(alias.canonical)
        if written and key and key not in best:
            best[key] = Candidate(key, "identifier", alias.canonical, written.entries, alias.canonical)
    return best.values()


def fields(catalog: Catalog, typed: str) -> Iterator[Suggestion]:
    """Yield the fields that begin with the last word typed."""
    before, _, last = typed.lstrip().rpartition(" ")
    if len(last) > 1:
        for name in catalog.about.fields.names:
            if name.startswith(last.lower()):
                yield Suggestion("field", f"{name}:", 0, f"{before} {name}:".lstrip())


def field_values(catalog: Catalog, before: str, name: str, start: str) -> list[Suggestion]:
    """Return the values of a field that begin with the text after its colon."""
    wanted = fold(start.strip('"'))
    found = []
    for term in catalog.terms(name):
        texts = (term.text, topic_label(catalog, term.text)) if name == "topic" else (term.text,)
        if any(begins(fold(text), wanted) for text in texts):
            written = f"{name}:{quoted(term.text)}"
            found.append(Suggestion("field", written, term.entries, f"{before}{written}"))
    found = [each for each in found if len(each.target) <= LONGEST]
    return sorted(found, key=lambda each: -each.count)[: 2 * MOST_OF_GROUP]


def titles(catalog: Catalog, typed: str) -> list[Suggestion]:
    """Return the newest entries (not patches) with all typed words in the title; the last word may be a prefix."""
    *words, last = [token.forms[0][1] for token, _, _ in spans(typed)] or [""]
    if not last:
        return []
    endings = [term.text for term in catalog.terms("title", last, MOST_ENDINGS)]
    each = [[word] for word in words]
    return titled(catalog, [*each, endings]) or (titled(catalog, mended(catalog, words, last)) if words else [])


def mended(catalog: Catalog, words: Sequence[str], last: str) -> list[list[str]]:
    """Return the words of titles that each typed word can stand for, or that are nearest to it; `last` may be a prefix.

    A term that begins with another letter is never considered near.
    """
    held = [[term.text for term in catalog.terms("title", word, MOST_ENDINGS)] for word in (*words, last)]
    typed = [[word] if word in begun else [] for word, begun in zip(words, held, strict=False)]
    return [known or similar(catalog, word) for word, known in zip((*words, last), (*typed, held[-1]), strict=True)]


def similar(catalog: Catalog, word: str) -> list[str]:
    """Return the terms of titles whose beginnings are nearest to a word."""
    if len(word) < SHORTEST_MISSPELT:
        return []
    known = (term.text for term in catalog.terms("title", word[0], MOST_SIMILAR))
    return nearest(word, ((each, each) for each in known), MOST_ENDINGS)


def nearest(start: str, known: Iterable[tuple[Named, str]], limit: int) -> list[Named]:
    """Return the values whose names begin most like `start`, with at most one edit per four letters."""
    from rapidfuzz import process  # needed only if nothing matches exactly
    from rapidfuzz.distance import OSA

    held = list(known)
    beginnings = [name[: len(start) + 1] for _, name in held]
    close = process.extract(start, beginnings, scorer=OSA.distance, score_cutoff=most_edits(start), limit=limit)
    least = min((distance for _, distance, _ in close), default=0)
    return [held[i][0] for _, distance, i in close if distance == least]


def most_edits(start: str) -> int:
    """Return in how many letters a misspelt text may differ from the beginning of a name."""
    return 1 + len(start) // LETTERS_AN_EDIT


def titled(catalog: Catalog, words: Sequence[Sequence[str]]) -> list[Suggestion]:
    """Return the newest entries (not patches) whose title has one of several terms for each word."""
    if not all(words):
        return []
    where = And((*(any_of("title", terms) for terms in words), Not(Match("kind", "patch"))))
    found = {title: entry_id for entry_id, title in catalog.headings(where, order="newest", limit=2 * MOST_OF_GROUP)}
    return [Suggestion("title", title, 1, entry_id) for title, entry_id in islice(found.items(), MOST_OF_GROUP)]


def misspelt(known: Sequence[Candidate], start: str) -> list[Candidate]:
    """Return the destinations that nearly begin with a text: one edit per four letters, same first letter."""
    if len(start) < SHORTEST_MISSPELT:
        return []
    shortest = len(start) - most_edits(start)  # of a name that can be near
    parts = ((each, word_like(each.key, start[0])) for each in known if len(each.key) >= shortest)
    return nearest(start, [(each, part) for each, part in parts if part], 3 * MOST_OF_GROUP)


def word_like(key: str, letter: str) -> str:
    """Return the text from the first word or part that begins with a letter, or ""."""
    if key.startswith(letter):
        return key
    places = [at for sign in " _" if (at := key.find(sign + letter)) >= 0]
    return key[min(places) + 1 :] if places else ""


def begins(text: str, start: str) -> bool:
    """Return whether a text, one of its words, or a part of a name in it begins with `start`."""
    return text.startswith(start) or f" {start}" in text or f"_{start}" in text


def most(found: Iterable[Candidate], start: str) -> Iterator[Suggestion]:
    """Yield the suggestions of a group, each once: what is typed in full, then those with the most entries."""
    seen: set[Suggestion] = set()
    for each in sorted(found, key=lambda each: (each.key != start, -each.entries)):
        if (suggestion := each.suggestion) not in seen:
            seen.add(suggestion)
            yield suggestion
            if len(seen) == MOST_OF_GROUP:
                return
