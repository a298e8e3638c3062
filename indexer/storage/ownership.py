"""Check that no other user can write to an index: it contains a pickle, and loading one runs code."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_IWGRP, S_IWOTH

from indexer.errors import UnsafeFolder

ROOT = 0
OTHERS = S_IWGRP | S_IWOTH


def check_ours(*paths: Path) -> None:
    """Raise `UnsafeFolder` for a path that belongs to another user (except root) or is writable by others.

    Nothing is checked on systems without Unix owners and modes.
    """
    if os.name != "posix":
        return
    for path in paths:
        about = path.stat()
        if about.st_uid not in (os.geteuid(), ROOT):
            raise UnsafeFolder(f"{path}: It belongs to another user, who may have changed it. Choose another --data.")
        if about.st_mode & OTHERS:
            raise UnsafeFolder(
                f"{path}: Other users could change the index here. Run chmod go-w, or choose another --data."
            )


def keep_ours(path: Path) -> None:
    """Remove the write permission of others from a path of ours."""
    mode = path.stat().st_mode
    if mode & OTHERS:
        path.chmod(mode & ~OTHERS)
