"""The index that the app which answers is over."""

from __future__ import annotations

from flask import current_app

from indexer.live import Live


def live() -> Live:
    """Return what gives the searcher of the app that answers."""
    found: Live = current_app.extensions["backissue"]
    return found
