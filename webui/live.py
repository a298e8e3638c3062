"""The index that answers a request: the current one when it first asks, and the same to its end."""

from __future__ import annotations

from collections.abc import Hashable

from flask import current_app, g, has_app_context

from indexer.browsing.naming import Names
from indexer.live import Live, Opened
from indexer.search.page import Searcher


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

    def opened(self, stamp: Hashable) -> Opened:
        """Return the current generation opened, its names read: each search looks for those that it holds."""
        found = super().opened(stamp)
        found.searcher.index.once(Names)
        return found


def live() -> Served:
    """Return what gives the searcher of the app that answers."""
    found: Served = current_app.extensions["backissue"]
    return found
