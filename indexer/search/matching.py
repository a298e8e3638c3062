"""Match a query tree: the matching entries with their scores."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeGuard

import numpy as np

from indexer.analysis import fold, stems
from indexer.query.fields import DATED, day_of
from indexer.query.parser import gathered
from indexer.query.query import Query
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word
from indexer.search import facets as facet
from indexer.search.expansion import Words
from indexer.search.phrases import forms_in
from indexer.search.resolved import Part
from indexer.search.scoring import (
    NOTHING,
    OPTIONAL_WEIGHT,
    SAME_WEIGHT,
    Scored,
    all_of,
    any_of,
    looked_up,
    weighed,
    without,
)
from indexer.search.synonyms import Alias
from indexer.storage.index import Floats, Index, Mask

MOST_JOINED = 6  # maximum number of adjacent words that may be one identifier
EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Matched:
    """The matching entries and their scores.

    `marks` are terms to highlight, `corrected` maps unknown words to their corrections, `absent` are unknown words
    without a correction, `aliases` are other names that were also searched. `shares` is each entry's share of the
    words' weight in the fallback. `read_as` maps unknown names to their known parts.
    """

    scored: Scored
    shares: Floats | None = None
    marks: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    aliases: list[Alias] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    read_as: dict[str, str] = field(default_factory=dict)

    def keep(self, left: Mask) -> None:
        """Keep only some of the entries."""
        self.scored = Scored(self.scored.ids[left], self.scored.scores[left])
        self.shares = None if self.shares is None else self.shares[left]


class Matcher:
    """Matches one query against one index."""

    def __init__(self, words: Words, *, literal: bool = False, explained: bool = False) -> None:
        self.words = words
        self.literal = literal
        self.explained = explained
        self.index: Index = words.index
        self.size = self.index.size
        self.result = Matched(NOTHING)

    def match(self, tree: Node, optional: Sequence[Node] = ()) -> Matched:
        """Return the entries that match a tree; `optional` words only add to their score."""
        self.result.scored = self.conjunction((tree,)) if isinstance(tree, Word) else self.node(tree)
        self.add(optional)
        return self.result

    def add(self, optional: Sequence[Node]) -> None:
        """Add the scores of optional words to the entries that have them."""
        for node in optional:
            first = len(self.result.parts)
            held, worth = looked_up(self.node(node), self.result.scored.ids, self.size)
            scores = self.result.scored.scores + np.float32(OPTIONAL_WEIGHT) * worth * held
            added = [part.among(self.result.scored.ids) for part in self.result.parts[first:]]
            self.result.parts[first:] = [part._replace(scored=weighed(part.scored, OPTIONAL_WEIGHT)) for part in added]
            self.result.scored = Scored(self.result.scored.ids, scores)

    def node(self, node: Node) -> Scored:
        """Return the entries that match a node, with scores."""
        match node:
            case Word():
                return self.word(node)
            case Phrase(text):
                return self.phrases(text)
            case Match():
                return self.field(node)
            case Not(inner):
                return without(self.words.everything(), [self.as_it_is(inner)], self.size)
            case Or(nodes):
                return any_of([self.node(inner) for inner in nodes], self.size)
            case And(nodes):
                return self.conjunction(nodes)

    def conjunction(self, nodes: Sequence[Node]) -> Scored:
        """Return the entries that match all nodes; everything if there are none."""
        first = len(self.result.parts)
        if len(nodes) == 1 and isinstance(nodes[0], Word):
            return next(each for _, each in self.conjuncts(nodes))
        filters = [node for node in nodes if self.is_choice(node)]
        others = [node for node in nodes if not isinstance(node, Not) and not self.is_choice(node)]
        left = [self.filtered(filters)] if filters else []
        scored = self.all_of(itertools.chain(left, (each for _, each in self.conjuncts(others))))
        excluded = [self.as_it_is(node.node) for node in nodes if isinstance(node, Not)]
        return self.parted(first, without(scored, excluded, self.size)) if excluded else scored

    def all_of(self, found: Iterable[Scored]) -> Scored:
        """Return the intersection of lazily computed parts; everything if there are none."""
        first = len(self.result.parts)
        made = list(found)
        return self.parted(first, all_of(made, self.size) if made else self.words.everything())

    def parted(self, first: int, scored: Scored) -> Scored:
        """Return scored entries, and restrict the parts from `first` on to the same entries."""
        self.result.parts[first:] = [part.among(scored.ids) for part in self.result.parts[first:]]
        return scored

    def as_it_is(self, node: Node) -> Scored:
        """Return the entries that match an excluded node: its words are neither expanded nor highlighted."""
        matcher = type(self)(self.words, literal=True)
        scored = matcher.node(node)
        self.result.notices += matcher.result.notices
        return scored

    def conjuncts(self, nodes: Sequence[Node]) -> Iterator[tuple[Sequence[Node], Scored]]:
        """Yield the matches of nodes; adjacent words that form a name or have a synonym are combined."""
        parts = [] if self.literal else [self.parts_of(node) for node in nodes]
        i = 0
        while i < len(nodes):
            length, others = (1, ()) if self.literal else self.together_at(nodes, parts, i)
            typed = self.node(nodes[i]) if length == 1 else self.all_of(map(self.node, nodes[i : i + length]))
            if others and self.result.read_as:
                self.forget_readings(nodes[i : i + length], others)
            yield nodes[i : i + length], any_of([typed, *others], self.size)
            i += length

    def forget_readings(self, nodes: Iterable[Node], others: Iterable[Scored]) -> None:
        """Forget how words were read if entries have them together in another form: flame graph as flamegraph."""
        read = [node.text for node in nodes if isinstance(node, Word) and node.text in self.result.read_as]
        if read and any(len(each.ids) for each in others):
            for text in read:
                self.result.read_as.pop(text, None)

    def together_at(
        self, nodes: Sequence[Node], parts: Sequence[Sequence[str]], at: int
    ) -> tuple[int, Sequence[Scored]]:
        """Return how many words from here on belong together, and their matches as a synonym or joined."""
        phrasing = self.phrasing_at(nodes, parts, at)
        if phrasing is not None:
            words, others = phrasing
            typed = parts[at : at + len(words)]
            return len(words), [*map(self.synonym, others), *(self.joined(typed) if all(typed) else [])]
        typed = list(itertools.takewhile(bool, parts[at : at + MOST_JOINED]))
        for length in range(len(typed), 0, -1):
            if joined := self.joined(typed[:length]):
                return length, joined
        return 1, ()

    def parts_of(self, node: Node) -> list[str]:
        """Return the parts of a word that can be joined with the words before it, none if it cannot."""
        if not isinstance(node, Word) or node.prefix:
            return []
        word = self.words.resolve(node, literal=False).corrected or node.text
        parts = [fold(part) for part in word.split("-")]
        return parts if all(part.isalnum() for part in parts) else []

    def joined(self, words: Sequence[Sequence[str]]) -> list[Scored]:
        """Return the matches of adjacent words joined: sock map as sockmap or sock_map."""
        parts = [part for word in words for part in word]
        found = list(self.words.written_as_one(parts)) if len(parts) > 1 and max(map(len, parts)) > 2 else []
        self.result.parts += found if self.explained else []
        return [part.scored for part in found]

    def phrasing_at(
        self, nodes: Sequence[Node], parts: Sequence[Sequence[str]], at: int
    ) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Return the words from an index on, as they were corrected, that have synonyms together, and the synonyms."""
        for words, others in self.words.synonyms.phrasings.get(stems([meant(nodes[at], parts[at])])[0], ()):
            end = at + len(words)
            if stems(list(map(meant, nodes[at:end], parts[at:end]))) == words:
                return words, others
        return None

    def word(self, word: Word) -> Scored:
        """Return the entries that have a word; punctuation inside divides it into several required words."""
        resolve = self.words.explain if self.explained else self.words.resolve
        resolved = resolve(word, literal=self.literal)
        self.result.marks |= resolved.marks
        self.result.aliases += resolved.aliases
        self.result.notices += [*(alias.notice for alias in resolved.aliases), *filter(None, [resolved.notice])]
        self.result.parts += resolved.parts
        if resolved.read_as:
            self.result.read_as[word.text] = resolved.read_as
        if resolved.corrected:
            self.result.corrected[word.text] = resolved.corrected
        return resolved.scored

    def prefetch(self, parts: Sequence[Scored]) -> None:
        """Prepare to count the entries of several parts. An engine on a cluster counts them in one request."""

    def phrases(self, text: str) -> Scored:
        """Return the entries that have a phrase or a synonym of it."""
        words = text.split()
        others = self.words.synonyms.same(words) if words and not self.literal else ()
        return any_of([self.phrase(text), *map(self.synonym, others)], self.size)

    def synonym(self, text: str) -> Scored:
        """Return the entries with a synonym of the typed words."""
        self.result.marks |= forms_in(text, self.words.languages)
        found = weighed(self.words.synonym(text) or NOTHING, SAME_WEIGHT)
        self.result.parts += [Part(text, "text", "of the same meaning", found)] if self.explained else []
        return found

    def phrase(self, text: str, weight: float = 1.0, relation: str = "as a phrase") -> Scored:
        """Return the entries in which the words of a text are adjacent."""
        self.result.marks |= forms_in(text, self.words.languages)
        found = weighed(self.words.phrase(text) or NOTHING, weight)
        self.result.parts += [Part(text, "text", relation, found)] if self.explained else []
        return found

    def field(self, node: Match) -> Scored:
        """Return the entries whose field has a value."""
        if node.field in self.words.index.about.facet:
            return self.filtered([node])
        return unscored(self.dated(node) if node.field in DATED else self.with_value(node))

    def is_choice(self, node: Node) -> TypeGuard[Match]:
        """Return whether a node is a filter."""
        return isinstance(node, Match) and node.field in self.words.index.about.facet

    def filtered(self, nodes: Iterable[Match]) -> Scored:
        """Return the entries that match filters, as if they were selected; unknown values become notices."""
        query, notices = facet.resolved(self.index, Query(filters=gathered(nodes)))
        self.result.notices += notices
        return unscored(facet.having(self.index, query.filters))

    def with_value(self, node: Match) -> Mask:
        """Return the entries with an id (following redirects) or of a series."""
        redirects = self.index.metadata["redirects"] if node.field == "id" else {}
        return self.index.marked(node.field, [redirects.get(node.value, node.value)])

    def dated(self, node: Match) -> Mask:
        """Return the entries of issues before a day, or on it and after."""
        limit = day_of(node.value)
        assert limit, node  # the parser drops invalid dates
        days = self.index.days
        return days < (limit - EPOCH).days if node.field == "before" else days >= (limit - EPOCH).days


def meant(node: Node, parts: Sequence[str]) -> str:
    """Return a word with its correction, which is its only part; "" for another node."""
    return parts[0] if len(parts) == 1 else node.text if isinstance(node, Word) else ""


def unscored(mask: Mask) -> Scored:
    """Return entries with score zero."""
    ids = np.flatnonzero(mask)
    return Scored(ids, np.zeros(len(ids), dtype=np.float32))
