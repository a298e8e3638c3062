"""The index that answers a request: the current one when it first asks, and the same to its end."""

from __future__ import annotations

from flask import current_app, g, has_app_context

from indexer.catalog.protocol import Catalog
from indexer.engines.origins import Served as ServedCatalog
from indexer.live import Live
from indexer.views.identifier_lookup import names
from indexer.views.suggestions import suggestions


class Served(Live):
    """Gives the catalog over the current generation, to one request always the same."""

    def catalog(self) -> ServedCatalog:
        """Return the catalog; raises `IndexMissing` where there is none."""
        if not has_app_context():
            return super().catalog()
        if "catalog" not in g:
            g.catalog = super().catalog()
        found: ServedCatalog = g.catalog
        return found

    def made(self, catalog: ServedCatalog) -> ServedCatalog:
        """Return the catalog over a generation, with what searches and suggestions need already read."""
        made = super().made(catalog)
        names(made)
        suggestions(made, "warm")
        return made


def live() -> Served:
    """Return what gives the catalog of the app that answers."""
    found: Served = current_app.extensions["backissue"]
    return found


def catalog() -> Catalog:
    """Return the catalog that answers the request."""
    return live().catalog()
