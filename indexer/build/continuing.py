"""The series of a finished index, which an added issue continues without reading the earlier issues."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.kernel.series import Key, Series
from indexer.model import Entry
from indexer.records import from_stored
from indexer.storage.generations import SERIES
from indexer.storage.index import Index


class Past:
    """The series of the previous index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @cached_property
    def states(self) -> dict[str, Any]:
        """The states of the series by newsletter, as `write_series` wrote them."""
        return dict(json.loads((self._index.folder / SERIES).read_bytes()))

    def series(self, newsletter: str, same: Mapping[Key, str]) -> Series | None:
        """Return the series of a newsletter after its last issue, or None if they are not known."""
        state = self.states.get(newsletter)
        return Series.from_state(state, same) if state else None

    def patches(self, newsletter: str, series: str) -> Iterator[tuple[str, Entry]]:
        """Yield the patches of a series in reading order, each with its issue (newsletter/label)."""
        found = self._index.postings("series", series)
        for entry in (from_stored(self._index.stored(doc)) for doc in found.ids.tolist()) if found else ():
            if entry.newsletter == newsletter:
                yield f"{newsletter}/{entry.issue}", entry


def write_series(folder: Path, series: Mapping[str, Series], past: Past | None) -> None:
    """Write the states of the series of all newsletters; those of unchanged newsletters are taken from `past`."""
    states = {**(past.states if past else {}), **{name: each.to_state() for name, each in series.items()}}
    (folder / SERIES).write_text(json.dumps(states, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
