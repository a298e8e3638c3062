"""The values of a field are counted alike in each of the ways."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from indexer.storage import values as module
from indexer.storage.index import Index
from indexer.storage.values import Values


@pytest.mark.parametrize("field", ["kind", "topic", "kernel", "heading", "person", "series", "outcome"])
@pytest.mark.parametrize("most", [0, 32_768])
def test_values_are_counted_alike_with_and_without_a_table(
    index: Index, monkeypatch: pytest.MonkeyPatch, field: str, most: int
) -> None:
    monkeypatch.setattr(module, "MOST_IN_TABLE", most)
    held = index.values(field)
    values = Values(held.names, held.set_of, held.set_starts, held.sets)
    rng = np.random.default_rng(1)
    for number in (0, 1, 4, 5, 15, 16, 200, index.size):
        docs = np.sort(rng.permutation(index.size)[:number])
        assert values.counts(docs) == Counter(name for doc in docs.tolist() for name in held.of(doc)), number


def test_the_values_of_a_document_are_those_of_its_record(index: Index) -> None:
    for doc in range(0, index.size, 50):
        record = index.stored(doc)
        assert index.values("kind").of(doc) == [record["kind"]]
        assert set(index.values("topic").of(doc)) == set(record["topics"])
