"""Examples of queries that are generated from an archive have results, and words that say something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from indexer.query.query import Query
from indexer.views.examples import of_words, query_examples
from tests.other_fields import garden


@pytest.fixture(scope="module")
def gardening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with closing(open_catalog(garden(tmp_path_factory.mktemp("garden")).data)) as opened:
        yield opened


def test_each_example_without_an_excluded_word_finds_something(gardening: Catalog) -> None:
    queries = [each.query for rows in query_examples(gardening).values() for each in rows]
    assert len(queries) > 5
    assert [query for query in queries if " -" not in query and not gardening.search(Query(query)).total] == []


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("How to use the fountain codes of a node", "fountain codes"),
        ("Pruning apple trees in winter", "Pruning apple"),
        ("On it", "On it"),
    ],
)
def test_an_example_has_the_longest_adjacent_words_of_a_title(gardening: Catalog, title: str, query: str) -> None:
    entry = replace(next(iter(gardening.find(limit=1))), title=title)
    assert next(iter(of_words(entry))).query == query
