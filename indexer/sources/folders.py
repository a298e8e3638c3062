"""Where the shipped archive is, and where a user's data are kept."""

from __future__ import annotations

import os
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "archive"


def default_data() -> Path:
    """Return the folder of BACKISSUE_DATA, else where the system keeps a user's data."""
    return folder_of("BACKISSUE_DATA") or users_data()


def default_archive() -> Path:
    """Return the folder of BACKISSUE_ARCHIVE, else the archive that is shipped."""
    return folder_of("BACKISSUE_ARCHIVE") or SHIPPED


def folder_of(variable: str) -> Path | None:
    given = os.environ.get(variable)
    return Path(given) if given else None


def users_data() -> Path:
    import platformdirs  # a folder that is named needs it not

    return Path(platformdirs.user_data_dir("backissue", appauthor=False))
