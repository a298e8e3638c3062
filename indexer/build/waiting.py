"""Hold back the issues that list series until all issues have been read."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from indexer.kernel.series_outcomes import outcomes_of_series
from indexer.model import Entry, Outcome
from indexer.records import from_stored, to_stored

QUICK = 1  # level of compression: entries shrink to a fifth
MOST_UNPACKED = 5_000  # entries that wait without being compressed, since that takes longer than writing them
Outcomes = Mapping[str, Outcome | None]  # of each patch that is in `Waiting`


class Waiting:
    """Issues whose patches get the outcomes of their series once all issues have been read.

    `known` returns the outcome that the tables have for an entry.
    """

    def __init__(self, known: Callable[[str], Outcome | None]) -> None:
        self._known = known
        self._packed: dict[str, bytes] = {}
        self._unpacked: dict[str, tuple[Entry, ...]] = {}
        self._left = MOST_UNPACKED
        self._series: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._written: dict[str, dict[str, Outcome | None]] = {}

    def note(self, issue: str, entries: Iterable[Entry]) -> None:
        """Remember the patches of an issue (newsletter/label) that is in the index, with their outcomes."""
        patches = [entry for entry in entries if entry.series]
        self._written.setdefault(issue, {}).update({patch.id: patch.outcome for patch in patches})
        for patch in patches:
            own = patch.own_outcome or self._known(patch.id)
            slim = replace(patch, outcome=own, body="", blocks=(), links=(), versions=(), identifiers=(), topics=())
            self._series[patch.newsletter, patch.series or ""].append(slim)

    def hold(self, issue: str, entries: Iterable[Entry]) -> None:
        """Hold back the entries of an issue, compressed if there are many."""
        entries = tuple(entries)
        self.note(issue, entries)
        self._left -= len(entries)
        if self._left >= 0:
            self._unpacked[issue] = entries
            return
        self._packed[issue] = zlib.compress(json.dumps([to_stored(entry) for entry in entries]).encode(), QUICK)

    def has(self, newsletter: str, series: str) -> bool:
        """Return whether patches of a series were noted."""
        return (newsletter, series) in self._series

    def take(self, issue: str) -> tuple[Entry, ...]:
        """Return and forget the entries that were held back for an issue; () if there are none."""
        if entries := self._unpacked.pop(issue, ()):
            return entries
        packed = self._packed.pop(issue, None)
        return tuple(map(from_stored, json.loads(zlib.decompress(packed)))) if packed else ()

    def outcomes(self) -> Outcomes:
        """Return the outcome of each noted patch from tables or from its series, None if it is not known."""
        own = {patch.id: patch.outcome for series in self._series.values() for patch in series}
        return own | {each.entry: each for series in self._series.values() for each in outcomes_of_series(series)}

    def changed(self, issue: str, outcomes: Outcomes) -> list[str]:
        """Return the ids of the patches of an issue that are in the index with another outcome."""
        written = self._written.get(issue, {})
        return [entry for entry, outcome in written.items() if outcomes.get(entry) != outcome]


def with_outcomes(entries: Sequence[Entry], outcomes: Outcomes) -> tuple[Entry, ...]:
    """Return the entries, each patch in `outcomes` with its outcome."""
    changed = (outcomes.get(each.id, each.outcome) for each in entries)
    return tuple(
        each if outcome == each.outcome else replace(each, outcome=outcome)
        for each, outcome in zip(entries, changed, strict=True)
    )
