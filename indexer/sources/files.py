"""Files read within bounds and written whole, and what a folder holds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from indexer.errors import BadArchive, UnreadableSource
from indexer.model import LARGEST
from indexer.sources.folders import is_of_another
from indexer.sources.replacing import WRITING, write

# Windows has no FIFOs to wait for, and reads text unless told otherwise.
NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_file(path: Path, *, owned: bool = False, most: int = LARGEST) -> bytes:
    """Return the contents of a regular file of `most` bytes; `owned` refuses another user's.

    Kind and size are checked before anything is read: opening a FIFO would wait for a writer, and a device has no
    end. Raises `UnreadableSource`.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | NOT_WAITING), "rb") as file:
            held = os.fstat(file.fileno())
            if not stat.S_ISREG(held.st_mode):
                raise UnreadableSource(f"{path}: this is not a regular file")
            if owned and is_of_another(held):
                raise UnreadableSource(f"{path}: the file belongs to another user, who may have changed it")
            if held.st_size > most:
                raise UnreadableSource(f"{path}: the file has {held.st_size:,} bytes; the limit is {most:,}")
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableSource(f"{path}: {error.strerror}") from error


def listed(folder: Path) -> list[Path]:
    """Return what a folder holds; raises `BadArchive` where that is not to be known, which is not the same as none."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadArchive(f"{folder}: {error.strerror}; its issues could not be listed") from error


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file so that a reader, or a run after a crash, sees the old or the new one, whole."""
    import secrets  # brings its own random numbers and checksums, which reading needs not

    part = path.with_name(f"{WRITING}{secrets.token_hex(8)}")
    try:
        write(part, raw)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
