"""The options for the archive, the data folder and the engine, and the errors of a command as messages."""

from __future__ import annotations

import errno
import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from indexer.cli.command import GENERAL, option
from indexer.cli.streams import OUTPUT, silence
from indexer.cli.terminal import say
from indexer.cli.values import Choice
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from indexer.sources.folders import default_archive, default_data

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED_PIPE = 141  # 128 + SIGPIPE, the exit status that shells report for programs ended by that signal
FOLDERS = (
    option(
        "--archive",
        "archive_folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BACKISSUE_ARCHIVE",
        group=GENERAL,
        help="The archive folder [default: the shipped one].",
    ),
    option(
        "--data",
        "data_folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BACKISSUE_DATA",
        group=GENERAL,
        help="The folder for the index and originals [default: the user's data folder].",
    ),
    option(
        "--engine",
        type=Choice(("local", "opensearch")),
        envvar="BACKISSUE_ENGINE",
        group=GENERAL,
        help="The search engine: the data folder or a cluster [default: local, unless --engine-url is given].",
    ),
    option(
        "--engine-url",
        envvar="BACKISSUE_ENGINE_URL",
        group=GENERAL,
        metavar="URL[,URL...]",
        help="The URLs of the cluster's nodes.",
    ),
)


class Ended(click.ClickException):
    """A `BackissueError` as the command line shows it."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the message to standard error."""
        say(self.message, "backissue: ")


def folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of archive, data folder and engine to a command, and show its errors as messages."""

    @functools.wraps(command)
    def with_folders(
        archive_folder: Path | None, data_folder: Path | None, engine: str | None, engine_url: str | None, **given: Any
    ) -> Any:
        if engine == "opensearch" and not engine_url:
            raise click.UsageError(
                "--engine opensearch needs the nodes of the cluster. Name them with --engine-url URL[,URL...]."
            )
        archive = Archive(archive_folder or default_archive(), data_folder or default_data())
        with errors_as_sentences(archive.data):
            done = command(archive, **given)
            if sys.stdout:
                sys.stdout.flush()
            return done

    with_options: Callable[..., Any] = with_folders
    for add in reversed(FOLDERS):
        with_options = add(with_options)
    return with_options


@contextmanager
def errors_as_sentences(data: Path | None = None) -> Iterator[None]:
    """Turn errors of backissue and of the file system into messages, and exit silently for a closed pipe.

    `data` is the data folder of the command. The message about a file in it names the option to choose another.
    """
    try:
        yield
    except BackissueError as error:
        raise Ended(str(error)) from error
    except BrokenPipeError:
        silence(sys.stdout)
        sys.exit(CLOSED_PIPE)
    except OSError as error:
        if error.filename == OUTPUT:
            silence(sys.stdout)
            raise Ended(f"The output could not be written ({error.strerror}). Redirect it to another file.") from error
        if error.errno in FULL:
            raise Ended(
                f"{error.strerror}. The index was not changed. Free some space, or choose another folder with --data."
            ) from error
        if error.filename is None:
            raise
        hint = " Choose another folder with --data." if data and is_in(error.filename, data) else ""
        raise Ended(f"{error.filename}: {error.strerror}.{hint}") from error


def is_in(name: str, data: Path) -> bool:
    """Return whether a file is in the data folder, or a folder above it."""
    path, folder = Path(name).absolute(), data.absolute()
    return path.is_relative_to(folder) or folder.is_relative_to(path)
