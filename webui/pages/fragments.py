"""Parts of pages that do not depend on the query, rendered once for each generation of the index."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

from indexer.storage.cache import LRU
from webui.live import catalog

MOST_LETTERS = 2_000_000  # size of the cache, about 3,000 entries


def register(app: Flask) -> None:
    """Add the cache of fragments to an app, and `fragment` to its templates."""
    app.extensions["fragments"] = LRU[str](MOST_LETTERS, len)
    app.jinja_env.globals["fragment"] = fragment


def fragment(name: str, entry_id: str, macro: Callable[..., str], *args: object) -> str:
    """Return what a macro renders for an entry. `name` tells the macros apart."""
    key, fragments = (catalog().generation, name, entry_id), current_app.extensions["fragments"]
    made: str | None = fragments.find(key)
    if made is None:
        made = macro(*args)
        fragments.put(key, made)
    return made
