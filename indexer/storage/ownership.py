"""Whether nobody else can have written to an index: Whoosh keeps pickles in it, and to open one is to run it."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_IWGRP, S_IWOTH

from indexer.errors import UnsafeFolder

ROOT = 0
OTHERS = S_IWGRP | S_IWOTH


def check_ours(*paths: Path) -> None:
    """Raise `UnsafeFolder` for what belongs to another user than this one or root, or what others may write.

    Systems without such owners and modes are not checked.
    """
    if os.name != "posix":
        return
    for path in paths:
        about = path.stat()
        if about.st_uid not in (os.geteuid(), ROOT):
            raise UnsafeFolder(f"{path}: it belongs to another user, who may have changed it; choose another --data")
        if about.st_mode & OTHERS:
            raise UnsafeFolder(
                f"{path}: others may write to it, and so to the index; run chmod go-w, or choose another --data"
            )


def keep_ours(path: Path) -> None:
    """Take from others the right to write to a file or folder of ours."""
    mode = path.stat().st_mode
    if mode & OTHERS:
        path.chmod(mode & ~OTHERS)
