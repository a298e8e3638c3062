"""A tree of a query to the entries that match it, each with its score."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeGuard

import numpy as np

from indexer.index.analysis import Term, fold, terms, tokens
from indexer.index.kept import Kept
from indexer.index.opening import PLACE_BITS, Floats, Ids, Index, Keys, Mask, distinct
from indexer.index.schema import INSIDE, NAME_FIELDS, SEARCHED, TEXT_FIELDS
from indexer.search import facet
from indexer.search.parse import DATED, FILTERS, And, Match, Node, Not, Or, Phrase, Query, Word, day_of, gathered
from indexer.search.score import (
    ALIAS_WEIGHT,
    FIELD_WEIGHTS,
    NOTHING,
    PHRASE_WEIGHT,
    PREFIX_WEIGHT,
    SAME_WEIGHT,
    Scored,
    Scorer,
    all_of,
    any_of,
    looked_up,
    weighed,
    without,
)
from indexer.search.suggest import Alias, Meanings, Speller

MOST_EXPANSIONS = 256
CLOSE_ENOUGH = 0.5
EPOCH = date(1970, 1, 1)
FUNC_PREFIX = "bpf_func_"
PREFIXES = ("bpf_map_type_", "bpf_prog_type_", "bpf_")
SHORT_COMMIT = 12
COMMIT = re.compile(rf"^[0-9a-f]{{{SHORT_COMMIT + 1},40}}$")
MOST_RESOLVED = 500_000  # entries of the words that are kept, and so many times more as the index has entries
RESOLVED_AN_ENTRY = 16
MOST_PHRASES = 1_000


class Lookup(NamedTuple):
    """A term to look up in some fields, how much it counts, and what it is to the word that was typed."""

    term: str
    fields: tuple[str, ...]
    weight: float = 1.0
    relation: str = ""


class Part(NamedTuple):
    """What a term adds to the score of the entries that have it in a field; `relation` is to what was typed."""

    term: str
    field: str
    relation: str
    scored: Scored

    def among(self, ids: Ids) -> Part:
        """Return the part for some entries alone."""
        keep = np.isin(self.scored.ids, ids)
        return self._replace(scored=Scored(self.scored.ids[keep], self.scored.scores[keep]))


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a word comes to: its entries, of which parts they are the sum, what to mark, its other names.

    `corrected` is the word that was searched in its place, `notice` what else there is to say.
    """

    scored: Scored
    marks: frozenset[str] = frozenset()
    aliases: tuple[Alias, ...] = ()
    corrected: str | None = None
    parts: tuple[Part, ...] = ()
    notice: str = ""


@dataclass(slots=True)
class Matched:
    """The entries that match, and the score of each.

    `marks` are the terms to mark, `notices` what to say, `corrected` the words that no entry has, each with the one
    that was searched in its place, `aliases` the other names that were searched, too. `shares` is, where no entry had
    all words, how much of their weight each has.
    """

    scored: Scored
    shares: Floats | None = None
    marks: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    aliases: list[Alias] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def keep(self, left: Mask) -> None:
        """Leave only some of the entries."""
        self.scored = Scored(self.scored.ids[left], self.scored.scores[left])
        self.shares = None if self.shares is None else self.shares[left]


