"""Filters inferred from the words of a query: a version, an issue, a date, a kind, an author."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from indexer.analysis import fold
from indexer.catalog.profiles import VersionsAbout
from indexer.query.tree import Match, Word
from indexer.search.dates import FROM_ON, Months, WrittenDate, date_at
from indexer.search.people import spellings
from indexer.storage.index import Index

DIGIT = re.compile(r"\d")
VERSION = re.compile(r"^(?P<prefix>[a-z]*)\d+\.\d+(?:\.\d+)?$")
ISSUE_NUMBER = re.compile(r"^#?(?P<number>\d{1,4})$")
ORDINAL = re.compile(r"^(?P<number>\d{1,4})(?:st|nd|rd|th)$")
ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()  # from 2 on
ISSUE_WORDS = ("issue", "latest", "first")
ABOUT = "about on at by from for in of with where that which covering explaining describing added introduced".split()
LONGEST_NAME = 3  # words of an author's name
SHORTEST_NAME = 3  # minimum number of letters of each word in a partial name


@dataclass(frozen=True, slots=True)
class Inferred:
    """A filter inferred from words: its displayed field and value, its conditions, and the words.

    A `certain` filter stays even if no entry matches it, because the query asks for nothing else.
    """

    field: str
    value: str
    nodes: tuple[Match, ...]
    words: tuple[Word, ...]
    certain: bool = False


class FoundFilter(NamedTuple):
    """A filter that begins at a word: field, value, conditions and number of words."""

    field: str
    value: str
    nodes: tuple[Match, ...]
    length: int
    certain: bool = False


Detector = Callable[[Sequence[str], int], FoundFilter | None]


class Inference:
    """Infers filters from the words of queries over one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.asking: Mapping[str, Any] = index.metadata["asking"]
        self.products = frozenset(self.asking["products"])
        self.months = Months(*(self.asking[name] for name in Months._fields))
        self.issue_words, self.latest, self.first = (frozenset(map(fold, self.asking[each])) for each in ISSUE_WORDS)
        self.number = frozenset(map(fold, self.asking["number"]))
        self.kinds = {word: kind for kind, words in self.asking["kinds"].items() for word in words}
        self.newsletters = [fold(about["name"]).split() for about in index.metadata["newsletters"].values()]
        self.facets = tuple(index.about.versions.values())
        self.beginnings = frozenset(self._beginnings())
        self.signed = {"date", *(facet.id for facet in self.facets)}
        self.known = {facet.id: {*facet.releases, *index.values(facet.id).names} for facet in self.facets}

    def _beginnings(self) -> Iterator[str]:
        """Yield the words without a digit that begin a filter, except for the names of people."""
        yield from (*self.months.dated, *self.months.alone, *self.months.year)
        yield from (*self.latest, *self.first, *self.issue_words, *ORDINALS, *self.kinds)
        yield from (name[0] for name in self.newsletters if name)
        yield from (name for facet in self.facets for name in facet.names)

    def may_begin(self, texts: Sequence[str], at: int) -> bool:
        """Return whether a filter may begin at a word; most words begin none."""
        if texts[at] in self.beginnings or DIGIT.search(texts[at]):
            return True
        named = at + 1 < len(texts) and len(texts[at]) >= SHORTEST_NAME
        return named and texts[at] in self.index.once(NamedPeople).by_word

    @cached_property
    def days(self) -> list[str]:
        """The days of the issues, sorted."""
        return sorted(issue.date[:10] for issue in self.index.issues.values() if issue.date)

    def inferred(self, words: Sequence[Word]) -> Iterator[Inferred]:
        """Yield the filters in adjacent words, from left to right."""
        texts = [fold(word.text).strip(".,:;!?") for word in words]
        detectors: tuple[Detector, ...] = (self.date, self.issue, self.version, self.author, self.kind)
        at = 0
        while at < len(words):
            found = None
            if self.may_begin(texts, at):
                found = next((found for detect in detectors if (found := detect(texts, at))), None)
            if found:
                signed = found.field in self.signed and before(texts, at) in FROM_ON
                held = tuple(words[at - signed : at + found.length])
                yield Inferred(found.field, found.value, found.nodes, held, found.certain)
            at += found.length if found else 1

    def date(self, texts: Sequence[str], at: int) -> FoundFilter | None:
        """Return the filter for a day, month or year."""
        written = date_at(texts, at, self.months)
        if written is None or (not written.year and not self.issues_in(written)):
            return None
        last = before(texts, at)
        sign = FROM_ON.get(last, "")
        if written.only_month_name and not sign and last not in self.months.period:
            return None
        if sign:
            shown, conditions = f"{last} {written.shown}", written.conditions(self.days, sign)
            return FoundFilter("date", shown, conditions, written.length, certain=bool(written.year))
        if written.day and (keys := self.issues_in(written)):
            return FoundFilter("issue", keys[0], tuple(Match("issue", key) for key in keys), written.length)
        if written.day:  # no issue is of that day
            written = written._replace(day=None, shown=f"{written.year}-{written.month:02}")
        return FoundFilter(
            "date", written.shown, written.conditions(self.days), written.length, certain=bool(written.year)
        )

    def issues_in(self, written: WrittenDate) -> list[str]:
        return [key for key, issue in self.index.issues.items() if written.includes(issue.date[:10])]

    def issue(self, texts: Sequence[str], at: int) -> FoundFilter | None:
        """Return the filter for an issue given by number, or as the latest or first."""
        text, after = texts[at], texts[at + 1 : at + 3]
        if text in self.latest | self.first and after[:1] and self.is_issue(after[0]) and self.index.issues:
            newest_first = sorted(self.index.issues, key=lambda key: self.index.issues[key].date, reverse=True)
            key = newest_first[0 if text in self.latest else -1]
            return FoundFilter("issue", key, (Match("issue", key),), 2)
        if (ordinal := ordinal_of(text)) and after[:1] and after[0] in self.issue_words:
            return FoundFilter("issue", ordinal, (Match("issue", ordinal),), 2)
        named = 1 if text in self.issue_words else self.newsletter_at(texts, at)
        named += 1 if named and texts[at + named : at + named + 1] and texts[at + named] in self.number else 0
        if named and at + named < len(texts) and (match := ISSUE_NUMBER.match(texts[at + named])):
            number = match["number"].lstrip("0") or "0"
            return FoundFilter("issue", number, (Match("issue", number),), named + 1, certain=True)
        return None

    def is_issue(self, text: str) -> bool:
        """Return whether a word is one for an issue, or its plural."""
        return text in self.issue_words or text.rstrip("s") in self.issue_words

    def newsletter_at(self, texts: Sequence[str], at: int) -> int:
        """Return the number of words that name a newsletter from here on, including a following "issue"."""
        for name in self.newsletters:
            end = at + len(name)
            if list(texts[at:end]) == name:
                return len(name) + (1 if texts[end : end + 1] and texts[end] in self.issue_words else 0)
        return 0

    def version(self, texts: Sequence[str], at: int) -> FoundFilter | None:
        """Return the version in the words: with its prefix, after its product's name, or as a plain number."""
        found = [found for facet in self.facets if (found := self.version_of(facet, texts, at))]
        # Of several facets, use the one that is named, or else one that has the version.
        found.sort(key=lambda each: (-each.length, each.value.lstrip("<>=") not in self.known[each.field]))
        return found[0] if found else None

    def version_of(self, facet: VersionsAbout, texts: Sequence[str], at: int) -> FoundFilter | None:
        """Return the version of a facet that is named."""
        words = 1 if texts[at] in facet.names and at + 1 < len(texts) else 0
        text, last = texts[at + words], before(texts, at)
        match = VERSION.match(text)
        if match is None or match["prefix"] not in ("", facet.prefix):
            return None
        explicit = bool(match["prefix"]) and last not in self.products
        bare = not match["prefix"] and (words or last not in self.products)
        value = facet.form.normal(text)
        if not explicit and not (bare and value in self.known[facet.id]):
            return None
        sign = FROM_ON.get(last, "")
        condition = Match(facet.id, sign + value)
        return FoundFilter(facet.id, sign + value, (condition,), words + 1, certain=bool(explicit or words))

    def author(self, texts: Sequence[str], at: int) -> FoundFilter | None:
        """Return the filter for the only person whose name contains adjacent words."""
        for length in range(min(LONGEST_NAME, len(texts) - at), 1, -1):
            words = texts[at : at + length]
            if all(len(word) >= SHORTEST_NAME and word.isalpha() for word in words):
                people = self.index.once(NamedPeople).with_words(words)
                if len(people) == 1:
                    name = next(iter(people))
                    return FoundFilter("author", name, (Match("author", name),), length)
        return None

    def kind(self, texts: Sequence[str], at: int) -> FoundFilter | None:
        """Return the filter for a kind: "talks about ...", "... videos"."""
        kind = self.kinds.get(texts[at])
        if kind is None or len(texts) < 2:
            return None
        following = texts[at + 1] if at + 1 < len(texts) else ""
        if following in ABOUT or not following:
            return FoundFilter("kind", kind, (Match("kind", kind),), 1)
        return None


class NamedPeople:
    """The people of an index by the words of their names in all spellings."""

    def __init__(self, index: Index) -> None:
        self.by_word: dict[str, set[str]] = {}
        people = index.once(spellings)
        for name in people.names:
            for word in {word for spelling in people.of(name) for word in fold(spelling).replace(".", " ").split()}:
                self.by_word.setdefault(word, set()).add(name)

    def with_words(self, words: Sequence[str]) -> set[str]:
        """Return the people with all of the words in their name."""
        first, *others = [self.by_word.get(word, set()) for word in words]
        return first.intersection(*others)


def before(texts: Sequence[str], at: int) -> str:
    return texts[at - 1] if at else ""


def ordinal_of(text: str) -> str:
    """Return the number of an English ordinal, third or 3rd; "" for any other word."""
    if match := ORDINAL.match(text):
        return match["number"]
    return str(ORDINALS.index(text) + 2) if text in ORDINALS else ""
