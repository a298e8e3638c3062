"""Read files within limits, write them atomically, and list folders."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from indexer.errors import BadArchive, UnreadableSource
from indexer.model import LARGEST
from indexer.sources.folders import is_of_another
from indexer.sources.replacing import WRITING, write

# O_NONBLOCK keeps a FIFO from blocking (Windows has none); O_BINARY keeps Windows from translating line ends.
NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_file(path: Path, *, owned: bool = False, most: int = LARGEST) -> bytes:
    """Return the contents of a regular file of at most `most` bytes.

    With `owned`, a file of another user is refused. Kind and size are checked before anything is read, because
    opening a FIFO would wait for a writer, and a device has no end. Raises `UnreadableSource`.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | NOT_WAITING), "rb") as file:
            held = os.fstat(file.fileno())
            if not stat.S_ISREG(held.st_mode):
                raise UnreadableSource(f"{path}: This is not a regular file. Name a file that holds an issue.")
            if owned and is_of_another(held):
                raise UnreadableSource(
                    f"{path}: The file belongs to another user, who may have changed it. Add the issue again."
                )
            if held.st_size > most:
                raise UnreadableSource(f"{path}: The file has {held.st_size:,} bytes. The limit is {most:,}.")
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableSource(f"{path}: The file could not be read ({error.strerror}).") from error


def listed(folder: Path) -> list[Path]:
    """Return the contents of a folder, sorted. Raises `BadArchive` if it cannot be listed."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadArchive(
            f"{folder}: The folder could not be listed ({error.strerror}). Check its permissions."
        ) from error


def write_whole(path: Path, raw: bytes) -> None:
    """Replace a file atomically: readers, and runs after a crash, see either the old or the new contents."""
    import secrets  # slow to import, and only writing needs it

    part = path.with_name(f"{WRITING}{secrets.token_hex(8)}")
    try:
        write(part, raw)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
