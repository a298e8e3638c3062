"""The filters of a search page: facets, values and chips."""

from __future__ import annotations

from typing import NamedTuple

from indexer.catalog.about import About
from indexer.catalog.answers import Page
from indexer.catalog.facets import Facet
from indexer.query.query import Query

SHOWN_VALUES = 7  # of a facet, before "Show more"
MOST_VALUES = 40  # of a facet; others can be typed
# The facets after version facets, the most used first.
BY_USE = ("topic", "kind", "outcome", "section", "author", "tree", "issue", "newsletter", "how")


class Chip(NamedTuple):
    """A selected filter, and the query without it."""

    facet: Facet
    label: str
    query: Query


def offered(page: Page, about: About) -> list[Facet]:
    """Return the facets with values in the results, the most used first."""
    return sorted((facet for facet in about.offered if page.facets[facet.name]), key=use)


def use(facet: Facet) -> int:
    """Return the position of a facet in the order of use."""
    return BY_USE.index(facet.name) if facet.name in BY_USE else -1


def chips(page: Page, about: About) -> list[Chip]:
    """Return the selected filters of a search."""
    return [
        Chip(facet, about.labels[facet.name].get(value, value), page.query.toggled(facet.name, value))
        for facet in about.facets
        for value in page.query.selected(facet.name)
    ]
