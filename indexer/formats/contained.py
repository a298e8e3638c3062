"""Contain the reading of one issue: a bug costs one source at most, and each issue has its own time."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from indexer.errors import BackissueError, ReaderFailed, TookTooLong, UnreadableSource

LONGEST_REASON = 200  # characters quoted from a library's exception
TOO_SLOW = "Reading it took more than {:g} seconds. The file is unusually large, or was made to be slow."
TOO_LARGE = "Reading it took more than {:,} MB of memory. The file is unusually large, or was made to be so."
MEGABYTES = 300  # of additional memory for reading one source


class PastDeadline(BaseException):
    """The limit on CPU time was reached. Libraries that catch every `Exception` do not catch it."""


@contextmanager
def contained(where: str) -> Iterator[None]:
    """Convert unexpected exceptions except MemoryError to `UnreadableSource`, and start the limit on CPU time again.

    A feed or mailbox of hundreds of issues is read within one limit otherwise.
    """
    if seconds := limit():
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


@contextmanager
def apart(where: str) -> Iterator[None]:
    """Contain the reading of one of several items in a source: at its limits, it costs only itself.

    Raises `TookTooLong` for the limit on CPU time and `UnreadableSource` for that on memory. Code that does not
    return to Python is killed at twice the time, with its source.
    """
    seconds = limit()
    wrong: UnreadableSource | None = None
    with contained(where):
        before = signal.signal(signal.SIGPROF, give_up) if seconds else None
        try:
            if seconds:
                signal.setitimer(signal.ITIMER_VIRTUAL, 2 * seconds)
            yield
        except PastDeadline:
            wrong = TookTooLong(f"{where}: {TOO_SLOW.format(seconds)}")
        except MemoryError:
            wrong = UnreadableSource(f"{where}: {TOO_LARGE.format(MEGABYTES)}")
        finally:
            if seconds:
                signal.setitimer(signal.ITIMER_PROF, seconds, seconds)  # what follows has its own time
                signal.signal(signal.SIGPROF, before)
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    if wrong:
        gc.collect()  # what the item left, so that the next one has as much memory
        raise wrong


def limit() -> float:
    """Return the CPU time in seconds that a worker may take to read an issue; 0 in a process without limits."""
    return signal.getitimer(signal.ITIMER_PROF)[1] if hasattr(signal, "ITIMER_PROF") else 0


def give_up(*_: object) -> NoReturn:
    raise PastDeadline
