"""Compute the vectors of a segment in a process beside the build, which meanwhile writes its terms."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NoReturn

from indexer.build.workers import can_fork, set_apart
from indexer.storage.names import in_bytes
from indexer.storage.segment import FIELDS, Segment
from indexer.storage.vectors import VECTORS, text_of, texts_of, write_file

AT_ONCE = 128  # texts
HELD = 1 << 20  # bytes that wait in the pipe where its size can be set; the default maximum


class Beside:
    """A forked process that writes the vectors of a segment.

    If it cannot be forked or is killed, the build computes the vectors at its end.
    """

    def __init__(self, folder: Path, segment: str) -> None:
        self._folder = folder
        self._segment = segment
        self._path = folder / f"{segment}{VECTORS}"
        self._count = 0
        self._texts: list[str] = []
        self._pid = 0
        self._pipe: BinaryIO | None = None
        if can_fork():
            self._start()

    def _start(self) -> None:
        source, sink = os.pipe()
        enlarge(sink)
        try:
            self._pid = os.fork()
        except OSError:
            os.close(source)
            os.close(sink)
            return
        if not self._pid:
            work(source, self._path)
        os.close(source)
        self._pipe = os.fdopen(sink, "wb")

    def add(self, title: str, body: str) -> None:
        """Take the title and the body of the next entry of the segment."""
        self._count += 1
        self._take(text_of(title, body))

    def _take(self, text: str) -> None:
        self._texts.append(in_bytes(text).decode())
        if len(self._texts) == AT_ONCE:
            self._send()

    def _send(self) -> None:
        """Send the waiting texts. An empty list ends the stream."""
        texts, self._texts = self._texts, []
        if self._pipe:
            try:
                pickle.dump(texts, self._pipe, pickle.HIGHEST_PROTOCOL)
                self._pipe.flush()
            except OSError:  # it was killed
                self.stop()

    def finish(self) -> None:
        """Wait for the file of the segment, which has been written and may contain entries of merged ones at its end.

        There is no file if the process failed, or if no entry was left for a segment.
        """
        if self._pipe and (self._folder / f"{self._segment}{FIELDS}").exists():
            for text in texts_of(Segment(self._folder, self._segment), self._count):
                self._take(text)
            if self._texts:
                self._send()
            self._send()
        if self._pipe:
            self._pipe.close()
            self._pipe = None
            if not os.waitpid(self._pid, 0)[1]:
                return
        self._path.unlink(missing_ok=True)

    def stop(self) -> None:
        """Kill the process at once."""
        if self._pipe:
            pipe, self._pipe = self._pipe, None
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            with suppress(OSError):  # what it has not read
                pipe.close()


def enlarge(pipe: int) -> None:
    """Let more wait in a pipe, so that the build does not wait for the model to be loaded."""
    import fcntl  # which Windows does not have

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, HELD)


def work(source: int, path: Path) -> NoReturn:
    """Write the file of the texts that come through a pipe, and exit with status 0 if they were complete."""
    status = 1
    try:
        set_apart(source)
        with os.fdopen(source, "rb") as pipe:
            write_file(path, sent(pipe))
        status = 0
    finally:
        os._exit(status)


def sent(pipe: BinaryIO) -> Iterator[list[str]]:
    """Yield lists of texts until an empty one. Raises `EOFError` if the build ended before."""
    while texts := pickle.load(pipe):  # noqa: S301  from the build
        yield texts
