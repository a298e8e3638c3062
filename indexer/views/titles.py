"""The titles of entries, issues, series and topics, by id."""

from __future__ import annotations

from indexer.catalog.protocol import Catalog
from indexer.query.tree import Match
from indexer.views.series import counts_of
from indexer.views.topics import topic_label


def title_of(catalog: Catalog, kind: str, name: str) -> str:
    """Return the title of an entry, issue, series or topic; any other name is its own title."""
    if kind == "entry" and (entry := catalog.get(name)):
        return entry.title
    if kind == "issue" and name in catalog.about.issues:
        return catalog.about.issues[name].title
    if kind == "series" and catalog.count("series", Match("series", name)):
        return counts_of(catalog, [name])[0].subject
    return topic_label(catalog, name) if kind == "topic" else name
