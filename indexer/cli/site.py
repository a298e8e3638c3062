"""The whole site written as files, for `backissue export --static`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from indexer.cli.command import option
from indexer.cli.serve import accepted
from indexer.cli.terminal import progress, put, say
from indexer.sources.archive import Archive

GROUP = "The whole site"
NAMES = ("folder", "base_url", "archive_folder", "data_folder")


def checked_site(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the address of an exported site; anything else is a wrong use of the command."""
    from webui.http.absolute import checked_site as checked

    return accepted(checked, value)


def with_site(command: Any) -> Any:
    """Give a command --static and --base-url."""
    static = option(
        "--static",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        group=GROUP,
        help="Write the whole site into DIR instead: a new or empty folder, or one that holds an earlier export.",
    )
    base_url = option(
        "--base-url",
        default="",
        callback=checked_site,
        group=GROUP,
        help="The address that the site will have, as https://example.org/archive; without it no feeds and no sitemap.",
    )
    return static(base_url(command))


def write_site(archive: Archive, folder: Path, base_url: str) -> None:
    """Write the site and print what was written; build the index first if it is out of date.

    The files of an earlier export are replaced once all are written; if anything fails, they stay.
    """
    from webui.building import make_ready
    from webui.export.site import export

    refuse_others(click.get_current_context())
    make_ready(archive)
    with progress("writing") as show:
        exported = export(archive.data, folder, base_url, show)
    for path in exported.missing:
        say(f"{path} is linked to but does not exist; a page there says so.", "backissue: ")
    put(f"{exported.files} files, {exported.size} bytes in {folder}, {exported.seconds:.1f} seconds")


def refuse_others(context: click.Context) -> None:
    """Raise the error of a wrong use for options that choose entries, which a site has all of."""
    for param in context.command.get_params(context):
        given = context.get_parameter_source(param.name or "") == ParameterSource.COMMANDLINE
        if given and param.name not in NAMES:
            name = param.get_error_hint(context)
            raise click.UsageError(f"--static writes the whole site, so {name} cannot be given with it.")
