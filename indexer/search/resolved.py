"""What a word comes to: the terms to look up, the parts that its score is the sum of, its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from indexer.search.scoring import Elsewhere, Scored
from indexer.search.synonyms import Alias
from indexer.storage.index import Ids


class Lookup(NamedTuple):
    """A term to look up in some fields, how much it counts, and what it is to the word that was typed."""

    term: str
    fields: tuple[str, ...]
    weight: float = 1.0
    relation: str = ""


class Part(NamedTuple):
    """What a term adds to the score of the entries that have it in a field; `relation` is to what was typed."""

    term: str
    field: str
    relation: str
    scored: Scored

    def among(self, ids: Ids) -> Part:
        """Return the part for some entries alone."""
        if isinstance(self.scored, Elsewhere):
            return self
        keep = np.isin(self.scored.ids, ids)
        return self._replace(scored=Scored(self.scored.ids[keep], self.scored.scores[keep]))


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a word comes to: its entries, of which parts they are the sum, what to mark, its other names.

    `corrected` is the word that was searched in its place, `read_as` the known parts of a name that no entry has,
    `notice` what else there is to say.
    """

    scored: Scored
    marks: frozenset[str] = frozenset()
    aliases: tuple[Alias, ...] = ()
    corrected: str | None = None
    parts: tuple[Part, ...] = ()
    notice: str = ""
    read_as: str | None = None
