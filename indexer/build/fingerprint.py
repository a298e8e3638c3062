"""Fingerprints that show whether an index is up to date with its archive."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer import __version__
from indexer.errors import IndexMissing, UnreadableSource
from indexer.model import IssueKey
from indexer.sources.archive import Archive, Source
from indexer.sources.tables import tables_of
from indexer.storage.index import Index, open_index
from indexer.storage.schema import FORMAT

Row = dict[str, Any]
CODE = Path(__file__).resolve().parents[1]
# The modules that determine the content of an index; changes to others need no rebuild.
STEPS = (
    "model", "values.py", "controls.py", "records.py", "languages.py", "analysis.py", "ingest.py", "numbering.py",
    "profile", "sources/archive.py", "formats", "dividing", "annotating", "kernel", "storage", "build",
)  # fmt: skip


def usable(data: Path, tables: str) -> Index | None:
    """Return the current index if this code made it from these tables, else None."""
    try:
        index = open_index(data)
    except IndexMissing:
        return None
    if index.metadata["tables"] == tables:
        return index
    index.close()
    return None


def is_current(archive: Archive) -> bool:
    """Return whether an index exists that this code made from the current archive."""
    index = usable(archive.data, digest_of_tables(archive))
    if index is None:
        return False
    index.close()
    return has_issues_of(index, archive)


def is_of(index: Index, archive: Archive) -> bool:
    """Return whether an index belongs to an archive, perhaps in an earlier state."""
    if index.metadata["archive"] == place_of(archive):
        return True
    moved = index.metadata["tables"] == digest_of_tables(archive)  # or an identical copy
    return moved and has_issues_of(index, archive)


def place_of(archive: Archive) -> str:
    """Return the folder of an archive as stored in the index."""
    return os.fsencode(archive.folder.resolve()).decode("utf-8", "backslashreplace")  # a path may be no UTF-8


def has_issues_of(index: Index, archive: Archive) -> bool:
    """Return whether the issues of an index match the current archive."""
    known = {row_key(row): row["made_of"] for row in index.metadata["issues"]}
    retold = archive.retold()
    return known == {str(source.key): digest_of_source(archive, source, retold) for source in archive.sources()}


def row_key(row: Row) -> str:
    return f"{row['newsletter']}/{row['number']}"


def digest_of_tables(archive: Archive) -> str:
    """Return a digest of everything an index depends on besides the issues: the tables and the build steps."""
    digest = hashlib.sha256(f"{__version__}/{FORMAT}/{archive.corrections}".encode())
    for path in (*tables_of(archive), *code()):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def code() -> list[Path]:
    """Return the modules that determine the content of an index."""
    steps = [CODE / step for step in STEPS]
    return [path for step in steps for path in (sorted(step.rglob("*.py")) if step.is_dir() else [step])]


def digest_of_source(archive: Archive, source: Source, retold: Mapping[IssueKey, Source]) -> str:
    """Return a digest of the inputs of an issue: its file, what was stated about it, and its retold issue."""
    digest = hashlib.sha256(source.path.name.encode())
    beside = retold.get(source.key)
    for path in (source.path, source.hints, *((beside.path,) if beside and beside != source else ())):
        digest.update(b"\0" + content(archive, path))
    return digest.hexdigest()


def content(archive: Archive, path: Path) -> bytes:
    """Return the content of a file, or the error as bytes; parsing reports it later."""
    try:
        return archive.content(path) if path.exists() else b""
    except UnreadableSource as error:
        return f"\0{error}".encode()
