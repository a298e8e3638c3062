"""Build a missing or outdated index in a separate process, so that its memory is freed afterwards."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import NoReturn

from indexer.build.fingerprint import is_current
from indexer.engines.opensearch.connection import Place
from indexer.engines.origins import Where
from indexer.errors import BackissueError
from indexer.sources.archive import Archive


class BuildKilled(BackissueError):
    """The process that built the index was killed."""


def make_ready(archive: Archive, where: Where | None = None) -> None:
    """Build the index in a data folder unless it is current. Raises the errors of the build, or `BuildKilled`."""
    if isinstance(where, Place) or is_current(archive):  # an index in a cluster is built only by backissue index
        return
    with ending_on_sigterm(), ProcessPoolExecutor(1) as other:
        try:
            other.submit(build_index, archive).result()
        except BrokenProcessPool as error:
            raise BuildKilled(
                "The process that builds the index was killed. Check that there is enough memory."
            ) from error
        except (KeyboardInterrupt, SystemExit):
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def build_index(archive: Archive) -> None:
    """Build the index and print the result. The modules that read issues are imported only here."""
    from indexer.build.builder import build
    from indexer.cli.index import say_built
    from indexer.cli.terminal import progress

    with progress("indexing") as show:
        say_built(build(archive, show))


@contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """Raise `SystemExit` on SIGTERM within the block, as Ctrl-C raises `KeyboardInterrupt`."""

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
