"""backissue id: what is known of an identifier."""

from __future__ import annotations

import click

from indexer.cli.command import command
from indexer.cli.completion import complete
from indexer.cli.listing import Lines, brief, limited, more, show, some
from indexer.cli.opened import opened
from indexer.cli.root import folders
from indexer.cli.rows import for_programs
from indexer.cli.terminal import Line
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.identifiers import NameAbout


@command("id", examples=(("id bpf_getsockopt", "what the helper is, and which entries mention it"),))
@click.argument("name", shell_complete=complete("identifier", tables=("landings",)))
@limited
@for_programs
@folders
def id_command(archive: Archive, name: str, limit: int | None, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print what is known of an identifier.

    NAME is like bpf_getsockopt: what it is, the version that it landed in, and the entries that mention it.
    """
    found = lookup.name(opened(archive), name)
    show(found, name_lines, limit, fields, as_json=as_json)


def name_lines(found: NameAbout, limit: int) -> Lines:
    """Yield what is known of a name."""
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
