"""Read files and URLs in parallel, with a progress bar and a message for each that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from indexer.build.workers import in_workers
from indexer.cli.terminal import progress, say
from indexer.errors import BackissueError
from indexer.sources.given import Given

Made = TypeVar("Made")
MOST_ALIKE = 3  # files with the same reason that are each printed


def read_each(
    given: Sequence[Given], make: Callable[[Given], list[Made]], refused: list[str], what: str = "reading"
) -> Iterator[Made]:
    """Yield the results of `make` for each file or URL. A `BackissueError` becomes a message in `refused`."""
    with progress(what) as show, in_workers(make, given, lambda each: each.where) as made:
        for done, each in enumerate(given):
            show(done, len(given))
            try:
                found = next(made)
            except BackissueError as error:
                refused.append(about(each, error))
            else:
                yield from found


def say_refused(refused: Sequence[str]) -> None:
    """Print the messages about files that were refused. Many files with the same reason share one message."""
    reasons: dict[str, list[str]] = {}
    for message in refused:
        where, _, reason = message.partition(": ")
        reasons.setdefault(reason, []).append(where)
    for reason, places in reasons.items():
        shown = places if len(places) <= MOST_ALIKE else [f"{places[0]} and {len(places) - 1:,} more files"]
        for where in shown:
            say(f"{where}: {reason}" if reason else where, "backissue: ")


def about(given: Given, error: BackissueError) -> str:
    """Return the message of an error, preceded by the file or URL unless the message already names it."""
    message = str(error)
    for name in (given.where, given.name, given.name.rpartition("/")[2]):
        message = message.removeprefix(f"{name}: ")
    return f"{given.where}: {message}"
