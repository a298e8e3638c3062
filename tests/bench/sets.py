"""Numbered distinct sets of facet values, which some engines count faster than single values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tests.bench.nouns import FACETS, Counts, Document

FILE = "sets.json"
Pair = tuple[str, str]


class Sets:
    """The distinct sets of facet values, numbered in order of appearance."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Pair, ...], int] = {}

    def of(self, document: Document) -> int:
        """Return the number of a document's set."""
        return self.numbers.setdefault(document.pairs(), len(self.numbers))

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(list(self.numbers)), encoding="utf-8")


class Counter:
    """Counts values from the number of documents per set, with the data of `Sets`."""

    def __init__(self, folder: Path) -> None:
        held = [[tuple(pair) for pair in pairs] for pairs in json.loads((folder / FILE).read_text(encoding="utf-8"))]
        self.values = sorted({pair for pairs in held for pair in pairs})
        places = {pair: place for place, pair in enumerate(self.values)}
        self.places = [tuple(places[pair] for pair in pairs) for pairs in held]

    def counts(self, sets: Iterable[tuple[int, int]]) -> tuple[int, Counts]:
        """Return the number of documents, in total and per value, from pairs of set and number."""
        total, numbers = 0, [0] * len(self.values)
        for number, documents in sets:
            total += documents
            for place in self.places[number]:
                numbers[place] += documents
        found: Counts = {facet: {} for facet in FACETS}
        for (facet, value), documents in zip(self.values, numbers, strict=True):
            if documents:
                found[facet][value] = documents
        return total, found
