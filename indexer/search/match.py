"""A tree of a query to the entries that match it, each with its score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from indexer.index.analysis import Term, fold, terms, tokens
from indexer.index.opening import Floats, Index
from indexer.index.schema import TEXT_FIELDS
from indexer.search import facet
from indexer.search.parse import And, Match, Node, Not, Or, Phrase, Query, Word
from indexer.search.score import ALIAS_WEIGHT, FIELD_WEIGHTS, PHRASE_WEIGHT, Scorer

Mask = npt.NDArray[np.bool_]
MOST_EXPANSIONS = 256
CLOSE_ENOUGH = 0.5
EPOCH = date(1970, 1, 1)
FUNC_PREFIX = "bpf_func_"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A term to look up in some fields, and how much it counts."""

    term: str
    fields: tuple[str, ...]
    weight: float = 1.0


@dataclass
class Matched:
    """The entries that match: which, with what score; `marks` are the terms to mark, `notices` what to say."""

    mask: Mask
    scores: Floats
    closest: bool = False
    marks: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)


class Matcher:
    """Matches one query against one index."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.index: Index = scorer.index
        self.marks: set[str] = set()
        self.notices: list[str] = []

    def match(self, tree: Node) -> Matched:
        """Return the entries that match all of a tree; where none has all of its words, those that are closest."""
        mask, scores = self.node(tree)
        closest = False
        if not mask.any() and isinstance(tree, And) and len(wanted(tree)) > 1:
            mask, scores = self.closest(tree)
            closest = bool(mask.any())
        return Matched(mask, scores * self.scorer.prior, closest, self.marks, self.notices)

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
                marks = set(self.marks)
                mask, _ = self.node(inner)
                self.marks = marks
                return ~mask, self.zeros()
            case Or(nodes):
                found = [self.node(inner) for inner in nodes]
                return np.logical_or.reduce([m for m, _ in found]), sum_of(s * m for m, s in found)
            case And(nodes):
                found = [self.node(inner) for inner in nodes]
                mask = np.logical_and.reduce([m for m, _ in found]) if found else np.ones(self.index.size, bool)
                return mask, sum_of((s for _, s in found), self.zeros())

    def zeros(self) -> Floats:
        return np.zeros(self.index.size, dtype=np.float32)

    def word(self, word: Word) -> tuple[Mask, Floats]:
        """Return the entries that have a word; one that is written with signs inside is several, all wanted."""
        mask, scores = np.ones(self.index.size, bool), self.zeros()
        for lookups in self.lookups(word):
            each = self.zeros()
            for lookup in lookups:
                self.marks.add(lookup.term)
                for name in lookup.fields:
                    if impacts := self.scorer.impacts(name, lookup.term):
                        each[impacts[0]] += impacts[1] * np.float32(FIELD_WEIGHTS[name] * lookup.weight)
            mask &= each > 0
            scores += each
        return mask, scores

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
                self.notices.append(f"{alias['canonical']} is also written {alias['written']}: {alias['why']}")
            yield canonical if term == written else written

    def of_prefix(self, prefix: str) -> list[Lookup]:
        found = []
        for name in FIELD_WEIGHTS:
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
        for place, forms in places.items():
            keys = [np.empty(0, np.int64)]
            for form in forms:
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


def sum_of(arrays: Iterable[Floats], start: Floats | None = None) -> Floats:
    total = start
    for array in arrays:
        total = array.astype(np.float32) if total is None else total + array
    assert total is not None
    return total
