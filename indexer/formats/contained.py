"""Contain the reading of one issue: a bug costs one source at most, and each issue has its own time."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.errors import BackissueError, ReaderFailed, UnreadableSource

LONGEST_REASON = 200  # characters quoted from a library's exception


@contextmanager
def contained(where: str) -> Iterator[None]:
    """Convert unexpected exceptions except MemoryError to `UnreadableSource`, and start the limit on CPU time again.

    A feed or mailbox of hundreds of issues is read within one limit otherwise.
    """
    if hasattr(signal, "ITIMER_PROF") and (seconds := signal.getitimer(signal.ITIMER_PROF)[1]):
        signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
    except (BackissueError, MemoryError):
        raise
    except RecursionError as error:
        raise UnreadableSource(f"{where}: The file was not read because its contents nest too deeply.") from error
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
        raise ReaderFailed(
            f"{where}: The file could not be read because of a bug ({said}). Please report it with the file."
        ) from error
