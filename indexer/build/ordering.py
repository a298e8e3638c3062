"""Write the reading order of the documents of an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np

from indexer.storage.arrays import Arrays, ArrayWriter, smallest
from indexer.storage.codec import LENGTHS, MappedSegment
from indexer.storage.generations import ENTRIES
from indexer.storage.inverted import Numbers
from indexer.storage.segment import Segment

RANK_BITS = 32


def write_order(
    folder: Path, segments: Sequence[MappedSegment], issues: Sequence[str], ranks: Mapping[str, Numbers]
) -> None:
    """Write the list of segments and the order of their documents (empty if it is the natural order).

    It is that of the issues (newsletter/label). `ranks` has the rank of each document among those of its issue, by
    segment; documents of equal rank are in their natural order.
    """
    places = {issue: place for place, issue in enumerate(issues)}
    bases = [0, *accumulate(each.doc_count_all() for each in segments)]
    keys = np.full(bases[-1], -1, dtype=np.int64)
    for about, base in zip(segments, bases, strict=False):
        segment = Segment(folder, about.segment_id())
        set_of, starts, values = segment.sets("issue")
        of = np.array([places.get(name, -1) for name in segment.names("issue")], dtype=np.int64)
        held = keys[base : base + about.doc_count_all()]
        held[:] = of[values[starts[:-1]]][set_of] << RANK_BITS | ranks[about.segment_id()]
        held[list(about.deleted)] = -1
    order = np.argsort(keys, kind="stable")[np.count_nonzero(keys < 0) :]
    whole = len(order) == len(keys) and bool((order == np.arange(len(keys))).all())
    file = ArrayWriter(folder / ENTRIES)
    file.add("lengths", LENGTHS)
    file.add("order", smallest(order[:0] if whole else order))
    file.close({"segments": [each.segment_id() for each in segments], "size": len(order), "ordered": whole})


def ranks_in(folder: Path, sizes: Mapping[str, int]) -> dict[str, Numbers]:
    """Return the rank of each document in the order of an index, by segment; -1 for deleted ones.

    `sizes` are the numbers of documents of its segments.
    """
    held = Arrays(folder / ENTRIES)
    names: list[str] = held.about["segments"]
    bases = [0, *accumulate(sizes[name] for name in names)]
    places = np.full(bases[-1], -1, dtype=np.int64)
    order = np.arange(bases[-1]) if held.about["ordered"] else held["order"]
    places[order] = np.arange(len(order))
    return {name: places[base : base + sizes[name]] for name, base in zip(names, bases, strict=False)}
