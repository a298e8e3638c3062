"""The index folder: generations of the index, the one that is current, and the lock for who builds the next."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from indexer.archive.store import write_whole
from indexer.errors import IndexLocked, IndexMissing

POINTER = "current"
ABOUT = "about.json"
UNSEALED = ("MAIN_WRITELOCK",)  # Whoosh's own lock, which holds nothing


def index_folder(data: Path) -> Path:
    return data / "index"


@contextmanager
def building(data: Path) -> Iterator[Path]:
    """Yield a new, empty folder for a generation, under the lock; what is left of a failed build is removed.

    Raises `IndexLocked` where another process builds.
    """
    folder = index_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f"{folder}: another process is building the index; wait for it, then run backissue index again"
        raise IndexLocked(message) from error
    fresh = folder / f"building-{secrets.token_hex(4)}"
    try:
        sweep(folder)
        fresh.mkdir()
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        lock.release()


def seal(fresh: Path, about: dict[str, Any]) -> None:
    """Write what a generation says of itself, with a checksum of each of its files."""
    sums = {path.name: checksum(path) for path in sorted(fresh.iterdir()) if path.name not in UNSEALED}
    (fresh / ABOUT).write_text(json.dumps(about | {"sums": sums}, ensure_ascii=False), encoding="utf-8")


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def swap_in(data: Path, fresh: Path) -> Path:
    """Make a finished generation the current one, by one rename; a reader sees the old or the new, whole."""
    folder = index_folder(data)
    generation = folder / f"generation-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    fresh.rename(generation)
    write_whole(folder / POINTER, f"{generation.name} {checksum(generation / ABOUT)}".encode())
    sweep(folder)
    return generation


def sweep(folder: Path) -> None:
    """Remove what no reader will open again: old generations and what crashed builds left."""
    keep = pointed_at(folder)
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep and path.name.startswith(("generation-", "building-")):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(".writing-"):
            path.unlink(missing_ok=True)


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
