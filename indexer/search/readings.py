"""Other readings of a word that no entry has: a short commit id, two words written together, the parts of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
SHORTEST_HALF = 3  # letters of each of two words that are written together
SHORTEST_INSIDE = 5  # letters of a word that is looked for inside longer ones
MOST_INSIDE = 12
MOST_PARTS = 10  # of a name that are looked at
COMMON_PREFIX = 3  # identifiers that share a beginning which says little: BPF_MAP_TYPE_, CONFIG_
FUNC_PREFIX = "bpf_func_"  # of the number of a helper
FUNC_PREFIX = "bpf_func_"  # of the number of a helper
BUILD_OPTION = "config"  # CONFIG_NET is the option for NET


class Reading(NamedTuple):
    """What a word is read as: terms of which an entry needs one of each group, and how the reading is shown.

    `whole` is false if only a part of the word is known.
    """

    groups: tuple[tuple[str, ...], ...]
    shown: str
    whole: bool = True


class Reader:
    """Reads words that an index does not have."""

    def __init__(self, index: Index, speller: Speller) -> None:
        self.index = index
        self.speller = speller

    def read(self, written: str) -> Reading | None:
        """Return what a word is read as that no entry has; None if nothing of it is known."""
        folded = fold(written).strip("_")
        if COMMIT.match(folded):
            return self.commit(folded)
        if not folded.isascii() or len(folded) < SHORTEST_INSIDE:
            return None
        return self.name(written) or (None if is_english(folded) else self.together(folded)) or self.inside(folded)

    def commit(self, written: str) -> Reading | None:
        """Return the commits that begin with a short id, or that a longer one begins with."""
        found = {term for name in SEARCHED for term in self.index.with_prefix(name, written, MOST_INSIDE)}
        shorter = {written[:length] for length in range(SHORTEST_COMMIT, len(written))}
        found |= {term for term in shorter if self.holders(term)}
        return Reading((tuple(sorted(found)),), written) if found else None

    def name(self, written: str) -> Reading | None:
        """Return the known parts of a name, those that tell most; common prefixes of identifiers only by themselves."""
        parts = parts_of(written)[:MOST_PARTS]
        if len(parts) < 2:
            return None
        if whole := self.whole_name(parts):
            return Reading(((whole,),), whole, whole=parts[0] == BUILD_OPTION and whole == "_".join(parts[1:]))
        kept = self.telling(parts[self.common_prefix(parts) :]) or self.telling(parts)
        return Reading((kept,), ", ".join(kept), whole=False) if kept else None

    def telling(self, parts: list[str]) -> tuple[str, ...]:
        """Return the known runs of neighbouring parts that tell most: the rarest, and those about as rare."""
        runs = list(self.runs(parts))
        rarest = min((self.holders(run) for run in runs), default=0)
        return tuple(run for run in runs if self.holders(run) <= 4 * rarest)

    def whole_name(self, parts: list[str]) -> str | None:
        """Return the longest identifier that makes up the most of a name."""
        for length in range(len(parts) - 1, max(1, len(parts) // 2), -1):
            runs = ["_".join(parts[start : start + length]) for start in range(len(parts) - length + 1)]
            if known := [run for run in runs if self.index.postings("names", run)]:
                return min(known, key=self.holders)
        return None

    def common_prefix(self, parts: list[str]) -> int:
        """Return how many parts at the beginning of a name are a prefix that several identifiers share."""
        if parts[0] == BUILD_OPTION:
            return 1
        for length in range(len(parts) - 1, 0, -1):
            prefix = "_".join(parts[:length]) + "_"
            if len(self.index.with_prefix("names", prefix, COMMON_PREFIX)) == COMMON_PREFIX:
                return length
        return 0

    def runs(self, parts: list[str]) -> Iterator[str]:
        """Yield the longest known run of neighbouring parts, then those beside it."""
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
        """Return the two words that are written together; of several divisions the one with the most telling half."""
        ends = range(SHORTEST_HALF, len(folded) - SHORTEST_HALF + 1)
        halves = [(folded[:end], folded[end:]) for end in ends]
        known = [(min(held), pair) for pair in halves if all(held := [self.holders(half) for half in pair])]
        known = [(held, pair) for held, pair in known if self.have_both(*pair)]
        if not known:
            return None
        first, second = min(known)[1]
        return Reading(((first,), (second,)), f"{first} {second}")

    def have_both(self, first: str, second: str) -> bool:
        """Return whether an entry has both of two terms."""
        having = np.ones(self.index.size, dtype=bool)
        for term in (first, second):
            having &= np.logical_or.reduce([self.index.marked(name, [term]) for name in SEARCHED])
        return bool(having.any())

    def inside(self, folded: str) -> Reading | None:
        """Return the longer words that a word stands in, as plumbers in plumbersconf."""
        held = {term for name in (*TEXT_FIELDS, *NAME_FIELDS) for term in self.index.containing(name, folded)}
        longer = (term for term in sorted(held) if len(term) > SHORTEST_INSIDE and self.holders(term))
        found = tuple(islice(longer, MOST_INSIDE))
        return Reading((found,), " or ".join(found[:3]), whole=False) if found else None

    def holders(self, term: str) -> int:
        return self.speller.holders(term)


def parts_of(written: str) -> list[str]:
    """Return the parts of an identifier, folded: those between underscores, else the humps of CamelCase."""
    if "_" in written.strip("_"):
        return [part for part in fold(written).split("_") if part]
    return [fold(part) for part in CAMEL.findall(written)] if HAS_HUMP.search(written) else []


def bare_name(written: str) -> str:
    """Return a name folded and without the signs of a call, that of a helper's number as the helper's."""
    return of_helper(fold(written).removesuffix("()"))


def of_helper(name: str) -> str:
    """Return a folded name, its BPF_FUNC_ as the bpf_ of the helper that it numbers."""
    return "bpf_" + name.removeprefix(FUNC_PREFIX) if name.startswith(FUNC_PREFIX) else name
