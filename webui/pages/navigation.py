"""The lists that an archive offers for browsing."""

from __future__ import annotations

from typing import NamedTuple

from indexer.catalog.about import About


class Way(NamedTuple):
    """A page to browse, with its label in the navigation and its name in a sentence."""

    path: str
    label: str
    name: str


def lists(about: About) -> list[Way]:
    """Return the pages that list issues, versions, topics, series and authors."""
    versions = [Way(f"/{each.id}/", each.plural.capitalize(), f"{each.noun}s") for each in about.versions.values()]
    topics = [Way("/topic/", "Topics", "topics")] if about.topics else []
    series = [Way("/series/", "Series", "series of patches")] if about.patches else []
    issues = Way("/issue/", "Issues", "issues")
    return [issues, *versions, *topics, *series, Way("/author/", "Authors", "authors and speakers")]


def navigation(about: About) -> list[Way]:
    """Return the pages in the navigation."""
    return [*lists(about), Way("/help", "Help", "how to search"), Way("/about", "About", "what this is")]
