"""The index folder read: which generation of the index is current, and what it says of itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from indexer.errors import IndexDamaged, IndexMissing
from indexer.storage.ownership import check_ours

POINTER = "current"
ABOUT = "about.json"
UNSEALED = (ABOUT, "MAIN_WRITELOCK")  # the latter is Whoosh's own lock, which holds nothing


def index_folder(data: Path) -> Path:
    return data / "index"


def pointer(folder: Path) -> list[str]:
    """Return the name of the current generation and the checksum of what it says of itself, where that can be read."""
    try:
        return read_pointer(folder)
    except OSError:
        return []


def read_pointer(folder: Path) -> list[str]:
    try:
        return (folder / POINTER).read_text(encoding="ascii").split()
    except UnicodeDecodeError:
        return []


def current(data: Path) -> Path:
    """Return the folder of the current generation; raises `IndexMissing` where there is none."""
    folder = index_folder(data)
    try:
        name = "".join(read_pointer(folder)[:1])
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"{folder}: there is no index yet; run backissue index") from error
    except OSError as error:
        raise IndexMissing(f"{folder}: the index cannot be read ({error}); run backissue index") from error
    if not name.startswith("generation-") or "/" in name or not (folder / name / ABOUT).is_file():
        raise IndexDamaged(f"{folder}: the index is damaged, its current generation is not there; run backissue index")
    generation = folder / name
    try:
        check_ours(data, folder, folder / POINTER, generation, *generation.iterdir())
    except OSError as error:
        raise IndexMissing(f"{generation}: the index cannot be read ({error}); run backissue index") from error
    return generation


def read_about(generation: Path, expected_format: int) -> dict[str, Any]:
    """Return what a generation says of itself, once each of its files was found to be as it was written.

    Raises `IndexMissing` for one that is damaged or of another format.
    """
    try:
        said = (generation / ABOUT).read_bytes()
        sealed = [generation.name, hashlib.sha256(said).hexdigest()] == pointer(generation.parent)
        about = json.loads(said) if sealed else {}
        if sealed and (not isinstance(about, dict) or about.get("format") != expected_format):
            raise IndexDamaged(f"{generation}: the index is of another version of backissue; run backissue index")
        whole = sealed and sums(generation) == about["sums"]
    except (OSError, ValueError) as error:
        raise IndexMissing(f"{generation}: the index cannot be read ({error}); run backissue index") from error
    if not whole:
        raise IndexDamaged(f"{generation}: the index is damaged, a checksum differs; run backissue index")
    return dict(about)


def sums(generation: Path) -> dict[str, str]:
    """Return the checksum of each file of a generation; one too many is as wrong as one that is missing."""
    return {path.name: checksum(path) for path in sorted(generation.iterdir()) if path.name not in UNSEALED}


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
