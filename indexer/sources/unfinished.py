"""Files and folders that are written beside the one they replace: locked while they are, and removed after a crash."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # on Windows, the remains of killed runs stay
    CAN_LOCK = False
else:
    CAN_LOCK = True

MARK = ".exporting-"
DIGITS = 16


def unfinished(target: Path) -> Path:
    """Return an unguessable path beside a file or folder, to write its replacement to."""
    return target.with_name(f".{target.name}{MARK}{secrets.token_hex(DIGITS // 2)}")


def remains(target: Path) -> list[Path]:
    """Return the replacements of a file or folder that killed runs left unfinished."""
    start = f".{target.name}{MARK}"
    with suppress(OSError):  # the folder does not exist yet, or cannot be listed
        return [
            path
            for path in target.parent.iterdir()
            if path.name.startswith(start) and len(path.name) == len(start) + DIGITS and not is_locked(path)
        ]
    return []


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a file or folder within the block, also if it is renamed there.

    Nothing happens if it does not exist, and on file systems without locks, where `is_locked` is always true.
    """
    opened = None
    with suppress(OSError):
        opened = lock(path)
    try:
        yield
    finally:
        if opened is not None:
            os.close(opened)


def is_locked(path: Path) -> bool:
    """Return whether a running process writes a file or folder. True if that cannot be known."""
    try:
        os.close(lock(path))
    except OSError:
        return True
    return False


def lock(path: Path) -> int:
    """Return an open file whose lock ends when it is closed. Raises `OSError` if another one has the lock."""
    if not CAN_LOCK:
        raise OSError
    opened = os.open(path, os.O_RDONLY)
    try:
        flock(opened, LOCK_EX | LOCK_NB)
    except OSError:
        os.close(opened)
        raise
    return opened
