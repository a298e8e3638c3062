"""The `backissue` command: the indexer's commands, and serve and export as the web app has them."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import click

from indexer.cli import cli
from indexer.cli.root import folders
from indexer.errors import BackissueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.sources.archive import Archive


def checked_base(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the base of absolute addresses; one that cannot be one is a wrong use of the command."""
    from webui.http.absolute import checked

    return accepted(checked, value)


def accepted(check: Callable[[str], str], value: str) -> str:
    """Return a value as a check returns it, "" for none; one that the check refuses is a wrong use of the command."""
    try:
        return value and check(value)
    except BackissueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("serve")
@click.option(
    "--host", envvar="BACKISSUE_HOST", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option(
    "--port",
    envvar="BACKISSUE_PORT",
    type=click.IntRange(0, 65535),
    default=8017,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option(
    "--base-url",
    envvar="BACKISSUE_BASE_URL",
    default="",
    callback=checked_base,
    help="What absolute addresses begin with, as https://example.org [default: the host that is asked].",
)
@click.option(
    "--report-url",
    envvar="BACKISSUE_REPORT_URL",
    default="",
    help="Where readers tell mistakes: http, https or mailto.",
)
@click.option(
    "--workers",
    "--processes",
    "workers",
    envvar="BACKISSUE_WORKERS",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Number of worker processes: one for each core.",
)
@folders
def serve_command(archive: Archive, host: str, port: int, base_url: str, report_url: str, workers: int) -> None:
    """Serve the pages and the API; build the index first if it is missing or out of date."""
    from webui.server import serve

    serve(archive, host, port, base_url=base_url, report_url=report_url, workers=workers)


cli.places["export"] = "webui.export.command:export_command"
cli.places["serve"] = "webui.command:serve_command"


def main() -> None:
    """Run the command line; what it prints is UTF-8, wherever it goes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="backissue")
