"""Contain bugs of readers, so that one costs one source at most."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from indexer.errors import BackissueError, ReaderFailed

LONGEST_REASON = 200  # characters quoted from a library's exception


@contextmanager
def contained(where: str) -> Iterator[None]:
    """Convert unexpected exceptions except MemoryError to `ReaderFailed`."""
    try:
        yield
    except (BackissueError, MemoryError):
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
        raise ReaderFailed(
            f"{where}: The file could not be read because of a bug ({said}). Please report it with the file."
        ) from error