class Words:
    """Resolves single words over one index; what common ones come to is kept, bounded."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.index: Index = scorer.index
        self.meanings = Meanings(self.index.about)
        self.speller = Speller(self.index)
        most = MOST_RESOLVED + RESOLVED_AN_ENTRY * self.index.size
        self._resolved: Kept[Resolved] = Kept(most, lambda held: len(held.scored.ids) + len(held.marks))
        self._worth: Kept[Scored] = Kept(most, lambda held: len(held.ids))

    def resolve(self, word: Word, *, literal: bool) -> Resolved:
        """Return what a word comes to; `literal` means as it is, without a correction or a word of its meaning."""
        return self._resolved.get((word, literal), lambda: self._resolve(word, literal=literal))

    def explain(self, word: Word, *, literal: bool) -> Resolved:
        """Return what a word comes to, with the parts that its scores are the sums of."""
        return self._resolve(word, literal=literal, explained=True)

    def _resolve(self, word: Word, *, literal: bool, explained: bool = False) -> Resolved:
        if word.prefix:
            return self._prefix(fold(word.text).lstrip("_"))
        meant = None if literal else self._meant(word)
        aliases: list[Alias] = []
        found = [self._lookups(token, aliases) for token in tokens(meant or word.text)]
        groups = [lookups for lookups_of_token in found for lookups in lookups_of_token]
        parts = [[*self._looked_up(group), *(() if literal else self._same(group))] for group in groups]
        scored = self._all([any_of([part.scored for part in each] or [NOTHING], self.index.size) for each in parts])
        marks = frozenset(lookup.term for group in groups for lookup in group)
        kept = tuple(part.among(scored.ids) for each in parts for part in each) if explained else ()
        return Resolved(scored, marks, tuple(aliases), meant, kept)

    def _all(self, found: Sequence[Scored]) -> Scored:
        return all_of(found, self.index.size) if found else everything(self.index)

    def _looked_up(self, lookups: Iterable[Lookup]) -> Iterator[Part]:
        for lookup in lookups:
            for name in lookup.fields:
                if impacts := self.scorer.impacts(name, lookup.term):
                    weight = FIELD_WEIGHTS[name] * lookup.weight
                    yield Part(lookup.term, name, lookup.relation, weighed(impacts, weight))

    def _same(self, lookups: Iterable[Lookup]) -> Iterator[Part]:
        """Yield what it is worth in an entry that its patches have a word, or that it says the same in other words."""
        typed = {lookup.term for lookup in lookups}
        for term in typed:
            if impacts := self.scorer.impacts(INSIDE, term):
                yield Part(term, INSIDE, "in its patches", weighed(impacts, FIELD_WEIGHTS[INSIDE]))
        for other in dict.fromkeys(other for term in typed for other in self.meanings.others.get(term, ())):
            if found := self.phrase(other):
                yield Part(other, "text", "of the same meaning", weighed(found, SAME_WEIGHT))

    def _lookups(self, token: list[Term], aliases: list[Alias]) -> list[list[Lookup]]:
        """Return what to look up for each place of a token; a call, a host or a file name is one as a whole."""
        whole = token[0].text
        several = token[-1].position > token[0].position
        if ((several and "." in whole) or (whole.endswith("()") and "_" not in whole)) and self._held(whole):
            return [[Lookup(whole, TEXT_FIELDS)]]
        places: dict[int, list[str]] = {}
        for term in token:
            if not term.text.endswith("()") and not (several and "." in term.text):
                places.setdefault(term.position, []).append(term.text)
        return [self._of_terms(found, aliases) for found in places.values()]

    def _held(self, term: str) -> bool:
        return any(self.scorer.impacts(name, term) for name in TEXT_FIELDS)

    def _of_terms(self, found: list[str], aliases: list[Alias]) -> list[Lookup]:
        """Return the lookups for the terms of one word: in the text, as a name, as part of one, and its other names."""
        lookups = []
        for written in found:
            term = "bpf_" + written.removeprefix(FUNC_PREFIX) if written.startswith(FUNC_PREFIX) else written
            term = term[:SHORT_COMMIT] if COMMIT.match(term) else term
            lookups.append(Lookup(term, (*TEXT_FIELDS, *NAME_FIELDS)))
            for alias in self.meanings.aliases.get(term, ()):
                lookups.append(Lookup(alias.name, ("names",), ALIAS_WEIGHT, "another name"))
                if self.scorer.impacts("names", alias.written):
                    aliases.append(alias)
        return lookups

    def _meant(self, word: Word) -> str | None:
        """Return the word that is meant by one that no entry has, None for one that an entry has or none is like.

        A name that the kernel has is spelt right, though no entry has it.
        """
        found = [lookups for token in tokens(word.text) for lookups in self._lookups(token, [])]
        if not found or any(self._any_holds(lookups) for lookups in found):
            return None
        if self._is_kernels(word):
            return self._shorter(word)
        return self.speller.nearest(word.text.removesuffix("()"))

    def _any_holds(self, lookups: Iterable[Lookup]) -> bool:
        return any(self.scorer.impacts(name, lookup.term) for lookup in lookups for name in lookup.fields)

    def _shorter(self, word: Word) -> str | None:
        """Return what is left of a kernel's name without its prefix, where the issues write but that: sockmap."""
        name = kernels_name(word)
        tails = [name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)]
        held = [tail for tail in tails if any(self.scorer.impacts(field, tail) for field in SEARCHED)]
        return held[0] if held else None

    def _is_kernels(self, word: Word) -> bool:
        landings, name = self.index.about["landings"], kernels_name(word)
        return name in landings or name.upper() in landings

    def _prefix(self, prefix: str) -> Resolved:
        """Return the entries that have a word with a prefix; which of these it is makes no difference."""
        marks: set[str] = set()
        parts: list[Part] = []
        cut = False
        for name in (*TEXT_FIELDS, *NAME_FIELDS):
            found = self.index.with_prefix(name, prefix, MOST_EXPANSIONS + 1)
            cut = cut or len(found) > MOST_EXPANSIONS
            found = found[:MOST_EXPANSIONS]
            ids = np.flatnonzero(self.index.marked(name, found)) if found else NOTHING.ids
            if len(ids):
                worth = FIELD_WEIGHTS[name] * PREFIX_WEIGHT * self.scorer.idf(len(ids))
                scored = Scored(ids, np.full(len(ids), worth, dtype=np.float32))
                parts.append(Part(f"{prefix}*", name, "begins so", scored))
            marks.update(found)
        notice = f"{prefix}* begins over {MOST_EXPANSIONS} words; the first of them were searched"
        scored = any_of([part.scored for part in parts] or [NOTHING], self.index.size)
        return Resolved(scored, frozenset(marks), parts=tuple(parts), notice=notice if cut else "")

    def phrase(self, text: str) -> Scored | None:
        """Return the entries in which words, in any of their forms, stand together; None where there are none."""
        words = forms_by_place(text)
        if not words:
            return None
        places = [(place, self.index.places(forms)) for place, forms in words]
        (first, starts), *others = sorted(places, key=lambda pair: len(pair[1]))
        for place, keys in others:
            starts = starts[among(starts + (place - first), keys)] if len(keys) else keys
        ids = distinct(starts >> PLACE_BITS)
        if not len(ids):
            return None
        worth = np.zeros(len(ids), dtype=np.float32)
        for _, forms in words:
            held = self._in_texts(forms)  # which all of these entries are among
            worth += held.scores[held.ids.searchsorted(ids)]
        return Scored(ids, worth * np.float32(PHRASE_WEIGHT))

    def _in_texts(self, forms: tuple[str, ...]) -> Scored:
        """Return what a word that stands in the texts, in any of some forms, is worth."""
        return self._worth.get(forms, lambda: self._of_forms(forms))

    def _of_forms(self, forms: tuple[str, ...]) -> Scored:
        parts = self._looked_up(Lookup(form, TEXT_FIELDS) for form in forms)
        return any_of([part.scored for part in parts] or [NOTHING], self.index.size)


