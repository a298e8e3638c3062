"""The names of files that contain an issue: its label, with another character for a slash."""

from __future__ import annotations

from indexer.model import Label, label_of

SLASH = "_"  # replaces the slash of a label in file names; labels contain no underscores


def stem_of(label: Label) -> str:
    """Return the file name of an issue, without a suffix."""
    return f"{label:02d}" if isinstance(label, int) else label.replace("/", SLASH)


def label_in(stem: str) -> Label | None:
    """Return the label that `stem_of` turned into this file name; None if the name is not that of an issue."""
    try:
        return label_of(stem.replace(SLASH, "/"))
    except ValueError:
        return None
