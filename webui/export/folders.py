"""A folder that is replaced as a whole: written beside the old one, which stays where anything fails."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import BackissueError

MARKER = ".backissue-export"
SAID = "backissue export --static wrote these files, and replaces them together:"


class NotExported(BackissueError):
    """A site that could not be written; what stood in its folder still does."""


class Files:
    """The files of a folder as they are written: their names, and how many bytes they have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.size = 0

    def write(self, name: str, content: bytes) -> None:
        """Write a file by its name, with / between its parts."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.names.append(name)
        self.size += len(content)


@contextmanager
def replaced(folder: Path) -> Iterator[Files]:
    """Yield what writes the files of a folder, which is replaced once all are written.

    Raises `NotExported` where the folder holds what no export wrote, and where it cannot be written.
    """
    target = folder.resolve()
    fresh = target.parent / f".{target.name}-{secrets.token_hex(4)}"
    try:
        refuse_others(target)
        fresh.mkdir(parents=True)
        files = Files(fresh)
        yield files
        (fresh / MARKER).write_text("\n".join([SAID, *sorted(files.names), ""]), encoding="utf-8")
        refuse_others(target)  # what came into it meanwhile
        swap_in(fresh, target)
    except OSError as error:
        raise NotExported(
            f"{error.filename or folder}: {error.strerror or error}. {folder} was not changed."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def refuse_others(folder: Path) -> None:
    """Raise `NotExported` where a folder holds anything that no export wrote."""
    if not folder.exists():
        return
    marker = folder / MARKER
    if marker.is_file():
        written = {MARKER, *marker.read_text(encoding="utf-8").splitlines()[1:]}
        paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    else:
        written = set()
        paths = folder.iterdir()
    other = next((path for path in paths if path.relative_to(folder).as_posix() not in written), None)
    if other is not None:
        raise NotExported(
            f"{folder} contains {other.name}, which is not from an export. Choose an empty or new folder."
        )


def swap_in(fresh: Path, target: Path) -> None:
    """Put a finished folder in place of the one that is there, if there is one."""
    old = fresh.with_name(f"{fresh.name}-old")
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
