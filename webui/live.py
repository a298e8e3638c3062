"""The catalog of a request: the current generation at its start, kept until its end."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, g, has_app_context

from indexer.catalog.protocol import Catalog
from indexer.engines.origins import Served as ServedCatalog
from indexer.engines.origins import Where
from indexer.live import Live
from indexer.views.identifier_lookup import names
from indexer.views.suggestions import suggestions


class Served(Live):
    """Provides the catalog of the current generation, always the same one within a request.

    `prepare` is called with each catalog before it is used.
    """

    def __init__(self, where: Where, prepare: Callable[[Catalog], None] = lambda _: None) -> None:
        super().__init__(where)
        self.prepare = prepare

    def catalog(self) -> ServedCatalog:
        """Return the catalog. Raises `IndexMissing` if there is none."""
        if not has_app_context():
            return super().catalog()
        if "catalog" not in g:
            g.catalog = super().catalog()
        found: ServedCatalog = g.catalog
        return found

    def prepared(self, catalog: ServedCatalog) -> ServedCatalog:
        """Return the catalog of a generation, with the data for searches and suggestions preloaded."""
        made = super().prepared(catalog)
        names(made).warm()
        suggestions(made, "warm")
        self.prepare(made)
        return made


def live() -> Served:
    """Return the provider of catalogs of the current app."""
    found: Served = current_app.extensions["backissue"]
    return found


def catalog() -> Catalog:
    """Return the catalog of the current request."""
    found: Catalog | None = g.get("catalog")
    return live().catalog() if found is None else found
