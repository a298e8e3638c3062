"""backissue open: open an entry's original in a browser."""

from __future__ import annotations

import click

from indexer.catalog.protocol import Catalog
from indexer.cli.command import command, option
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.opened import opened
from indexer.cli.terminal import linkable, put
from indexer.errors import NotOpened
from indexer.sources.archive import Archive
from indexer.views import lookup


@command(
    "open",
    examples=(("open bpf-updates/9/the-xdp-redirect-series", "show the entry in the original issue"),),
)
@click.argument("entry_id", metavar="ID", shell_complete=complete("id"))
@option("--print", "only_print", is_flag=True, help="Print the URL instead of opening it.")
@folders
def open_command(archive: Archive, entry_id: str, *, only_print: bool) -> None:
    """Open an entry in its original issue in a browser."""
    address = original(opened(archive), entry_id)
    put(address)
    if not only_print:
        import webbrowser

        if not webbrowser.open(address):
            raise NotOpened("No browser could be opened. The URL is printed above.")


def original(catalog: Catalog, entry_id: str) -> str:
    """Return the URL of an entry's original, as the newsletter prefers."""
    entry = lookup.entry(catalog, entry_id)
    addresses = [entry.original_url, entry.source_url]
    if not catalog.about.newsletter(entry.newsletter).page_first:
        addresses.reverse()
    found = next(filter(None, map(linkable, (*addresses, entry.archived_url, entry.url))), None)
    if found is None:
        raise NotOpened(f"It is not known where {entry.id} was published. Use backissue show to read it.")
    return found
