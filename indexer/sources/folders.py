"""The default archive and data folders, and folders that only the user can write to."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

ROOT = 0
FOLDER_MODE = 0o755
FILE_MODE = 0o644
SHIPPED = Path(__file__).resolve().parents[2] / "archive"


def default_data() -> Path:
    """Return the folder named by BACKISSUE_DATA, or else the system's folder for user data."""
    return folder_of("BACKISSUE_DATA") or users_data()


def default_archive() -> Path:
    """Return the folder named by BACKISSUE_ARCHIVE, or else the shipped archive."""
    return folder_of("BACKISSUE_ARCHIVE") or SHIPPED


def folder_of(variable: str) -> Path | None:
    given = os.environ.get(variable)
    return Path(given) if given else None


def users_data() -> Path:
    import platformdirs  # needed only if no folder is named

    return Path(platformdirs.user_data_dir("backissue", appauthor=False))


def make_folder(path: Path) -> None:
    """Create a folder and its missing parents, writable by the user alone whatever the umask is."""
    with suppress(FileNotFoundError):
        path.stat()  # raises `OSError` for a path that is too long, before its parents are listed
    for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        missing.mkdir(FOLDER_MODE, exist_ok=True)


def is_of_another(held: os.stat_result) -> bool:
    """Return whether a file or folder belongs to a user other than this one and root. Always false on Windows."""
    return os.name == "posix" and held.st_uid not in (os.geteuid(), ROOT)
