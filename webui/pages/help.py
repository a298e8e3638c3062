"""How to search, by examples that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from indexer.catalog.protocol import Catalog
from indexer.query.query import Query
from indexer.views.examples import query_examples


class Example(NamedTuple):
    """A query and what it finds."""

    query: Query
    finds: str


def examples(catalog: Catalog) -> Mapping[str, list[Example]]:
    """Return the examples by what they show."""
    groups = query_examples(catalog).items()
    return {heading: [Example(Query(each.query), each.finds) for each in rows] for heading, rows in groups}
