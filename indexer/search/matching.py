"""A tree of a query to the entries that match it, each with its score."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeGuard

import numpy as np

from indexer.query.fields import DATED, FILTERS, day_of
from indexer.query.parser import gathered
from indexer.query.query import Query
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word
from indexer.search import facets as facet
from indexer.search.expansion import Part, Words, everything, forms_in
from indexer.search.scoring import NOTHING, SAME_WEIGHT, Scored, all_of, any_of, looked_up, weighed, without
from indexer.search.synonyms import Alias
from indexer.storage.index import Floats, Index, Mask

CLOSE_ENOUGH = 0.5
TOO_FAR = 0.2  # of the words' weight: with less an entry is not close, though none were closer
EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Matched:
    """The entries that match, and the score of each.

    `marks` are the terms to mark, `notices` what to say, `corrected` the words that no entry has, each with the one
    that was searched in its place, `absent` those that nothing is near to, `aliases` the other names that were
    searched, too. `shares` is, where no entry had all words, how much of their weight each has.
    """

    scored: Scored
    shares: Floats | None = None
    marks: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    aliases: list[Alias] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def keep(self, left: Mask) -> None:
        """Leave only some of the entries."""
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
        self.said = Matched(NOTHING)

    def match(self, tree: Node) -> Matched:
        """Return the entries that match all of a tree; where none has all of its words, those that are closest."""
        tree = self.required(tree)
        self.said.scored = self.node(tree)
        if isinstance(tree, And) and not len(self.said.scored.ids) and self.none_has_all(wanted(tree)):
            self.closest(tree)
        return self.said

    def none_has_all(self, words: list[Node]) -> bool:
        """Return whether there are several words, and no entry has them all, whatever filters leave."""
        return len(words) > 1 and not len(self.conjunction(words).ids)

    def required(self, tree: Node) -> Node:
        """Return a tree without the words that an entry need not have, unless there are no others."""
        if self.literal or not isinstance(tree, And):
            return tree
        common = self.words.meanings.common
        rest = tuple(node for node in tree.nodes if not (isinstance(node, Word) and node.text.lower() in common))
        return And(rest) if wanted(And(rest)) else tree

    def node(self, node: Node) -> Scored:
        """Return which entries match a node, and what each is worth."""
        match node:
            case Word():
                return self.word(node)
            case Phrase(text):
                return self.phrase(text)
            case Match():
                return self.field(node)
            case Not(inner):
                return without(everything(self.index), [self.as_it_is(inner)], self.size)
            case Or(nodes):
                return any_of([self.node(inner) for inner in nodes], self.size)
            case And(nodes):
                return self.conjunction(nodes)

    def conjunction(self, nodes: Sequence[Node]) -> Scored:
        """Return what all of some nodes match; of none, everything does."""
        first = len(self.said.parts)
        filters = [node for node in nodes if is_choice(node)]
        others = [node for node in nodes if not isinstance(node, Not) and not is_choice(node)]
        left = [self.filtered(filters)] if filters else []
        scored = self.all_of(itertools.chain(left, self.conjuncts(others)))
        excluded = [self.as_it_is(node.node) for node in nodes if isinstance(node, Not)]
        return self.parted(first, without(scored, excluded, self.size)) if excluded else scored

    def all_of(self, found: Iterable[Scored]) -> Scored:
        """Return what all of some parts match, which are made here one after the other; of none, everything."""
        first = len(self.said.parts)
        made = list(found)
        return self.parted(first, all_of(made, self.size) if made else everything(self.index))

    def parted(self, first: int, scored: Scored) -> Scored:
        """Return what some nodes come to; their parts, from the `first` on, are left for the same entries alone."""
        self.said.parts[first:] = [part.among(scored.ids) for part in self.said.parts[first:]]
        return scored

    def as_it_is(self, node: Node) -> Scored:
        """Return what a node that is excluded matches: its words are not widened, nor are they marked."""
        matcher = Matcher(self.words, literal=True)
        scored = matcher.node(node)
        self.said.notices += matcher.said.notices
        return scored

    def conjuncts(self, nodes: Sequence[Node]) -> Iterator[Scored]:
        """Yield what each of some nodes matches; words that make up a phrase are one with what means the same."""
        i = 0
        while i < len(nodes):
            phrasing = None if self.literal else self.phrasing_at(nodes, i)
            if phrasing is None:
                yield self.node(nodes[i])
                i += 1
                continue
            words, others = phrasing
            length = len(words)
            typed = self.all_of(map(self.node, nodes[i : i + length]))
            meant = [self.phrase(other, SAME_WEIGHT, "of the same meaning") for other in others]
            yield any_of([typed, *meant], self.size)
            i += length

    def phrasing_at(self, nodes: Sequence[Node], at: int) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Return the words from a place on that mean the same as others together, and these others."""
        first = nodes[at]
        if not isinstance(first, Word):
            return None
        for words, others in self.words.meanings.phrasings.get(first.text.lower(), ()):
            typed = tuple(node.text.lower() if isinstance(node, Word) else "" for node in nodes[at : at + len(words)])
            if typed == words:
                return words, others
        return None

    def word(self, word: Word) -> Scored:
        """Return the entries that have a word; one that is written with signs inside is several, all wanted."""
        resolve = self.words.explain if self.explained else self.words.resolve
        resolved = resolve(word, literal=self.literal)
        self.said.marks |= resolved.marks
        self.said.aliases += resolved.aliases
        self.said.notices += [*(alias.notice for alias in resolved.aliases), *filter(None, [resolved.notice])]
        self.said.parts += resolved.parts
        if resolved.corrected:
            self.said.corrected[word.text] = resolved.corrected
        return resolved.scored

    def phrase(self, text: str, weight: float = 1.0, relation: str = "as a phrase") -> Scored:
        """Return the entries in which the words of a text stand next to each other."""
        self.said.marks |= forms_in(text)
        found = weighed(self.words.phrase(text) or NOTHING, weight)
        self.said.parts += [Part(text, "text", relation, found)] if self.explained else []
        return found

    def field(self, node: Match) -> Scored:
        """Return the entries whose field holds a value."""
        if node.field in FILTERS:
            return self.filtered([node])
        return unscored(self.dated(node) if node.field in DATED else self.held(node))

    def filtered(self, nodes: Iterable[Match]) -> Scored:
        """Return the entries that some filters leave, just as where these are chosen; what no entry has is said."""
        query, notices = facet.settled(self.index, Query(filters=gathered(nodes)))
        self.said.notices += notices
        return unscored(facet.having(self.index, query.filters))

    def held(self, node: Match) -> Mask:
        """Return the entries with an id, or with what it became, or of a series."""
        redirects = self.index.about["redirects"] if node.field == "id" else {}
        return self.index.marked(node.field, [redirects.get(node.value, node.value)])

    def dated(self, node: Match) -> Mask:
        """Return the entries of issues before a day, or on it and after."""
        limit = day_of(node.value)
        assert limit, node  # the parser left out what is no date
        days = self.index.days
        return days < (limit - EPOCH).days if node.field == "before" else days >= (limit - EPOCH).days

    def closest(self, tree: And) -> None:
        """Take the entries with most of the weight of a query's words, by the share of it that they have."""
        self.said.parts.clear()
        idf = self.words.scorer.idf
        nodes = wanted(tree)
        found = [self.node(inner) for inner in nodes]
        self.said.absent += [
            node.text for node, each in zip(nodes, found, strict=True) if isinstance(node, Word) and not len(each.ids)
        ]
        weights = [idf(len(each.ids)) for each in found]
        shares = [
            Scored(each.ids, np.full(len(each.ids), weight, np.float32))
            for each, weight in zip(found, weights, strict=True)
        ]
        share, sums = any_of(shares, self.size), any_of(found, self.size)
        others = [node for node in tree.nodes if isinstance(node, Not | Match)]
        keep = looked_up(self.conjunction(others), share.ids, self.size)[0] if others else np.ones(len(share.ids), bool)
        ids, part, scores = share.ids[keep], share.scores[keep], sums.scores[keep]
        if not len(ids):
            return
        total, best = sum(weights), float(part.max())
        if best < TOO_FAR * total:
            return
        chosen = part >= (CLOSE_ENOUGH * total if best >= CLOSE_ENOUGH * total else best - 1e-4)
        ids, part, scores = ids[chosen], part[chosen] / np.float32(total), scores[chosen]
        self.said.shares = part
        self.said.scored = Scored(ids, part * (1 + scores / np.float32(max(float(sums.scores.max()), 1e-9))))


def unscored(mask: Mask) -> Scored:
    """Return some entries, worth nothing."""
    ids = np.flatnonzero(mask)
    return Scored(ids, np.zeros(len(ids), dtype=np.float32))


def is_choice(node: Node) -> TypeGuard[Match]:
    return isinstance(node, Match) and node.field in FILTERS


def wanted(tree: And) -> list[Node]:
    return [inner for inner in tree.nodes if not isinstance(inner, Not | Match)]
