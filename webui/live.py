"""The index that the app which answers is over, to one request always the same generation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g

from indexer.live import Live
from indexer.search.page import Searcher


@dataclass(frozen=True, slots=True)
class Answering:
    """Gives the searcher with which the request at hand is answered from its beginning to its end."""

    live: Live

    def searcher(self) -> Searcher:
        """Return the searcher; raises `IndexMissing` where there is no index."""
        if "searcher" not in g:
            g.searcher = self.live.searcher()
        found: Searcher = g.searcher
        return found


def live() -> Answering:
    """Return what gives the searcher of the app that answers."""
    return Answering(current_app.extensions["backissue"])
