"""Write redirects for entries that had other ids in version 0.1, once, to the data folder of that version."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from indexer.build.workers import in_workers
from indexer.errors import BackissueError, IndexMissing
from indexer.ingest import hints_for, parse
from indexer.model import Entry
from indexer.sources.archive import REDIRECTS, Archive, Source
from indexer.sources.files import write_whole
from indexer.storage.generations import ABOUT, current

FIRST = "0.1."
HEAD = "# Ids of entries in version 0.1 that have changed.\nold\tnew\n"
Moves = dict[str, str | None]


def convert(archive: Archive) -> str:
    """Write redirects if version 0.1 built the index. Return a message about it, "" if there is nothing to do."""
    version = version_before(archive)
    if not version.startswith(FIRST):
        return ""
    then = as_first(archive)
    moves: Moves = {}
    sources = changed(archive)
    with in_workers(partial(moves_of, archive, then), sources) as found:
        for _ in sources:
            with suppress(BackissueError):  # the build reports it
                moves |= next(found)
    lines = [f"{old}\t{new}\n" for old, new in sorted(moves.items()) if new]
    if lines:
        write_whole(archive.data / REDIRECTS, (HEAD + "".join(lines)).encode())
    lost = f", {len(moves) - len(lines):,} have no successor" if len(moves) > len(lines) else ""
    changes = f" {len(lines):,} ids of entries have changed and are redirected{lost}." if moves else ""
    return f"The index of version {version} was rebuilt.{changes}"


def version_before(archive: Archive) -> str:
    """Return the version that built the current index, "" if there is none."""
    try:
        return str(json.loads((current(archive.data) / ABOUT).read_bytes())["version"])
    except (IndexMissing, OSError, ValueError, KeyError, TypeError):
        return ""


def as_first(archive: Archive) -> Archive:
    """Return the archive with every newsletter divided as version 0.1 did."""
    then = Archive(archive.folder, archive.data)
    named = {source.key.newsletter for source in archive.sources()} | archive.newsletters.keys()
    then.newsletters.update({name: replace(archive.newsletter(name), dividing="by table") for name in named})
    return then


def changed(archive: Archive) -> list[Source]:
    """Return the issues that version 0.1 divided differently."""
    return [source for source in archive.sources() if archive.newsletter(source.key.newsletter).dividing != "by table"]


def moves_of(archive: Archive, then: Archive, source: Source) -> Moves:
    """Return the removed ids of an issue, each with the id of the entry that has its text now, or None."""
    raw, where = archive.content(source.path), source.path.name
    try:
        (before, *_), (now, *_) = (parse(raw, where, each, hints_for(source, each)) for each in (then, archive))
    except BackissueError:
        return {}
    left = {entry.id for entry in now.entries}
    return {old.id: successor(old, now.entries) for old in before.entries if old.id not in left}


def successor(old: Entry, entries: Iterable[Entry]) -> str | None:
    """Return the id of the entry with the same link, with the title in the shortest text, or with a longer title."""
    candidates = list(entries)
    same = [each for each in candidates if old.url and each.url == old.url]
    holding = sorted((each for each in candidates if holds(each, old)), key=lambda each: len(each.body))
    longer = [each for each in candidates if each.id.startswith(f"{old.id}-")]
    return next((each.id for each in (*same, *holding, *longer)), None)


def holds(entry: Entry, old: Entry) -> bool:
    return folded(old.title) in folded(f"{entry.title} {entry.body}")


def folded(text: str) -> str:
    return " ".join(text.casefold().split())
