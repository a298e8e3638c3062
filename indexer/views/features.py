"""Features that are not identifiers, by the slug in their URLs."""

from __future__ import annotations

import re

from indexer.catalog.protocol import Catalog
from indexer.views.first_releases import landings

OTHERS = re.compile(r"[^a-z0-9]+")
# Words such as "ARM32 JIT" or "Jumps JLT, JLE". BPF_J{LT, LE} and getMember(T, m) are identifiers.
WORDS = re.compile(r"[^\s(){}\[\]<>]+(?:\s[^\s(){}\[\]<>]+)+")


def is_feature(name: str) -> bool:
    """Return whether a name consists of several words. Spaces in an identifier are always between brackets."""
    return bool(WORDS.fullmatch(name))


def feature_slug(name: str) -> str:
    """Return the slug of a feature's name, such as arm32-jit."""
    return OTHERS.sub("-", name.casefold()).strip("-")


def feature_named(catalog: Catalog, slug: str) -> str | None:
    """Return the name of the feature with a slug, or None."""
    return next((name for name in landings(catalog).by_name if is_feature(name) and feature_slug(name) == slug), None)
