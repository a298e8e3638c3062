"""Resolve a word or phrase to its entries: term expansion and spelling correction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np

from indexer.analysis import Term, fold, tokens
from indexer.query.tree import Word
from indexer.search.dates import YEAR
from indexer.search.paths import parts_of_path, weights_of, without_line
from indexer.search.phrases import among, forms_by_place
from indexer.search.readings import Reader, Reading, is_later
from indexer.search.resolved import Lookup, Part, Resolved
from indexer.search.scoring import (
    ALIAS_WEIGHT,
    BRINGING_WEIGHT,
    FIELD_WEIGHTS,
    NOTHING,
    PHRASE_WEIGHT,
    PREFIX_WEIGHT,
    RARE_WEIGHT,
    SAME_WEIGHT,
    WITH_YEAR_WEIGHT,
    Scored,
    Scorer,
    all_of,
    any_of,
    cache_size,
    everything,
    weighed,
)
from indexer.search.spelling import Speller
from indexer.search.synonyms import Alias, Synonyms
from indexer.storage.cache import LRU
from indexer.storage.index import PLACE_BITS, Index, distinct
from indexer.storage.schema import INSIDE, NAME_FIELDS, SEARCHED, TEXT_FIELDS

MOST_EXPANSIONS = 256
CODE_FILES = ("c", "h", "py", "go", "rs", "s", "o", "ko", "rst", "txt", "md", "sh")
FOUND = (*TEXT_FIELDS, *NAME_FIELDS)  # fields that make an entry match
IN_PATHS = ("title", "body", *NAME_FIELDS)
SHORT_COMMIT = 12
COMMIT = re.compile(rf"^[0-9a-f]{{{SHORT_COMMIT + 1},40}}$")
MOST_RESOLVED = 500_000  # size of the cache of resolved words over a small index, in entries


class Words:
    """Resolves single words over one index, with a bounded cache."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.index: Index = scorer.index
        self.languages = self.index.about.languages
        self.synonyms = Synonyms(self.index.metadata)
        self.speller = Speller(self.index)
        self.reader = Reader(self.index, self.speller)
        most = cache_size(MOST_RESOLVED, self.index.size)
        self._resolved: LRU[Resolved] = LRU(most, lambda held: len(held.scored.ids) + len(held.marks))
        self._phrases: LRU[Scored | None] = LRU(most, lambda held: len(held.ids) if held else 0)

    def forget(self) -> None:
        """Drop the words that were read."""
        self._resolved.clear()
        self._phrases.clear()
        self.scorer.forget()

    def resolve(self, word: Word, *, literal: bool) -> Resolved:
        """Resolve a word; `literal` disables corrections and synonyms."""
        return self._resolved.get((word, literal), lambda: self._resolve(word, literal=literal))

    def explain(self, word: Word, *, literal: bool) -> Resolved:
        """Resolve a word, with the parts of its scores."""
        return self._resolve(word, literal=literal, explained=True)

    def _resolve(self, word: Word, *, literal: bool, explained: bool = False) -> Resolved:
        if word.prefix:
            return self._prefix(fold(word.text).lstrip("_"), explained=explained)
        if not literal and (folders_and_file := parts_of_path(self.reader, word.text)):
            word = Word(without_line(word.text))
            if not self.phrase(word.text):
                return self._path(folders_and_file, explained=explained)
        aliases: list[Alias] = []
        meant = None if literal else word.meant or self._meant(word.text)
        readings: list[Reading] = []
        groups: list[list[Lookup]] = []
        for token in tokens(meant or word.text, self.languages):
            lookups = self._lookups(token, aliases)
            written = word.text[token[0].start : token[-1].end]
            known = literal or all(map(self._any_holds, lookups)) or self.synonyms.nearby([written])
            if not known and (reading := self.reader.read(written)):
                readings.append(reading)
                lookups = [[Lookup(term, SEARCHED, relation="read so") for term in group] for group in reading.groups]
            groups += lookups
        parts = [[*self._looked_up(group), *(() if literal else self._same(group))] for group in groups]
        scored = self._all(list(map(self._any, parts)))
        if len(groups) > 1 and not readings and (adjacent := self.phrase(meant or word.text)):
            scored = any_of([scored, adjacent], self.index.size)
            parts.append([Part(word.text, "text", "as a phrase", adjacent)])
        if brought := [] if literal else list(self._bringing(self.synonyms.bare_name(word.text))):
            scored = any_of([scored, self._any(brought)], self.index.size)
            parts.append(brought)
        marks = frozenset(lookup.term for group in groups for lookup in group)
        kept = tuple(part.among(scored.ids) for each in parts for part in each) if explained else ()
        whole = all(reading.whole for reading in readings)
        shown = " ".join(reading.shown for reading in readings)
        corrected = meant or (shown if readings and whole and shown != fold(word.text) else None)
        return Resolved(scored, marks, tuple(aliases), corrected, kept, read_as=None if whole else shown)

    def _path(self, readings: Sequence[Reading], *, explained: bool) -> Resolved:
        """Return the entries that match a part of a path."""
        lookups = [[Lookup(term, IN_PATHS, relation="read so") for term in each.groups[0]] for each in readings]
        looked_up = [list(self._looked_up(each)) for each in lookups]
        weights = weights_of(readings, [self._any(each) for each in looked_up], self.scorer)
        parts = [
            [part._replace(scored=weighed(part.scored, weight)) for part in each]
            for each, weight in zip(looked_up, weights, strict=True)
        ]
        scored = self._any(part for each in parts for part in each)
        scored = all_of([scored, weighed(self._any(parts[-1]), 0)], self.index.size) if readings[-1].whole else scored
        marks = frozenset(term for each in readings for term in each.groups[0])
        kept = tuple(part for each in parts for part in each) if explained else ()
        shown = " or ".join(dict.fromkeys(each.shown for each in readings))
        return Resolved(scored, marks, parts=kept, read_as=shown)

    def _any(self, parts: Iterable[Part]) -> Scored:
        return any_of([part.scored for part in parts] or [NOTHING], self.index.size)

    def _all(self, found: Sequence[Scored]) -> Scored:
        return all_of(found, self.index.size) if found else self.everything()

    def everything(self) -> Scored:
        """Return all entries with score zero, always the same object."""
        return self.index.once(everything)

    def _looked_up(self, lookups: Iterable[Lookup]) -> Iterator[Part]:
        for lookup in lookups:
            found = self.scorer.of(lookup.term)
            for name in lookup.fields if found else ():
                if impacts := found.get(name):
                    weight = FIELD_WEIGHTS[name] * lookup.weight
                    yield Part(lookup.term, name, lookup.relation, weighed(impacts, weight))

    def _same(self, lookups: Iterable[Lookup]) -> Iterator[Part]:
        """Yield the parts for words in the patches of a cover letter, and for synonyms."""
        typed = dict.fromkeys([lookup.term for lookup in lookups])
        for term in typed:
            if impacts := self.scorer.impacts(INSIDE, term):
                yield Part(term, INSIDE, "in its patches", weighed(impacts, FIELD_WEIGHTS[INSIDE]))
        for other in dict.fromkeys(other for term in typed for other in self.synonyms.others.get(term, ())):
            if found := self.synonym(other):
                yield Part(
                    other, "text", "of the same meaning", weighed(found, SAME_WEIGHT * self._rarer(typed, found))
                )

    def _rarer(self, typed: Iterable[str], found: Scored) -> float:
        """Return the ratio of the rarity of the typed words to that of a synonym, at most 1."""
        most = max(self.speller.holders(term) for term in typed)
        return min(1.0, self.scorer.idf(most) / self.scorer.idf(len(found.ids))) if most else 1.0

    def _bringing(self, name: str) -> Iterator[Part]:
        """Yield the bonus for the entry of the commit that introduced a known identifier."""
        landing = self.synonyms.landing(name, name.upper())
        if landing and landing.commit:
            commit = landing.commit[:SHORT_COMMIT]
            yield from self._looked_up([Lookup(commit, ("names",), BRINGING_WEIGHT, "brought it")])

    def _lookups(self, token: list[Term], aliases: list[Alias]) -> list[list[Lookup]]:
        """Return the lookups for each position of a token. A call, host name or file name counts as one position."""
        whole = token[0].text
        several = token[-1].position > token[0].position
        if ((several and "." in whole) or (whole.endswith("()") and "_" not in whole)) and self._held(
            whole, TEXT_FIELDS
        ):
            return [[Lookup(whole, TEXT_FIELDS)]]
        places: dict[int, list[str]] = {}
        for term in token:
            named = several and "." in whole and term.text in CODE_FILES and term.position == token[-1].position
            if not term.text.endswith("()") and not (several and "." in term.text) and not named:
                places.setdefault(term.position, []).append(term.text)
        return [self._of_terms(found, aliases) for found in places.values()]

    def _held(self, term: str, fields: Iterable[str]) -> bool:
        return not self.index.counts_of(term).keys().isdisjoint(fields)

    def _of_terms(self, found: list[str], aliases: list[Alias]) -> list[Lookup]:
        """Return the lookups for the terms of a word: in the text, as a name or part of one, and its aliases."""
        lookups = []
        for written in found:
            term = self.synonyms.with_usual_prefix(written)
            term = term[:SHORT_COMMIT] if COMMIT.match(term) else term
            lookups.append(Lookup(term, FOUND))
            for alias in self.synonyms.aliases.get(term, ()):
                lookups.append(Lookup(alias.name, ("names",), ALIAS_WEIGHT, "another name"))
                if self.scorer.impacts("names", alias.written):
                    aliases.append(alias)
        return lookups

    def _meant(self, text: str) -> str | None:
        """Return the correction of a word with an unknown token; None if it is right or nothing is near."""
        if text.isascii() and text.replace("_", "").isalnum() and self._held(text.lower().strip("_"), FOUND):
            return None  # most words are plain or an identifier, and known
        meant = text
        for token in reversed(list(tokens(text, self.languages))):
            if any(map(self._any_holds, self._lookups(token, []))):
                continue
            start, end = token[0].start, token[-1].end
            nearest = self._meant_token(text[start:end])
            if nearest is None:
                return None
            meant = meant[:start] + nearest + meant[end:]
        return meant if meant != text else None

    def _meant_token(self, written: str) -> str | None:
        """Return the correction of an unknown token. Names in the tables of facts are correct."""
        name = self.synonyms.bare_name(written)
        if landing := self.synonyms.landing(name, name.upper()):
            return None if is_later(self.index, landing.version) else self._shorter(name)
        if self.synonyms.knows(name):
            return None
        if self.speller.is_correct(name := fold(written).removesuffix("()")):
            return None
        synonyms = (
            word for word in self.synonyms.spelt_like(name) if any(map(self.synonym, self.synonyms.others[word]))
        )
        return self.speller.nearest(name) or next(synonyms, None)

    def _any_holds(self, lookups: Iterable[Lookup]) -> bool:
        return any(self._held(term, fields) for term, fields, *_ in lookups)

    def _shorter(self, name: str) -> str | None:
        """Return a known name without its prefix, if the issues write only that, such as sockmap."""
        return next((each for each in self.synonyms.without_prefix(name) if self.index.counts_of(each)), None)

    def _prefix(self, prefix: str, *, explained: bool) -> Resolved:
        """Return the entries that have any word with a prefix."""
        marks: set[str] = set()
        parts: list[Part] = []
        cut = False
        for name in FOUND:
            found, ids, more = self.index.beginning(name, prefix, MOST_EXPANSIONS)
            cut = cut or more
            if len(ids):
                worth = FIELD_WEIGHTS[name] * PREFIX_WEIGHT * self.scorer.idf(len(ids))
                scored = Scored(ids, np.full(len(ids), worth, dtype=np.float32))
                parts.append(Part(f"{prefix}*", name, "begins so", scored))
            marks.update(found)
        scored = self._any(parts)
        return Resolved(
            scored, frozenset(marks), parts=tuple(parts) if explained else (), notice=cut_off(prefix) if cut else ""
        )

    def written_as_one(self, words: Sequence[str]) -> Iterator[Part]:
        """Yield the scores of words in joined form, with and without underscores; the usual form counts most."""
        ways = ["_".join(words), "".join(words)]
        ways = [way for way in ways if self.index.counts_of(way)]
        held = [self.speller.holders(way) for way in ways]
        if YEAR.match(words[-1]):  # LISA17 for LISA 2017
            name = "".join((*words[:-1], words[-1][2:]))
            yield from self._looked_up([Lookup(name, SEARCHED, WITH_YEAR_WEIGHT, "written as one")])
        for way, holders in zip(ways, held, strict=True):
            weight = max(RARE_WEIGHT, holders / max(*held, 1))
            yield from self._looked_up([Lookup(way, SEARCHED, weight, "written as one")])

    def phrase(self, text: str) -> Scored | None:
        """Return the entries with adjacent words, in any of their forms, or None. Recent phrases are cached."""
        return self._phrases.get(text, lambda: self._phrase(text))

    def _phrase(self, text: str) -> Scored | None:
        words = forms_by_place(text, self.languages)
        if len(words) < 2:
            found = self._of_forms(words[0][1]) if words else NOTHING
            return found if len(found.ids) else None
        places = [(place, self.index.places(forms)) for place, forms in words]
        (first, starts), *others = sorted(places, key=lambda pair: len(pair[1]))
        for place, keys in others:
            starts = starts[among(starts + (place - first), keys)] if len(keys) else keys
        if not len(starts):
            return None
        ids = distinct(starts >> PLACE_BITS)
        held = [self._of_forms(forms) for _, forms in words]  # these entries are a subset of each
        return Scored(ids, reduce(np.add, [each.scores[each.ids.searchsorted(ids)] for each in held]))

    def synonym(self, text: str) -> Scored | None:
        """Return the entries with a synonym: adjacent words, or one word, which may also be a part of a name."""
        words = self.phrase(text)
        named = list(self._looked_up([Lookup(text, NAME_FIELDS)])) if text.isalnum() else []
        found = [*([words] if words else []), *(part.scored for part in named)]
        return any_of(found, self.index.size) if found else None

    def _of_forms(self, forms: tuple[str, ...]) -> Scored:
        """Return the scores of a phrase's word in the texts, in any of its forms."""
        parts = self._looked_up(Lookup(form, TEXT_FIELDS) for form in forms)
        return weighed(self._any(parts), PHRASE_WEIGHT)


def cut_off(prefix: str) -> str:
    """Return the notice on a prefix of more words than are searched."""
    return f"More than {MOST_EXPANSIONS} words begin with {prefix}. Searched for the first {MOST_EXPANSIONS}."
