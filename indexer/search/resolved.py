"""A resolved word: the terms to look up, the parts of its score, and its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from indexer.search.scoring import Deferred, Scored
from indexer.search.synonyms import Alias
from indexer.storage.index import Ids


class Lookup(NamedTuple):
    """A term to look up in fields, its weight, and its relation to the typed word."""

    term: str
    fields: tuple[str, ...]
    weight: float = 1.0
    relation: str = ""


class Part(NamedTuple):
    """The scores of the entries that have a term in a field; `relation` says how it relates to the typed word."""

    term: str
    field: str
    relation: str
    scored: Scored

    def among(self, ids: Ids) -> Part:
        """Return the part restricted to some entries."""
        if isinstance(self.scored, Deferred):
            return self
        if not len(ids):
            return self._replace(scored=Scored(self.scored.ids[:0], self.scored.scores[:0]))
        places = np.searchsorted(ids, self.scored.ids)  # both are ascending
        keep = ids[np.minimum(places, len(ids) - 1)] == self.scored.ids
        return self._replace(scored=Scored(self.scored.ids[keep], self.scored.scores[keep]))


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved word: its scored entries, the parts of their scores, terms to highlight, and other names.

    `corrected` is the correction that was searched instead, `read_as` the known parts of an unknown name, `notice`
    any other remark.
    """

    scored: Scored
    marks: frozenset[str] = frozenset()
    aliases: tuple[Alias, ...] = ()
    corrected: str | None = None
    parts: tuple[Part, ...] = ()
    notice: str = ""
    read_as: str | None = None
