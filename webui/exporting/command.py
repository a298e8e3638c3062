"""backissue export: entries as the indexer exports them, or the whole site as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from indexer.archive.store import Archive
from indexer.command.asking import Query
from indexer.command.exporting import asking, export_entries
from indexer.command.root import folders
from indexer.command.terminal import progress
from webui.absolute import BadBase
from webui.absolute import checked_site as checked


def checked_site(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the address of an exported site; one that cannot be one is a wrong use of the command."""
    try:
        return value and checked(value)
    except BadBase as error:
        raise click.BadParameter(str(error)) from error


@click.command("export", cls=Query)
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
@asking
@folders
def export_command(archive: Archive, folder: Path | None, base_url: str, **asked: Any) -> None:
    """Export the entries that a search for QUERY finds, all of them without one; or the whole site.

    QUERY and the filters are those of backissue search. With --static, the pages are written as files that anything
    can serve; the index is built first where it is out of date. What DIR holds of an earlier export is replaced once
    all is written, and stays where that fails.
    """
    if folder is None:
        if base_url:
            raise click.UsageError("--base-url is the address of a site: name its folder with --static DIR")
        export_entries(archive, **asked)
    elif given := chosen_options():
        raise click.UsageError(f"--static writes the whole site; {', '.join(given)} would choose entries")
    else:
        export_static(archive, folder, base_url)


OF_A_SITE = ("folder", "base_url", "archive_folder", "data_folder")


def chosen_options() -> list[str]:
    """Return what was given on the command line that is not for a site."""
    ctx = click.get_current_context()
    default = (click.core.ParameterSource.DEFAULT, click.core.ParameterSource.DEFAULT_MAP)
    chosen = [each for each in ctx.command.params if each.name not in OF_A_SITE]
    return [each.get_error_hint(ctx) for each in chosen if ctx.get_parameter_source(each.name or "") not in default]


def export_static(archive: Archive, folder: Path, base_url: str) -> None:
    """Write the site, and print what was written."""
    from webui.exporting.site import export
    from webui.server import make_ready

    make_ready(archive)
    with progress("writing") as show:
        exported = export(archive.data, folder, base_url, show)
    for path in exported.missing:
        click.echo(f"backissue: {path} is linked to and is no page; a page that says so stands there", err=True)
    click.echo(f"{exported.files} files, {exported.size} bytes in {folder}, {exported.seconds:.1f} seconds")
