"""The `backissue` command: the indexer's commands, and serve, which needs the web app."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.command import cli
from indexer.command.root import folders

if TYPE_CHECKING:
    from indexer.archive.store import Archive


def checked_base(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the base of absolute addresses; one that cannot be one is a wrong use of the command."""
    from webui.absolute import BadBase, checked

    try:
        return value and checked(value)
    except BadBase as error:
        raise click.BadParameter(str(error)) from error


def checked_site(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the address of an exported site; one that cannot be one is a wrong use of the command."""
    from webui.absolute import BadBase, checked_site

    try:
        return value and checked_site(value)
    except BadBase as error:
        raise click.BadParameter(str(error)) from error


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8017, show_default=True, help="The port; 0 takes a free one."
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
@folders
def serve_command(archive: Archive, host: str, port: int, base_url: str, report_url: str) -> None:
    """Serve the pages and the API; the index is built first where it is missing or out of date."""
    from webui.server import serve

    serve(archive, host, port, base_url=base_url, report_url=report_url)


@click.command("export")
@click.option(
    "--static",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the whole site into DIR: a new or empty folder, or one that holds an earlier export.",
)
@click.option(
    "--base-url",
    default="",
    callback=checked_site,
    help="The address that the site will have, as https://example.org/bpf; without it there are no feeds, no sitemap.",
)
@folders
def export_command(archive: Archive, folder: Path | None, base_url: str) -> None:
    """Write the pages as files that anything can serve; the index is built first where it is out of date.

    What DIR holds of an earlier export is replaced once all is written, and stays where that fails.
    """
    if folder is None:
        raise click.UsageError("there is nothing to export but the site: name its folder with --static DIR")
    export_static(archive, folder, base_url)


def export_static(archive: Archive, folder: Path, base_url: str) -> None:
    """Write the site, and print what was written."""
    from indexer.command.terminal import progress
    from webui.exporting.site import export
    from webui.server import make_ready

    make_ready(archive)
    with progress("writing") as show:
        exported = export(archive.data, folder, base_url, show)
    for path in exported.missing:
        click.echo(f"backissue: {path} is linked to and is no page; a page that says so stands there", err=True)
    click.echo(f"{exported.files} files, {exported.size} bytes in {folder}, {exported.seconds:.1f} seconds")


cli.places["export"] = "webui.command:export_command"
cli.places["serve"] = "webui.command:serve_command"


def main() -> None:
    """Run the command line; what it prints is UTF-8, wherever it goes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="backissue")