def kernels_name(word: Word) -> str:
    """Return a word as the kernel writes the name of a helper."""
    name = fold(word.text).removesuffix("()")
    return "bpf_" + name.removeprefix(FUNC_PREFIX) if name.startswith(FUNC_PREFIX) else name


def everything(index: Index) -> Scored:
    """Return all entries, worth nothing."""
    return Scored(index.all, np.zeros(index.size, dtype=np.float32))


@lru_cache(maxsize=MOST_PHRASES)
def forms_by_place(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the forms of the word at each place of a phrase; a call does not count."""
    places: dict[int, list[str]] = {}
    for term in terms(text):
        if not term.text.endswith("()"):
            places.setdefault(term.position, []).append(term.text)
    return [(place, tuple(forms)) for place, forms in places.items()]


def among(few: Keys, many: Keys) -> Mask:
    """Return which of some keys are among others; both are sorted."""
    at = many.searchsorted(few)
    return np.equal(many.take(at, mode="clip"), few)


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
        filters = [node for node in nodes if is_filter(node)]
        others = [node for node in nodes if not isinstance(node, Not) and not is_filter(node)]
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
        self.said.marks.update(form for _, forms in forms_by_place(text) for form in forms)
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
        found = [self.node(inner) for inner in wanted(tree)]
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
        chosen = part >= (CLOSE_ENOUGH * total if best >= CLOSE_ENOUGH * total else best - 1e-4)
        ids, part, scores = ids[chosen], part[chosen] / np.float32(total), scores[chosen]
        self.said.shares = part
        self.said.scored = Scored(ids, part * (1 + scores / np.float32(max(float(sums.scores.max()), 1e-9))))


def unscored(mask: Mask) -> Scored:
    """Return some entries, worth nothing."""
    ids = np.flatnonzero(mask)
    return Scored(ids, np.zeros(len(ids), dtype=np.float32))


def is_filter(node: Node) -> TypeGuard[Match]:
    return isinstance(node, Match) and node.field in FILTERS


def wanted(tree: And) -> list[Node]:
    return [inner for inner in tree.nodes if not isinstance(inner, Not | Match)]
