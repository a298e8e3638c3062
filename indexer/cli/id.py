"""backissue id: print what is known about an identifier."""

from __future__ import annotations

import click

from indexer.cli.command import command
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.listing import Lines, brief, limited, more, show, some
from indexer.cli.opened import opened
from indexer.cli.rows import for_programs
from indexer.cli.terminal import Line
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.identifiers import NameAbout


@command("id", examples=(("id bpf_getsockopt", "the helper, and the entries that mention it"),))
@click.argument("name", shell_complete=complete("identifier", tables=("landings",)))
@limited
@for_programs
@folders
def id_command(archive: Archive, name: str, limit: int | None, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print what is known about an identifier.

    NAME is an identifier such as bpf_getsockopt. Its kind, the version that it landed in, and the entries that mention
    it are printed.
    """
    found = lookup.name(opened(archive), name)
    show(found, name_lines, limit, fields, as_json=as_json)


def name_lines(found: NameAbout, limit: int) -> Lines:
    """Yield the description of an identifier as lines."""
    yield Line(found.name, style="bold")
    if found.kind:
        yield Line(f"{found.kind}, landed in {found.version}, commit {found.commit or 'unknown'}", 2)
    yield from (Line(f"also written {alias.name}: {alias.why}", 2) for alias in found.aliases)
    for claim in found.claims:
        differs = f" (another {claim.differs})" if claim.differs else ""
        yield Line(f"by {claim.source}: {claim.version} {claim.commit}".rstrip() + differs, 2)
    yield from [Line(found.note, 2)] if found.note else []
    yield from (Line(f"{link.label}: {link.url}", 2, url=link.url) for link in found.links)
    yield Line()
    yield Line(f"mentioned in {some(len(found.mentions))}", style="bold")
    for mention in found.mentions[:limit]:
        yield from brief(mention.entry, f"as {mention.written}" if mention.written != found.name else "")
    yield from more(len(found.mentions) - limit, f"backissue search {found.name}")
