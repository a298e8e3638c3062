"""A tree of a query to the entries that match it, each with its score."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from indexer.index.analysis import Term, fold, forms, terms, tokens
from indexer.index.opening import Floats, Index
from indexer.index.schema import INSIDE, NAME_FIELDS, SEARCHED, TEXT_FIELDS
from indexer.search import facet
from indexer.search.parse import And, Match, Node, Not, Or, Phrase, Query, Word
from indexer.search.score import ALIAS_WEIGHT, FIELD_WEIGHTS, PHRASE_WEIGHT, SAME_WEIGHT, Scorer
from indexer.search.suggest import Speller

Mask = npt.NDArray[np.bool_]
Scored = tuple[Mask, Floats]
MOST_EXPANSIONS = 256
CLOSE_ENOUGH = 0.5
EPOCH = date(1970, 1, 1)
FUNC_PREFIX = "bpf_func_"
PREFIXES = ("bpf_map_type_", "bpf_prog_type_", "bpf_")
SHORT_COMMIT = 12
COMMIT = re.compile(rf"^[0-9a-f]{{{SHORT_COMMIT + 1},40}}$")


@dataclass(frozen=True, slots=True)
class Lookup:
    """A term to look up in some fields, and how much it counts."""

    term: str
    fields: tuple[str, ...]
    weight: float = 1.0


@dataclass
class Matched:
    """The entries that match, and the score of each.

    `marks` are the terms to mark, `notices` what to say, `corrected` the words that no entry has, each with the one
    that was searched in its place.
    """

    mask: Mask
    scores: Floats
    closest: bool = False
    marks: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)


class Matcher:
    """Matches one query against one index."""

    def __init__(self, scorer: Scorer, speller: Speller, *, literal: bool = False) -> None:
        self.scorer = scorer
        self.speller = speller
        self.literal = literal
        self.index: Index = scorer.index
        self.marks: set[str] = set()
        self.notices: list[str] = []
        self.corrected: dict[str, str] = {}

    def match(self, tree: Node) -> Matched:
        """Return the entries that match all of a tree; where none has all of its words, those that are closest."""
        tree = self.required(tree)
        mask, scores = self.node(tree)
        closest = False
        if isinstance(tree, And) and not mask.any() and len(words := wanted(tree)) > 1:
            closest = not self.node(And(tuple(words)))[0].any()
            if closest:
                mask, scores = self.closest(tree)
                closest = bool(mask.any())
        return Matched(mask, scores * self.scorer.prior, closest, self.marks, self.notices, self.corrected)

    def required(self, tree: Node) -> Node:
        """Return a tree without the words that an entry need not have, unless there are no others."""
        if self.literal or not isinstance(tree, And):
            return tree
        common = set(self.index.about["common"])
        rest = tuple(node for node in tree.nodes if not (isinstance(node, Word) and node.text.lower() in common))
        return And(rest) if any(isinstance(node, Word | Phrase) for node in rest) else tree

    def node(self, node: Node) -> tuple[Mask, Floats]:
        """Return which entries match a node, and the score of each."""
        match node:
            case Word():
                return self.word(node)
            case Phrase():
                return self.phrase(node)
            case Match():
                return self.field(node), self.zeros()
            case Not(inner):
                return ~self.without_meaning().node(inner)[0], self.zeros()
            case Or(nodes):
                return any_of([self.node(inner) for inner in nodes])
            case And(nodes):
                return self.all_of(self.conjuncts(nodes))

    def all_of(self, found: list[Scored]) -> Scored:
        """Return what all of some parts match; of none, everything does."""
        mask = np.logical_and.reduce([m for m, _ in found]) if found else np.ones(self.index.size, bool)
        return mask, sum_of((s for _, s in found), self.zeros())

    def without_meaning(self) -> Matcher:
        """Return a matcher that takes words as they are: what is excluded is not widened, nor is it marked."""
        return Matcher(self.scorer, self.speller, literal=True)

    def conjuncts(self, nodes: tuple[Node, ...]) -> list[Scored]:
        """Return what each of some nodes matches; words that make up a phrase are one with what means the same."""
        found: list[Scored] = []
        i = 0
        while i < len(nodes):
            length, others = (0, []) if self.literal else self.phrase_at(nodes, i)
            if length > 1:
                typed = self.all_of([self.node(inner) for inner in nodes[i : i + length]])
                meant = [self.phrase(Phrase(other)) for other in others]
                found.append(any_of([typed, *((mask, scores * np.float32(SAME_WEIGHT)) for mask, scores in meant)]))
            else:
                found.append(self.node(nodes[i]))
            i += max(1, length)
        return found

    def phrase_at(self, nodes: tuple[Node, ...], at: int) -> tuple[int, list[str]]:
        """Return how many words from a place on are a phrase that means the same as others, and these others."""
        for group in self.index.about["same"]:
            for alternative in group:
                words = alternative.split()
                typed = nodes[at : at + len(words)]
                if len(words) > 1 and [n.text.lower() if isinstance(n, Word) else "" for n in typed] == words:
                    return len(words), [other for other in group if other != alternative]
        return 0, []

    def zeros(self) -> Floats:
        return np.zeros(self.index.size, dtype=np.float32)

    def word(self, word: Word) -> tuple[Mask, Floats]:
        """Return the entries that have a word; one that is written with signs inside is several, all wanted."""
        word = self.spelt(word)
        mask, scores = np.ones(self.index.size, bool), self.zeros()
        for lookups in self.lookups(word):
            each = self.same_meaning(lookups) if not (self.literal or word.prefix) else self.zeros()
            for lookup in lookups:
                self.marks.add(lookup.term)
                for name in lookup.fields:
                    if impacts := self.scorer.impacts(name, lookup.term):
                        each[impacts[0]] += impacts[1] * np.float32(FIELD_WEIGHTS[name] * lookup.weight)
            mask &= each > 0
            scores += each
        return mask, scores

    def spelt(self, word: Word) -> Word:
        """Return the word that is meant by one that no entry has."""
        if self.literal or word.prefix or any(self.held(lookups) for lookups in self.lookups(word)):
            return word
        meant = self.shorter(word) or self.speller.nearest(word.text.removesuffix("()"))
        if meant is None:
            return word
        self.corrected[word.text] = meant
        return Word(meant)

    def shorter(self, word: Word) -> str | None:
        """Return what is left of a kernel's name without its prefix, where the issues write but that: sockmap."""
        name = fold(word.text).removesuffix("()")
        landing = self.index.about["landings"]
        tails = [name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)]
        known = name in landing or name.upper() in landing
        held = [tail for tail in tails if any(self.index.postings(field, tail) for field in SEARCHED)]
        return held[0] if known and held else None

    def held(self, lookups: Iterable[Lookup]) -> bool:
        return any(self.index.postings(name, lookup.term) for lookup in lookups for name in lookup.fields)

    def same_meaning(self, lookups: list[Lookup]) -> Floats:
        """Return what it is worth in each entry that its patches have a word, or it says the same in other words."""
        scores = self.zeros()
        typed = {lookup.term for lookup in lookups}
        for term in typed:
            if impacts := self.scorer.impacts(INSIDE, term):
                scores[impacts[0]] += impacts[1] * np.float32(FIELD_WEIGHTS[INSIDE])
        for group in self.index.about["same"]:
            if any(typed & set(forms(alternative)) for alternative in group if " " not in alternative):
                for other in group:
                    if not typed & set(forms(other)):
                        mask, each = self.phrase(Phrase(other))
                        scores += np.where(mask, each * np.float32(SAME_WEIGHT), 0)
        return scores

    def lookups(self, word: Word) -> list[list[Lookup]]:
        """Return what to look up for each part of a word: any of the lookups, for all of the parts."""
        if word.prefix:
            return [self.of_prefix(fold(word.text))]
        return [lookups for token in tokens(word.text) for lookups in self.of_token(token)]

    def of_token(self, token: list[Term]) -> list[list[Lookup]]:
        """Return what to look up for each place of a token; a call, a host or a file name is one as a whole."""
        whole = token[0].text
        several = token[-1].position > token[0].position
        if ((several and "." in whole) or (whole.endswith("()") and "_" not in whole)) and self.holds(whole):
            return [[Lookup(whole, TEXT_FIELDS)]]
        places: dict[int, list[str]] = {}
        for term in token:
            if not term.text.endswith("()") and not (several and "." in term.text):
                places.setdefault(term.position, []).append(term.text)
        return [self.of_terms(found) for found in places.values()]

    def holds(self, term: str) -> bool:
        return any(self.index.postings(name, term) for name in TEXT_FIELDS)

    def of_terms(self, found: list[str]) -> list[Lookup]:
        """Return the lookups for the terms of one word: in the text, as a name, as part of one, and its other names."""
        lookups = []
        for term in found:
            term = "bpf_" + term.removeprefix(FUNC_PREFIX) if term.startswith(FUNC_PREFIX) else term
            if COMMIT.match(term):
                term = term[:SHORT_COMMIT]
            lookups.append(Lookup(term, (*TEXT_FIELDS, "names", "parts")))
            for other in self.aliases(term):
                lookups.append(Lookup(other, ("names",), ALIAS_WEIGHT))
        return lookups

    def aliases(self, term: str) -> Iterable[str]:
        """Return the other names of what a term names, and say which of them the issues write."""
        for alias in self.index.about["aliases"]:
            written, canonical = fold(alias["written"]), fold(alias["canonical"])
            if not canonical or term not in (written, canonical):
                continue
            if self.index.postings("names", written):
                names = f"the kernel has {alias['canonical']} where the issues write {alias['written']}"
                self.notices.append(f"{names}: {alias['why']}")
            yield canonical if term == written else written

    def of_prefix(self, prefix: str) -> list[Lookup]:
        found = []
        for name in (*TEXT_FIELDS, *NAME_FIELDS):
            terms_found = self.index.with_prefix(name, prefix, MOST_EXPANSIONS + 1)
            if len(terms_found) > MOST_EXPANSIONS:
                self.notices.append(f"{prefix}* begins over {MOST_EXPANSIONS} words; the first of them were searched")
                terms_found.pop()
            found += [Lookup(term, (name,), 0.5) for term in terms_found]
        return found

    def phrase(self, phrase: Phrase) -> tuple[Mask, Floats]:
        """Return the entries in which words, in any of their forms, stand next to each other in one field."""
        places: dict[int, list[str]] = {}
        for term in terms(phrase.text):
            if not term.text.endswith("()"):
                places.setdefault(term.position, []).append(term.text)
                self.marks.add(term.text)
        mask, scores = np.zeros(self.index.size, bool), self.zeros()
        for name in TEXT_FIELDS:
            self.phrase_in(name, places, mask, scores)
        return mask, scores

    def phrase_in(self, name: str, places: dict[int, list[str]], mask: Mask, scores: Floats) -> None:
        """Add the entries that have a phrase in one field."""
        together: npt.NDArray[np.int64] | None = None
        worth = self.zeros()
        for place, written in places.items():
            keys = [np.empty(0, np.int64)]
            for form in written:
                if impacts := self.scorer.impacts(name, form):
                    worth[impacts[0]] = np.maximum(worth[impacts[0]], impacts[1])
                    keys.append(self.index.positions(name, form, impacts[0]) - place)
            here = np.unique(np.concatenate(keys))
            together = here if together is None else np.intersect1d(together, here, assume_unique=True)
            if not len(together):
                return
        if together is not None:
            docs = np.unique(together >> 32)
            mask[docs] = True
            scores[docs] += worth[docs] * np.float32(FIELD_WEIGHTS[name] * PHRASE_WEIGHT * len(places))

    def field(self, node: Match) -> Mask:
        """Return the entries whose field holds a value; what no entry has is said."""
        if node.field in ("before", "after"):
            return self.dated(node)
        if node.field in ("id", "series"):
            found = self.index.postings(node.field, node.value)
            mask = np.zeros(self.index.size, bool)
            if found is not None:
                mask[found.ids] = True
            return mask
        query, notices = facet.settled(self.index, Query(filters={node.field: (node.value,)}))
        self.notices += notices
        return facet.having(self.index, query.filters)

    def dated(self, node: Match) -> Mask:
        """Return the entries of issues before a day, or on it and after."""
        parts = (node.value + "-01-01").split("-")[:3] if node.value.count("-") < 2 else node.value.split("-")
        try:
            year, month, day = (int(part) for part in parts)
            limit = (date(year, month, day) - EPOCH).days
        except (ValueError, OverflowError):
            self.notices.append(f"{node.field}:{node.value} is no date like 2017-08 or 2017-08-15; it was left out")
            return np.ones(self.index.size, bool)
        days = self.index.days
        return days < limit if node.field == "before" else days >= limit

    def closest(self, tree: And) -> tuple[Mask, Floats]:
        """Return the entries with most of the weight of a query's words, ranked by the share that they have."""
        share, scores, total = self.zeros(), self.zeros(), 0.0
        allowed = np.ones(self.index.size, bool)
        for inner in tree.nodes:
            mask, each = self.node(inner)
            if isinstance(inner, Not | Match):
                allowed &= mask
                continue
            weight = self.scorer.idf(int(mask.sum())) if mask.any() else self.scorer.idf(0)
            total += weight
            share += mask * np.float32(weight)
            scores += each * mask
        share *= allowed
        if not share.any():
            return share > 0, scores
        best = share.max()
        mask = share >= max(CLOSE_ENOUGH * total, 0.01) if best >= CLOSE_ENOUGH * total else share >= best - 1e-4
        return mask, (share / np.float32(total) * (1 + scores / max(float(scores.max()), 1e-9))).astype(np.float32)


def wanted(tree: And) -> list[Node]:
    return [inner for inner in tree.nodes if not isinstance(inner, Not | Match)]


def any_of(found: list[Scored]) -> Scored:
    """Return what any of some parts matches."""
    return np.logical_or.reduce([m for m, _ in found]), sum_of(s * m for m, s in found)


def sum_of(arrays: Iterable[Floats], start: Floats | None = None) -> Floats:
    total = start
    for array in arrays:
        total = array.astype(np.float32) if total is None else total + array
    assert total is not None
    return total
