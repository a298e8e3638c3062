"""The people of an index by all spellings under which the issues have them."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.catalog.spellings import Spellings
from indexer.storage.index import Index


def spellings(index: Index) -> Spellings:
    """Return the people of an index with their other spellings."""
    return Spellings(index.values("person").names, written(index))


def written(index: Index) -> Iterator[tuple[str, list[str]]]:
    """Yield each text that stands for authors, where that is no name itself, and whom it names."""
    values = index.values("written")
    first = dict(zip(values.ids[::-1].tolist(), values.docs[::-1].tolist(), strict=True))
    for number, doc in sorted(first.items()):
        yield values.names[number], index.values("person").of(doc)
