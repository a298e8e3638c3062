"""backissue serve: serve the pages and the API on a port."""

from __future__ import annotations

from collections.abc import Callable

import click

from indexer.cli.command import command, option
from indexer.cli.folders import folders
from indexer.cli.opened import indexed, where
from indexer.cli.values import Number
from indexer.errors import BackissueError
from indexer.sources.archive import Archive


def checked_base(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a valid base URL. Anything else is a usage error."""
    from webui.http.absolute import checked

    return accepted(checked, value)


def checked_report(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a valid URL for reports of mistakes. Anything else is a usage error."""
    from webui.pages.reporting import checked

    return accepted(checked, value)


def accepted(check: Callable[[str], str], value: str) -> str:
    """Return the value that `check` returns, "" for no value. A refused value is a usage error."""
    try:
        return value and check(value)
    except BackissueError as error:
        raise click.BadParameter(str(error)) from error


@command(
    "serve",
    examples=(
        ("serve", "serve this machine"),
        ("serve --host 0.0.0.0 --base-url https://example.org", "serve others, behind a proxy"),
    ),
)
@option("--host", envvar="BACKISSUE_HOST", default="127.0.0.1", show_default=True, help="The address to listen on.")
@option(
    "-p",
    "--port",
    envvar="BACKISSUE_PORT",
    type=Number(0, 65535),
    default=8017,
    show_default=True,
    help="The port to listen on; 0 for any free one.",
)
@option(
    "--base-url",
    envvar="BACKISSUE_BASE_URL",
    default="",
    callback=checked_base,
    help="The base of absolute URLs, such as https://example.org [default: the host of the request].",
)
@option(
    "--report-url",
    envvar="BACKISSUE_REPORT_URL",
    default="",
    callback=checked_report,
    help="Where readers can report mistakes: an http, https or mailto URL.",
)
@option(
    "-w",
    "--workers",
    "--processes",
    "workers",
    envvar="BACKISSUE_WORKERS",
    type=Number(1, 64),
    default=1,
    show_default=True,
    help="Number of worker processes; use one per core.",
)
@folders
def serve_command(archive: Archive, host: str, port: int, base_url: str, report_url: str, workers: int) -> None:
    """Serve the pages and the API.

    The index is built first if it is missing or out of date.
    """
    from webui.server import serve

    serve(indexed(archive), host, port, where=where(archive), base_url=base_url, report_url=report_url, workers=workers)
