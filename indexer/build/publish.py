"""Write the index folder: build a generation next to the current one, seal it, and publish it by one rename."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filelock import FileLock, Timeout

from indexer.errors import IndexLocked
from indexer.sources.files import write_whole
from indexer.sources.folders import FILE_MODE, FOLDER_MODE, make_folder
from indexer.sources.replacing import WRITING, write
from indexer.storage.generations import ABOUT, LATER, MORE, POINTER, checksum, files, index_folder, mark, pointer
from indexer.storage.ownership import check_ours, keep_ours
from indexer.storage.segment import FIELDS, RECORDS
from indexer.storage.vectors import VECTORS

Listed = tuple[int, str]  # size and checksum


@contextmanager
def building(data: Path) -> Iterator[Path]:
    """Yield a new, empty folder for a generation, under the lock, after removing the remains of failed builds.

    Raises `IndexLocked` if another process is building, `UnsafeFolder` if others may write to the data folder.
    """
    folder = index_folder(data)
    make_folder(folder)
    check_ours(data, folder)
    lock = FileLock(folder / "lock", mode=FILE_MODE)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f"{folder}: Another process is building the index. Wait for it, then run backissue index again."
        raise IndexLocked(message) from error
    fresh = folder / f"building-{secrets.token_hex(4)}"
    try:
        sweep(folder)
        fresh.mkdir(FOLDER_MODE)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        lock.release()


def seal(fresh: Path, about: dict[str, Any], known: Mapping[str, Listed] = MappingProxyType({})) -> None:
    """Write the manifest of a generation, with the size and checksum of each file.

    Reused segments are not read again: `known` has their entries from the previous manifest. All files are flushed
    to disk before the generation can be published.
    """
    more = {key: about[key] for key in LATER}
    write(fresh / MORE, json.dumps(more, ensure_ascii=False).encode())
    about = {key: value for key, value in about.items() if key not in LATER}
    taken = {name: listed for name, listed in known.items() if name.endswith((FIELDS, RECORDS, VECTORS))}
    listed = {path.name: taken.get(path.name) or on_disk(path) for path in files(fresh)}
    write(fresh / ABOUT, json.dumps(about | {"files": listed}, ensure_ascii=False).encode())
    for path in fresh.iterdir():
        keep_ours(path)


def on_disk(path: Path) -> Listed:
    """Flush a file to disk; return its size and checksum."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return path.stat().st_size, checksum(path)


def publish(data: Path, fresh: Path) -> Path:
    """Publish a finished generation by one rename; readers see either the old or the new one."""
    folder = index_folder(data)
    generation = folder / f"generation-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    fresh.rename(generation)
    write_whole(folder / POINTER, f"{generation.name} {checksum(generation / ABOUT)}".encode())
    mark(generation)
    sweep(folder)
    return generation


def sweep(folder: Path) -> None:
    """Remove old generations and the remains of crashed builds."""
    keep = pointer(folder)[:1]
    for path in folder.iterdir():
        if path.is_dir() and path.name not in keep and path.name.startswith(("generation-", "building-")):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(WRITING):
            path.unlink(missing_ok=True)
