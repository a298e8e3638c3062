"""A path in a source tree to what its file and its folders are read as, and to the entries that have most of these."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.analysis import SUB_WORD, fold
from indexer.search.readings import MOST_PARTS, Reader, Reading
from indexer.search.scoring import Scored, Scorer

LEAST = 0.01  # that a part counts, which all entries may have
POWER = 3  # of how telling a part is
FILE_WEIGHT = 2  # of the file in the share of a path, beside a folder
# A path in a source tree: folders before a code file, or three and more; no address, whose first part has a dot.
PATH = re.compile(
    r"^\.{0,2}/?\w[\w+-]*"
    r"(?:(?:/[\w+-]+){2,}/?|(?:/[\w+-]+)*/[\w+-]+\.(?:[chsS]|ko|rs|py|go|sh|rst|txt|md|o)(?::\d+)*:?)$"
)
SUFFIX = re.compile(r"\.\w+$")


def parts_of_path(reader: Reader, written: str) -> list[Reading]:
    """Return what the folders and the file of a path are read as, the file last; nothing for what is no path.

    The file is `whole` where the archive has it by its name.
    """
    if not PATH.match(written):
        return []
    *folders, file = fold(without_line(written)).strip("/").split("/")
    stem = SUFFIX.sub("", file).strip("_")
    named = [name for name in (file, stem) if ("." in name and reader.holders(name)) or is_name(reader, name)]
    last = Reading((tuple(named),), ", ".join(named)) if named else part_of_path(reader, stem)
    return [each for each in (*(part_of_path(reader, folder) for folder in folders[-MOST_PARTS:]), last) if each]


def without_line(path: str) -> str:
    """Return a path without the line after it: devmap.c of devmap.c:123:4."""
    return path.partition(":")[0]


def is_name(reader: Reader, name: str) -> bool:
    return "_" in name and reader.index.postings("names", name) is not None


def part_of_path(reader: Reader, name: str) -> Reading | None:
    """Return a part of a path, or its words that tell most."""
    kept = (name,) if reader.holders(name) else reader.telling(SUB_WORD.findall(name)[:MOST_PARTS])
    return Reading((kept,), ", ".join(kept), whole=False) if kept else None


def weights_of(readings: Sequence[Reading], found: Sequence[Scored], scorer: Scorer) -> list[float]:
    """Return how much each part of a path counts, each of which was `found` in some entries; rare ones count most."""
    weights = [(scorer.idf(len(each.ids)) - 1) ** POWER for each in found]
    weights[-1] *= FILE_WEIGHT if len(readings[-1].groups[0]) == 1 else 1
    most = max(weights)
    return [max(LEAST, weight / most) if most else 1.0 for weight in weights]
