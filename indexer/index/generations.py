"""The index folder read: which generation of the index is current, and what it says of itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from indexer.errors import IndexMissing

POINTER = "current"
ABOUT = "about.json"


def index_folder(data: Path) -> Path:
    return data / "index"


def pointed_at(folder: Path) -> str:
    """Return the name of the current generation, "" where there is none."""
    return (pointer(folder) or [""])[0]


def pointer(folder: Path) -> list[str]:
    """Return the name of the current generation and the checksum of what it says of itself."""
    try:
        return (folder / POINTER).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def current(data: Path) -> Path:
    """Return the folder of the current generation; raises `IndexMissing` where there is none."""
    folder = index_folder(data)
    name = pointed_at(folder)
    if not (folder / POINTER).exists():
        raise IndexMissing(f"{folder}: there is no index yet; run backissue index")
    if not name.startswith("generation-") or "/" in name or not (folder / name / ABOUT).is_file():
        raise IndexMissing(f"{folder}: the index is damaged, its current generation is not there; run backissue index")
    return folder / name


def read_about(generation: Path, expected_format: int) -> dict[str, Any]:
    """Return what a generation says of itself, once each of its files was found to be as it was written.

    Raises `IndexMissing` for one that is damaged or of another format.
    """
    try:
        said = (generation / ABOUT).read_bytes()
        about = json.loads(said)
        if not isinstance(about, dict) or about.get("format") != expected_format:
            raise IndexMissing(f"{generation}: the index is of another version of backissue; run backissue index")
        sealed = [generation.name, hashlib.sha256(said).hexdigest()] == pointer(generation.parent)
        whole = sealed and all(checksum(generation / name) == known for name, known in about["sums"].items())
    except (OSError, ValueError) as error:
        raise IndexMissing(f"{generation}: the index cannot be read ({error}); run backissue index") from error
    if not whole:
        raise IndexMissing(f"{generation}: the index is damaged, a checksum differs; run backissue index")
    return about


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
