"""The group of commands, the folders that each takes, and how an error of ours ends one."""

from __future__ import annotations

import errno
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import add_completion_class

from indexer import __version__
from indexer.cli.quoting import Bash
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from indexer.sources.folders import default_archive, default_data

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
COMMANDS = {
    "parse": "indexer.cli.parse:parse_command",
    "retell": "indexer.cli.parse:retell_command",
    "add": "indexer.cli.add:add_command",
    "remove": "indexer.cli.parse:remove_command",
    "fetch": "indexer.cli.parse:fetch_command",
    "check": "indexer.cli.check:check_command",
    "outcomes": "indexer.cli.outcomes:outcomes_command",
    "index": "indexer.cli.index:index_command",
    "search": "indexer.cli.search:search_command",
    "show": "indexer.cli.search:show_command",
    "open": "indexer.cli.views:open_command",
    "kernel": "indexer.cli.views:kernel_command",
    "id": "indexer.cli.views:id_command",
    "series": "indexer.cli.views:series_command",
    "issues": "indexer.cli.stats:issues_command",
    "stats": "indexer.cli.stats:stats_command",
    "mcp": "indexer.cli.mcp:mcp_command",
    "export": "indexer.cli.export:export_command",
}


class Lazy(click.Group):
    """A group that imports the module of a command only when the command is asked for."""

    places: dict[str, str]

    def __init__(self, *args: Any, places: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = dict(places or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order in which one needs them."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now."""
        place = self.places.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(__import__(module, fromlist=[name]), name)
        return command


@click.group(
    cls=Lazy, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="backissue")
def cli() -> None:
    """Search the back issues of a newsletter, entry by entry.

    Exit status: 0 done or found, 1 nothing found or an error that is told, 2 a wrong use of the command.
    """


add_completion_class(Bash)


class Ended(click.ClickException):
    """An error of ours as the command line shows it."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the sentence to standard error."""
        click.echo(f"backissue: {self.message}", err=True)


def folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --archive and --data, as an `Archive`, and end it with one sentence on an error of ours."""

    @click.option(
        "--archive",
        "archive_folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BACKISSUE_ARCHIVE",
        help="The archive folder [default: the one that backissue ships].",
    )
    @click.option(
        "--data",
        "data_folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BACKISSUE_DATA",
        help="The folder for the index and for originals [default: the user's data folder].",
    )
    @functools.wraps(command)
    def with_folders(archive_folder: Path | None, data_folder: Path | None, **given: Any) -> Any:
        try:
            return command(Archive(archive_folder or default_archive(), data_folder or default_data()), **given)
        except BackissueError as error:
            raise Ended(str(error)) from error
        except OSError as error:
            if error.errno in FULL:
                raise Ended(
                    f"{error.strerror}; the index is as it was: make room, or choose another folder with --data"
                ) from error
            if isinstance(error, BrokenPipeError) or error.filename is None:
                raise
            raise Ended(f"{error.filename}: {error.strerror}; choose another folder with --data") from error

    return with_folders
