"""The `backissue` command: the indexer's commands, and serve, which needs the web app."""

from __future__ import annotations

import io
import sys

import click

from indexer.command import cli
from indexer.command.root import folders


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8017, show_default=True, help="The port; 0 takes a free one."
)
@folders
def serve_command(archive: object, host: str, port: int) -> None:
    """Serve the pages and the API; the index is built first where it is missing or out of date."""
    from indexer.archive.store import Archive
    from webui.server import serve

    assert isinstance(archive, Archive)
    serve(archive, host, port)


cli.places["serve"] = "webui.command:serve_command"


def main() -> None:
    """Run the command line; what it prints is UTF-8, wherever it goes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="backissue")
