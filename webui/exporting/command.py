"""backissue export, with the whole site as one more form beside those of entries."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import click

from indexer.archive.store import Archive
from indexer.command import exporting
from indexer.command.root import folders
from indexer.command.terminal import progress
from webui.command import checked_site
from webui.exporting.site import export
from webui.server import make_ready

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
        site_given = {name: given[name] for name in ("archive_folder", "data_folder")}
        return write_site(**site_given, folder=folder, base_url=base_url)
    if base_url:
        raise click.UsageError("--base-url is the address of a site: name its folder with --static DIR")
    entries = exporting.export_command.callback
    assert entries
    return entries(**given)


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
