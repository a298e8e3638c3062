"""The index that answers a request: the current one when it first asks, and the same to its end."""

from __future__ import annotations

from flask import current_app, g, has_app_context

from indexer.live import Live
from indexer.search.page import Searcher
from indexer.storage.index import Index
from indexer.views.identifier_lookup import Names


class Served(Live):
    """Gives the searcher over the current generation, to one request always the same."""

    def searcher(self) -> Searcher:
        """Return the searcher; raises `IndexMissing` where there is none."""
        if not has_app_context():
            return super().searcher()
        if "searcher" not in g:
            g.searcher = super().searcher()
        found: Searcher = g.searcher
        return found

    def made(self, index: Index) -> Searcher:
        """Return the searcher over a generation, its names read: each search looks for those that it holds."""
        index.once(Names)
        return super().made(index)


def live() -> Served:
    """Return what gives the searcher of the app that answers."""
    found: Served = current_app.extensions["backissue"]
    return found
