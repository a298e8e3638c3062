"""Alternative readings of unknown words: short commit ids, joined words, parts of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

import numpy as np

from indexer.analysis import fold
from indexer.search.spelling import Speller, is_english
from indexer.storage.index import Index
from indexer.storage.schema import NAME_FIELDS, SEARCHED, TEXT_FIELDS

COMMIT = re.compile(r"^(?=[a-f]*\d)[0-9a-f]{7,40}$")
SHORTEST_COMMIT = 7
CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
HAS_HUMP = re.compile(r"[a-z0-9][A-Z]")
SHORTEST_HALF = 3  # minimum number of letters of each of two joined words
SHORTEST_RUN = 6  # minimum number of letters of an identifier, without underscores, that another word was joined to
SHORTEST_INSIDE = 5  # minimum number of letters of a word that is searched inside longer ones
MOST_INSIDE = 12
MOST_PARTS = 10  # maximum number of parts of a name
EVERYWHERE = 0.3  # share of entries from which a part says nothing about a name
COMMON_PREFIX = 3  # number of identifiers that share a common prefix: BPF_MAP_TYPE_, CONFIG_
LONGEST_UNDER_WAY = timedelta(days=120)  # from an issue about a change to the first candidate of its release
BUILD_OPTION = "config"  # CONFIG_NET is the option for NET


class Reading(NamedTuple):
    """A reading of a word: groups of terms of which an entry needs one each, and its display form.

    `whole` is false if only a part of the word is known.
    """

    groups: tuple[tuple[str, ...], ...]
    shown: str
    whole: bool = True


class Reader:
    """Finds readings of words that an index does not have."""

    def __init__(self, index: Index, speller: Speller) -> None:
        self.index = index
        self.speller = speller
        self.slight = frozenset((*index.metadata["common"], *index.metadata["slight"]))

    def read(self, written: str) -> Reading | None:
        """Return the reading of an unknown word, or None."""
        folded = fold(written).strip("_")
        if COMMIT.match(folded):
            return self.commit(folded)
        if not folded.isascii() or len(folded) < SHORTEST_INSIDE:
            return None
        divided = None if is_english(folded) else self.together(folded) or self.beside(folded)
        return self.name(written) or divided or self.inside(folded)

    def commit(self, written: str) -> Reading | None:
        """Return the commits that begin with a short id, or that are a prefix of a longer one."""
        found = {term for name in SEARCHED for term in self.index.with_prefix(name, written, MOST_INSIDE)}
        shorter = {written[:length] for length in range(SHORTEST_COMMIT, len(written))}
        found |= {term for term in shorter if self.holders(term)}
        return Reading((tuple(sorted(found)),), written) if found else None

    def name(self, written: str) -> Reading | None:
        """Return the most specific known parts of a name; common prefixes count only by themselves."""
        parts = parts_of(written)[:MOST_PARTS]
        if len(parts) < 2:
            return None
        if self.index.postings("joined", joined := "".join(parts)):  # BPF_MAPTYPE_CPUMAP
            return Reading(((joined,),), fold(written))
        if whole := self.whole_name(parts):
            return Reading(((whole,),), whole, whole=parts[0] == BUILD_OPTION and whole == "_".join(parts[1:]))
        kept = self.most_specific(parts[self.common_prefix(parts) :]) or self.most_specific(parts)
        return Reading((kept,), ", ".join(kept), whole=False) if kept else None

    def most_specific(self, parts: list[str]) -> tuple[str, ...]:
        """Return the most specific known runs of adjacent parts: the rarest, and those about as rare.

        A common word says nothing about a name: bpf_sk_storage_get is not about "get".
        """
        runs = [run for run in self.runs(parts) if run not in self.slight]
        rarest = min((self.holders(run) for run in runs), default=0)
        if rarest > EVERYWHERE * self.index.size:
            return ()
        return tuple(run for run in runs if self.holders(run) <= 4 * rarest)

    def whole_name(self, parts: list[str]) -> str | None:
        """Return the identifier that covers the most of a name."""
        for length in range(len(parts) - 1, max(1, len(parts) // 2), -1):
            runs = ["_".join(parts[start : start + length]) for start in range(len(parts) - length + 1)]
            if known := [run for run in runs if self.index.postings("names", run)]:
                return min(known, key=self.holders)
        return None

    def common_prefix(self, parts: list[str]) -> int:
        """Return the number of leading parts that form a prefix of several identifiers."""
        if parts[0] == BUILD_OPTION:
            return 1
        for length in range(len(parts) - 1, 0, -1):
            prefix = "_".join(parts[:length]) + "_"
            if len(self.index.with_prefix("names", prefix, COMMON_PREFIX)) == COMMON_PREFIX:
                return length
        return 0

    def runs(self, parts: list[str]) -> Iterator[str]:
        """Yield the longest known run of adjacent parts, then its neighbours."""
        for length in range(len(parts), 0, -1):
            runs = ["_".join(parts[start : start + length]) for start in range(len(parts) - length + 1)]
            long = (run for run in runs if length > 1 or len(run) >= SHORTEST_HALF)
            known = {run: held for run in long if (held := self.holders(run))}
            if known:
                best = min(known, key=lambda run: known[run])
                start = runs.index(best)
                yield best
                yield from self.runs(parts[:start])
                yield from self.runs(parts[start + length :])
                return

    def together(self, folded: str) -> Reading | None:
        """Return the two words that were joined; of several divisions, the one with the most specific half.

        A word that most entries have may as well be the beginning of another name: bpfman is not about "BPF" and "man".
        """
        ends = range(SHORTEST_HALF, len(folded) - SHORTEST_HALF + 1)
        halves = [(folded[:end], folded[end:]) for end in ends]
        counts = ((pair, self.holders(pair[0]) and self.holders(pair[1])) for pair in halves)
        known = [(min(self.holders(pair[0]), count), pair) for pair, count in counts if count and self.have_both(*pair)]
        if not known:
            return None
        first, second = min(known)[1]
        rare = max(self.holders(first), self.holders(second)) <= EVERYWHERE * self.index.size
        return Reading(((first,), (second,)), f"{first} {second}", whole=rare)

    def beside(self, folded: str) -> Reading | None:
        """Return the longest identifier that a word begins or ends with, if the rest is a word: fixdevmapflush."""
        ends = range(SHORTEST_HALF, len(folded) - SHORTEST_RUN + 1)
        cuts = [cut for end in ends for cut in ((folded[end:], folded[:end]), (folded[:-end], folded[-end:]))]
        named = (name for name, rest in cuts if self.index.postings("joined", name) and self.holders(rest))
        return next((Reading(((name,),), name, whole=False) for name in named), None)

    def have_both(self, first: str, second: str) -> bool:
        """Return whether any entry has both terms."""
        having = np.ones(self.index.size, dtype=bool)
        for term in (first, second):
            having &= np.logical_or.reduce([self.index.marked(name, [term]) for name in SEARCHED])
        return bool(having.any())

    def inside(self, folded: str) -> Reading | None:
        """Return the longer words that contain a word, such as plumbersconf for plumbers."""
        held = {
            term
            for name in (*TEXT_FIELDS, *NAME_FIELDS)
            for term in self.index.containing(name, folded)
            if self.index.postings(name, term)
        }
        # A few letters before a word make another one: regress is not about egress.
        held = {term for term in held if term.startswith(folded) or term.find(folded) >= SHORTEST_HALF}
        found = tuple(islice((term for term in sorted(held) if len(term) > SHORTEST_INSIDE), MOST_INSIDE))
        return Reading((found,), " or ".join(found[:3]), whole=False) if found else None

    def is_everywhere(self, term: str) -> bool:
        """Return whether so many entries have a term that it says nothing about a name."""
        return self.holders(term) > EVERYWHERE * self.index.size

    def holders(self, term: str) -> int:
        return self.speller.holders(term)


def parts_of(written: str) -> list[str]:
    """Return the folded parts of an identifier, divided at underscores or CamelCase humps."""
    if "_" in written.strip("_"):
        return [part for part in fold(written).split("_") if part]
    return [fold(part) for part in CAMEL.findall(written)] if HAS_HUMP.search(written) else []


def is_later(index: Index, version: str) -> bool:
    """Return whether a version is so much newer than the newest issue that no issue can be about it."""
    facets, newest = index.about.versions.values(), index.about.newest
    released = [facet.releases[version] for facet in facets if version in facet.releases]
    if not released or not newest:
        return False
    limit = date.fromisoformat(newest) + LONGEST_UNDER_WAY
    return (released[0].rc1 or released[0].released) > limit
