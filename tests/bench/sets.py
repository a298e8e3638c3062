"""The distinct sets of facet values, numbered: some engines count sets faster than the values in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tests.bench.nouns import FACETS, Counts, Document

FILE = "sets.json"
Pair = tuple[str, str]


class Sets:
    """The sets of facet values that documents have, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Pair, ...], int] = {}

    def of(self, document: Document) -> int:
        """Return the number of a document's set, a new one for a set that was not seen."""
        return self.numbers.setdefault(document.pairs(), len(self.numbers))

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(list(self.numbers)), encoding="utf-8")


class Counter:
    """Counts values, given how many documents have each set; reads what `Sets` wrote."""

    def __init__(self, folder: Path) -> None:
        held = [[tuple(pair) for pair in pairs] for pairs in json.loads((folder / FILE).read_text(encoding="utf-8"))]
        self.values = sorted({pair for pairs in held for pair in pairs})
        places = {pair: place for place, pair in enumerate(self.values)}
        self.places = [tuple(places[pair] for pair in pairs) for pairs in held]

    def counts(self, sets: Iterable[tuple[int, int]]) -> tuple[int, Counts]:
        """Return how many documents there are in all and with each value, from pairs of a set and a number."""
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
