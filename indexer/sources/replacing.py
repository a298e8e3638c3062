"""One original in the place of another, with what was said of it: whole or not at all, even where the run is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from indexer.sources.folders import FILE_MODE

WRITING = ".writing-"
READY = ".replacing-"
TOLD = ".told"
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def replace(folder: Path, name: str, files: dict[str, bytes], suffixes: tuple[str, ...]) -> None:
    """Put files (by suffix) into a folder under a name, in the place of those of its suffixes that are there.

    They are written into a folder beside first. One rename says that they are ready, and from then on what is left to
    do takes no room on the disk and is done again where it was interrupted. What is said may be empty, for nothing.
    """
    made = Path(tempfile.mkdtemp(prefix=WRITING, dir=folder))
    try:
        for suffix, raw in files.items():
            write(made / f"{name}{suffix}", raw)
        ready = made.rename(folder / f"{READY}{name}")
    except BaseException:
        shutil.rmtree(made)
        raise
    finish(ready, suffixes)


def write(path: Path, raw: bytes) -> None:
    """Write a new file, down to the disk; only the user may write to it, whatever the umask is."""
    with os.fdopen(os.open(path, NEW, FILE_MODE), "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def finish(ready: Path, suffixes: tuple[str, ...]) -> None:
    """Put what is ready into its place; each step leaves what the next needs to be done after a crash."""
    folder, held = ready.parent, sorted(ready.iterdir(), key=lambda path: path.suffix != TOLD)
    if any(path.suffix != TOLD for path in held):
        for other in (f"{ready.name.removeprefix(READY)}{suffix}" for suffix in suffixes):
            if not (ready / other).exists():
                (folder / other).unlink(missing_ok=True)
    for path in held:
        if path.suffix == TOLD and not path.stat().st_size:
            (folder / path.name).unlink(missing_ok=True)
            path.unlink()
        else:
            path.replace(folder / path.name)
    ready.rmdir()


def settle(folder: Path, suffixes: tuple[str, ...]) -> None:
    """Finish what killed runs left ready in a folder, and remove what they had not yet written whole."""
    for path in folder.glob(f"{READY}*"):
        finish(path, suffixes)
    for path in folder.glob(f"{WRITING}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
