"""The standard streams of a command: always open, in UTF-8, and named in the errors of writing."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

OUTPUT = "standard output"  # the name of the stream in errors


class Named(io.FileIO):
    """A standard stream whose errors have its name, as those of files do."""

    def __init__(self, number: int, shown: str) -> None:
        super().__init__(number, "w", closefd=False)
        self.shown = shown

    def write(self, data: Any, /) -> int:
        """Write bytes. Raises `OSError` with the name of the stream."""
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.shown) from error


def prepare() -> None:
    """Replace closed streams by /dev/null, and write in UTF-8."""
    open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    if os.name == "posix" and isinstance(sys.stdout, io.TextIOWrapper):  # Windows writes to its console in another way
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(Named(sys.stdout.fileno(), OUTPUT)),
            encoding="utf-8",
            line_buffering=sys.stdout.line_buffering,
            write_through=sys.stdout.write_through,
        )


def open_closed() -> None:
    """Open /dev/null in place of closed streams.

    Otherwise the next files to be opened, such as those of the index, would have the numbers of these streams, and
    other programs would write their messages to them.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
            os.set_inheritable(opened, True)  # noqa: FBT003  it has no keywords
    sys.stdin = sys.stdin or nothing(0, "r")
    sys.stdout = sys.stdout or nothing(1, "w")
    sys.stderr = sys.stderr or nothing(2, "w")


def nothing(number: int, mode: str) -> TextIO:
    """Return a stream for /dev/null."""
    return open(number, mode, encoding="utf-8", closefd=False)  # type: ignore[return-value]


def silence(stream: TextIO) -> None:
    """Redirect a stream that cannot be written to /dev/null, because Python writes the rest of its buffer at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
