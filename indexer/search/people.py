"""The people of an index and the spellings of their names."""

from __future__ import annotations

from indexer.catalog.spellings import Spellings
from indexer.storage.index import Index


def spellings(index: Index) -> Spellings:
    """Return the people of an index with their other spellings.

    "written" has the texts of author fields that are not themselves a name, such as lists of names.
    """
    return Spellings(index.values("person").names, index.first_with("written", "person"))
