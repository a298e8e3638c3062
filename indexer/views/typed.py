"""The identifiers in a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.catalog.protocol import Catalog
from indexer.views.identifier_lookup import COINED, names, unquoted
from indexer.views.identifiers import NameCount, name_count

MOST = 3  # names of a query that are reported
SIGNS = "()"  # parentheses that group words


def names_typed(catalog: Catalog, words: Sequence[str], corrected: Mapping[str, str]) -> tuple[NameCount, ...]:
    """Return the identifiers among the words of a query, with its words corrected.

    A single word may be any form of an identifier. Of several words, only those that look like an identifier count,
    because "hash" and "redirect" are also ordinary words.
    """
    known = names(catalog)
    several = len(words) > 1
    found: dict[str, None] = {}
    for word in words:
        read = corrected.get(word, word)
        if not several or like_a_name(read):
            name = known.meant(read) or known.meant(bare(read))
            found |= {name: None} if name else {}
    return tuple(name_count(catalog, name) for name in list(found)[:MOST])


def like_a_name(word: str) -> bool:
    """Return whether a word among others looks like a name: xdp_redirect_map, sockmap, bpf()."""
    text = bare(word).lower()
    return "_" in text or word.endswith("()") or (text.endswith(COINED) and text != COINED)


def bare(word: str) -> str:
    """Return a word without quotes, and without the parentheses that group it with others."""
    return unquoted(word).strip(SIGNS)
