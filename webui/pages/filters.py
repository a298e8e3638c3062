"""The filters of a search as a page offers them: facets in the order of their use, their values, and chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from indexer.catalog.about import About
from indexer.catalog.answers import Page
from indexer.catalog.facets import Count, Facet, first_and_selected
from indexer.query.query import Query

SHOWN_VALUES = 7  # of a facet, before the others are unfolded
MOST_VALUES = 40  # of a facet; the query language has the others
# The facets after those of versions, by how often they are used.
BY_USE = ("topic", "kind", "outcome", "section", "author", "tree", "issue", "newsletter", "how")


class Chip(NamedTuple):
    """A selected filter, and the query without it."""

    facet: Facet
    label: str
    query: Query


def offered(page: Page, about: About) -> list[Facet]:
    """Return the facets that have values in what was found, in the order of their use."""
    return sorted((facet for facet in about.offered if page.facets[facet.name]), key=use)


def use(facet: Facet) -> int:
    """Return the place of a facet in the order of use."""
    return BY_USE.index(facet.name) if facet.name in BY_USE else -1


def offered_values(values: Sequence[Count]) -> list[Count]:
    """Return the values of a facet that a page lists: the first, and those that are selected."""
    return first_and_selected(values, MOST_VALUES)


def chips(page: Page, about: About) -> list[Chip]:
    """Return the selected filters of a search."""
    return [
        Chip(facet, about.labels[facet.name].get(value, value), page.query.toggled(facet.name, value))
        for facet in about.facets
        for value in page.query.chosen(facet.name)
    ]
