"""Choose the richest format of an issue that exists in several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from indexer.collecting.parts import Part
from indexer.formats.items import SUFFIX

# If an issue exists in several formats, the first of these is used. Richer formats come first.
RICHEST = (
    *(SUFFIX, ".md", ".markdown", ".mdx", ".mkd", ".html", ".htm", ".xhtml", ".org", ".adoc", ".asciidoc", ".rst"),
    *(".docx", ".odt", ".epub", ".eml", ".txt"),
)
FOLDERS = frozenset("html org txt text md markdown adoc asciidoc rst pdf mail email web".split())

Key = TypeVar("Key", bound=Hashable)


def richness(part: Part) -> tuple[int, str]:
    """Return the sort key of issues: the richest format first, then by file."""
    return (rank(part.suffix), part.name)


def rank(suffix: str) -> int:
    """Return the rank of a format; the richest has rank 0."""
    return RICHEST.index(suffix) if suffix in RICHEST else len(RICHEST)


def one_of_each_name(parts: Sequence[Part]) -> list[Part]:
    """Return each issue once if its files differ only in format, by suffix or by a folder of that name."""
    found: dict[tuple[str, ...], Part] = {}
    kept: list[Part] = []
    for part in sorted(parts, key=richness):
        path = PurePosixPath(part.name)
        folders = (each for each in path.parts[:-1] if each.casefold() not in FOLDERS)
        key = (*folders, path.stem)
        if part.several or found.setdefault(key, part) is part or found[key].suffix == part.suffix:
            kept.append(part)
    return sorted(kept, key=lambda part: part.name)


Labelled = tuple[Key, Part]


def in_other_formats(labelled: Iterable[Labelled[Key]]) -> tuple[dict[Key, Part], list[Part], list[Labelled[Key]]]:
    """Return the richest file of each label, those in other formats, and other texts in the same format."""
    kept: dict[Key, Part] = {}
    poorer: list[Part] = []
    again: list[Labelled[Key]] = []
    for key, part in sorted(labelled, key=lambda pair: richness(pair[1])):
        first = kept.setdefault(key, part)
        if first is part:
            continue
        if first.suffix != part.suffix:
            poorer.append(part)
        elif first.raw != part.raw:
            again.append((key, part))
    return kept, poorer, again


def in_words(kept: Mapping[Key, Part], poorer: Sequence[Part]) -> str:
    """Return a message about skipped formats, "" if there are none."""
    counts = Counter(part.suffix for part in poorer)
    return other_formats(counts, {part.suffix for part in kept.values()}) if counts else ""


def other_formats(counts: Mapping[str, int], read: Iterable[str]) -> str:
    """Return a sentence on the files that were not read, by suffix, because their issues exist in richer formats."""
    others = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(counts.items()))
    return f"Some issues exist in several formats. Read: {', '.join(sorted(read))}. Left out: {others}."
