"""backissue export, with the whole site as one more form beside those of entries."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from indexer.cli import export as exporting
from indexer.cli.root import folders
from indexer.cli.terminal import progress
from indexer.sources.archive import Archive
from webui.building import make_ready
from webui.command import accepted
from webui.export.site import export
from webui.http import absolute


def checked_site(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the address of an exported site; one that cannot be one is a wrong use of the command."""
    return accepted(absolute.checked_site, value)


FOLDERS = ("archive_folder", "data_folder")
SITE_OPTIONS = (
    click.Option(
        ["--static", "folder"],
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Write the whole site into DIR instead: a new or empty folder, or one that holds an earlier export.",
    ),
    click.Option(
        ["--base-url"],
        default="",
        callback=checked_site,
        help="The address that the site will have, as https://example.org/bpf; without it no feeds and no sitemap.",
    ),
)


def either(folder: Path | None, base_url: str, **given: Any) -> Any:
    """Write the site where a folder for it is given, else the entries."""
    if folder is not None:
        refuse_others(click.get_current_context())
        return write_site(**{name: given[name] for name in FOLDERS}, folder=folder, base_url=base_url)
    if base_url:
        raise click.UsageError("--base-url is the address of a site: name its folder with --static DIR")
    entries = exporting.export_command.callback
    assert entries
    return entries(**given)


def refuse_others(context: click.Context) -> None:
    """Raise the error of a wrong use where what is asked for besides a site chooses entries, or says how they are."""
    for param in context.command.params:
        given = context.get_parameter_source(param.name or "") == ParameterSource.COMMANDLINE
        if given and param not in SITE_OPTIONS and param.name not in FOLDERS:
            name = param.get_error_hint(context)
            raise click.UsageError(f"--static writes the whole site: {name} is of the entries alone")


@folders
def write_site(archive: Archive, folder: Path, base_url: str) -> None:
    """Write the site, and print what was written; the index is built first where it is out of date.

    What the folder holds of an earlier export is replaced once all is written, and stays where that fails.
    """
    make_ready(archive)
    with progress("writing") as show:
        exported = export(archive.data, folder, base_url, show)
    for path in exported.missing:
        click.echo(f"backissue: {path} is linked to and is no page; a page that says so stands there", err=True)
    click.echo(f"{exported.files} files, {exported.size} bytes in {folder}, {exported.seconds:.1f} seconds")


export_command = copy.copy(exporting.export_command)
export_command.params = [*exporting.export_command.params, *SITE_OPTIONS]
export_command.callback = either
