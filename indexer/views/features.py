"""Features that are no identifiers, by the last part of their addresses."""

from __future__ import annotations

import re

from indexer.catalog.protocol import Catalog
from indexer.views.first_releases import landings

OTHERS = re.compile(r"[^a-z0-9]+")


def is_feature(name: str) -> bool:
    """Return whether a name is a feature's: it has several words, as no identifier has outside a list in braces."""
    return " " in name and "{" not in name


def feature_slug(name: str) -> str:
    """Return a feature's name as its address has it: arm32-jit."""
    return OTHERS.sub("-", name.casefold()).strip("-")


def feature_named(catalog: Catalog, slug: str) -> str | None:
    """Return the name of the feature with an address; None where there is none."""
    return next((name for name in landings(catalog).by_name if is_feature(name) and feature_slug(name) == slug), None)
