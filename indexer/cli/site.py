"""Write the whole site as files, for `backissue export --static`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from indexer.cli.command import option
from indexer.cli.opened import indexed
from indexer.cli.serve import accepted
from indexer.cli.terminal import progress, put, say
from indexer.sources.archive import Archive

GROUP = "The whole site"
MEGABYTE = 1_000_000
NAMES = ("folder", "base_url", "archive_folder", "data_folder")


def checked_site(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a valid URL for the exported site. Anything else is a usage error."""
    from webui.http.absolute import checked_site as checked

    return accepted(checked, value)


def with_site(command: Any) -> Any:
    """Add --static and --base-url to a command."""
    static = option(
        "--static",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        group=GROUP,
        help="Write the whole site to DIR instead: a new or empty folder, or one with an earlier export.",
    )
    base_url = option(
        "--base-url",
        default="",
        callback=checked_site,
        group=GROUP,
        help="The URL of the site, such as https://example.org/archive. Without it, there are no feeds and no sitemap.",
    )
    return static(base_url(command))


def write_site(archive: Archive, folder: Path, base_url: str) -> None:
    """Write the site and print a summary. Build the index first if it is out of date.

    An earlier export is replaced only once all files are written. If anything fails, it stays.
    """
    from webui.building import ending_on_sigterm, make_ready
    from webui.export.site import export

    refuse_others(click.get_current_context())
    make_ready(indexed(archive))
    with ending_on_sigterm(), progress("writing") as show:
        exported = export(archive.data, folder, base_url, show)
    for path in exported.missing:
        say(f"A page links to {path}, which does not exist. The site has a page there that says so.", "backissue: ")
    put(f"{exported.files:,} files, {exported.size / MEGABYTE:,.1f} MB in {folder}, {exported.seconds:.1f} seconds")


def refuse_others(context: click.Context) -> None:
    """Raise a usage error for options that select entries, because a site contains all of them."""
    for param in context.command.get_params(context):
        given = context.get_parameter_source(param.name or "") == ParameterSource.COMMANDLINE
        if given and param.name not in NAMES:
            name = param.get_error_hint(context)
            raise click.UsageError(f"--static writes the whole site and cannot be combined with {name}.")
