"""Copy issues to a newsletter's folder in an archive, without overwriting copies that the user edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.cli.terminal import put
from indexer.collecting.formats import in_other_formats, in_words, rank
from indexer.collecting.parts import Part
from indexer.errors import BackissueError
from indexer.ingest import Hints, which_issue
from indexer.model import IssueKey, Label
from indexer.sources.archive import NEWSLETTERS, SUFFIXES, Archive, Source
from indexer.sources.folders import make_folder
from indexer.sources.names import stem_of
from indexer.sources.replacing import HINTS, recover, replace

DIGEST = "sha256"  # of the copied text, to recognise copies that were edited


@dataclass(frozen=True, slots=True)
class Copied:
    """The labels of issues in the archive folder that are new, changed and unchanged."""

    new: list[Label] = field(default_factory=list)
    changed: list[Label] = field(default_factory=list)
    same: list[Label] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the total number."""
        return len(self.new) + len(self.changed) + len(self.same)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy to write: its place, its text, and the facts about it."""

    source: Source
    part: Part
    known: dict[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.part.raw).hexdigest()


def copy_issues(archive: Archive, name: str, parts: Sequence[Part], refused: list[str]) -> Copied:
    """Copy issues to the archive folder, each named by its number or date. Messages about others go to `refused`."""
    labelled: list[tuple[Label, Part]] = []
    days: dict[int, str] = {}
    for part in parts:
        try:
            _, label, date = which_issue(part.document, part.name, archive, Hints(name))
        except BackissueError as error:
            refused.append(str(error))
            continue
        labelled.append((label, part))
        days[id(part)] = date.isoformat() if date else ""
    richest, poorer, again = in_other_formats(labelled)
    refused += [
        f"{part.name}: Issue {label} is also in {richest[label].name}, which was copied." for label, part in again
    ]
    if message := in_words(richest, poorer):
        put(message)
    copied = Copied()
    folder = archive.folder / NEWSLETTERS / name
    make_folder(folder)
    recover(folder, SUFFIXES)
    for label, part in richest.items():
        place = folder / f"{stem_of(label)}{part.suffix}"
        known = {"name": part.name} | ({"date": days[id(part)]} if days[id(part)] else {})
        try:
            write_copy(archive, Copy(Source(IssueKey(name, label), place), part, known), copied, refused)
        except BackissueError as error:  # the existing copy or its options cannot be read
            refused.append(str(error))
    return copied


def write_copy(archive: Archive, copy: Copy, copied: Copied, refused: list[str]) -> None:
    """Write the copy of an issue, unless one exists that is the same, richer, or edited by the user."""
    source, label = copy.source, copy.source.key.label
    there = in_any_format(source)
    if there and (is_poorer(copy, there) or is_known(archive, copy, there)):
        copied.same.append(label)
    elif there and is_edited(archive, there):
        copied.same.append(label)
        refused.append(
            f"{copy.part.name}: {there.path} was edited, so it was not overwritten. Remove it to copy the new text."
        )
    else:
        (copied.changed if there else copied.new).append(label)
        hints = json.dumps(copy.known | {DIGEST: copy.digest}, ensure_ascii=False) + "\n"
        place = source.path
        replace(place.parent, place.stem, {place.suffix: copy.part.raw, HINTS: hints.encode()}, SUFFIXES)


def in_any_format(source: Source) -> Source | None:
    """Return the existing copy of an issue, in any format; None if there is none."""
    paths = (source.path.with_name(f"{stem_of(source.key.label)}{suffix}") for suffix in SUFFIXES)
    return next((Source(source.key, path) for path in paths if path.exists()), None)


def is_poorer(copy: Copy, there: Source) -> bool:
    """Return whether the existing copy has a richer format."""
    return rank(there.path.suffix) < rank(copy.source.path.suffix)


def is_known(archive: Archive, copy: Copy, there: Source) -> bool:
    """Return whether the text was copied before, or equals the existing copy."""
    return archive.hints(there).get(DIGEST) == copy.digest or archive.content(there.path) == copy.part.raw


def is_edited(archive: Archive, there: Source) -> bool:
    """Return whether the user edited a copy."""
    before = archive.hints(there).get(DIGEST)
    return before is not None and before != hashlib.sha256(archive.content(there.path)).hexdigest()
