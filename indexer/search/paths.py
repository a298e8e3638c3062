"""Search for paths in source trees by their file and folder names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.analysis import SUB_WORD, fold
from indexer.search.readings import MOST_PARTS, Reader, Reading
from indexer.search.scoring import Scored, Scorer

LEAST = 0.01  # minimum weight of a part, even if all entries have it
POWER = 3  # exponent on the specificity of a part
FILE_WEIGHT = 2  # weight of the file name relative to a folder
# A path in a source tree: folders before a code file, or at least three; not a URL, whose first part has a dot.
PATH = re.compile(
    r"^\.{0,2}/?\w[\w+-]*"
    r"(?:(?:/[\w+-]+){2,}/?|(?:/[\w+-]+)*/[\w+-]+\.(?:[chsS]|ko|rs|py|go|sh|rst|txt|md|o)(?::\d+)*:?)$"
)
SUFFIX = re.compile(r"\.\w+$")


def parts_of_path(reader: Reader, written: str) -> list[Reading]:
    """Return readings of the folders and the file of a path, the file last; empty if it is not a path.

    The file is `whole` if the archive has its name.
    """
    if not PATH.match(written):
        return []
    *folders, file = fold(without_line(written)).strip("/").split("/")
    stem = SUFFIX.sub("", file).strip("_")
    named = [name for name in (file, stem) if ("." in name and reader.holders(name)) or is_name(reader, name)]
    last = Reading((tuple(named),), ", ".join(named)) if named else part_of_path(reader, stem)
    telling = [folder for folder in folders[-MOST_PARTS:] if folder not in reader.slight]
    return [each for each in (*(part_of_path(reader, folder) for folder in telling), last) if each]


def without_line(path: str) -> str:
    """Return a path without a line number: devmap.c for devmap.c:123:4."""
    return path.partition(":")[0]


def is_name(reader: Reader, name: str) -> bool:
    return "_" in name and reader.index.postings("names", name) is not None


def part_of_path(reader: Reader, name: str) -> Reading | None:
    """Return the reading of a part of a path, or of its most specific words."""
    kept = (name,) if reader.holders(name) else telling_words(reader, name)
    return Reading((kept,), ", ".join(kept), whole=False) if kept else None


def telling_words(reader: Reader, name: str) -> tuple[str, ...]:
    """Return the most specific words of a name that is unknown as a whole, without those that most entries have.

    In an archive about BPF, bpf_jit_comp.c is about "jit". An entry that happens to write bpf_jit is not more so.
    """
    parts = SUB_WORD.findall(name)[:MOST_PARTS]
    rare = [part for part in parts if not reader.is_everywhere(part)]
    return reader.most_specific(rare or parts)


def weights_of(readings: Sequence[Reading], found: Sequence[Scored], scorer: Scorer) -> list[float]:
    """Return the weight of each part of a path, higher for parts found in fewer entries."""
    weights = [(scorer.idf(len(each.ids)) - 1) ** POWER for each in found]
    weights[-1] *= FILE_WEIGHT if len(readings[-1].groups[0]) == 1 else 1
    most = max(weights)
    return [max(LEAST, weight / most) if most else 1.0 for weight in weights]
