"""Replace a folder atomically: write a new one next to it, and keep the old one if anything fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import BackissueError
from indexer.sources.unfinished import locked, remains, unfinished

MARKER = ".backissue-export"
SAID = "backissue export --static wrote these files, and replaces them together:"


class NotExported(BackissueError):
    """A site could not be written. The previous contents of its folder are unchanged."""


class Files:
    """The files written so far: their names and total size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.size = 0

    def write(self, name: str, content: bytes) -> None:
        """Write a file. Its name has / between its parts."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.names.append(name)
        self.size += len(content)


@contextmanager
def replaced(folder: Path) -> Iterator[Files]:
    """Yield a writer for the files of a folder, which is replaced at the end of the block.

    Raises `NotExported` if the folder contains files that are not from an export, or cannot be written.
    """
    target = Path(os.path.realpath(folder))
    fresh = unfinished(target)
    try:
        remove_remains(target)
        refuse_others(target)
        fresh.mkdir(parents=True)
        with locked(fresh):
            files = Files(fresh)
            yield files
            (fresh / MARKER).write_text("\n".join([SAID, *sorted(files.names), ""]), encoding="utf-8")
            refuse_others(target)  # files added in the meantime
            put_in_place(fresh, target)
    except OSError as error:
        raise NotExported(
            f"{error.filename or folder}: {error.strerror or error}. {folder} was not changed."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def refuse_others(folder: Path) -> None:
    """Raise `NotExported` if a folder contains files that are not from an export."""
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


def remove_remains(target: Path) -> None:
    """Remove what killed exports left beside a folder. If it was being replaced, a complete export takes its place."""
    for path in remains(target):
        if not target.exists() and (path / MARKER).is_file():
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def put_in_place(fresh: Path, target: Path) -> None:
    """Replace a folder, if it exists, by a finished one."""
    old = unfinished(target)
    with locked(target):
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
