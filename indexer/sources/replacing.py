"""Replace an original and the options given for it atomically, even if the run is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from indexer.sources.folders import FILE_MODE

WRITING = ".writing-"
READY = ".replacing-"
HINTS = ".told"  # the suffix since version 0.1
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def replace(folder: Path, name: str, files: dict[str, bytes], suffixes: tuple[str, ...]) -> None:
    """Write `files` (contents by suffix) to a folder under `name`, and remove its files with other `suffixes`.

    The files are first written to a folder beside it. One rename marks them as ready. From then on, the remaining
    steps need no disk space, and `recover` repeats them after an interruption. An empty file of options removes it.
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
    """Write a new file and sync it to disk. It is writable by the user alone, whatever the umask is."""
    with os.fdopen(os.open(path, NEW, FILE_MODE), "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def finish(ready: Path, suffixes: tuple[str, ...]) -> None:
    """Move the ready files to their place. Each step leaves all that is needed to continue after a crash."""
    folder, held = ready.parent, sorted(ready.iterdir(), key=lambda path: path.suffix != HINTS)
    if any(path.suffix != HINTS for path in held):
        for other in (f"{ready.name.removeprefix(READY)}{suffix}" for suffix in suffixes):
            if not (ready / other).exists():
                (folder / other).unlink(missing_ok=True)
    for path in held:
        if path.suffix == HINTS and not path.stat().st_size:
            (folder / path.name).unlink(missing_ok=True)
            path.unlink()
        else:
            path.replace(folder / path.name)
    ready.rmdir()


def recover(folder: Path, suffixes: tuple[str, ...]) -> None:
    """Finish the replacements that killed runs left ready, and remove what they had only partly written."""
    for path in folder.glob(f"{READY}*"):
        finish(path, suffixes)
    for path in folder.glob(f"{WRITING}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
