"""The command of a version facet, named by its id: print what is new in a version."""

from __future__ import annotations

from functools import partial

import click

from indexer.catalog.profiles import VersionsAbout
from indexer.cli.command import Command, command
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.listing import Lines, briefly, limited, more, show, show_all, some
from indexer.cli.opened import opened
from indexer.cli.rows import for_programs
from indexer.cli.terminal import Line
from indexer.cli.wording import HOW_WORDS
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.versions import EvidenceGroup, VersionAbout, VersionCount, versions


def versions_command(facet: VersionsAbout) -> Command:
    """Return the command of a version facet. Its name is the facet's id."""
    version = facet.examples[0] if facet.examples else f"{facet.prefix}1.0"

    @command(
        facet.id,
        examples=(
            (f"{facet.id} {version}", f"what is new in {version}"),
            (facet.id, "a table of all versions"),
        ),
        help=f"Print what is new in a {facet.noun}.\n\nVERSION is a version such as {version}. Without it, list all.",
    )
    @click.argument("version", required=False, shell_complete=complete(facet.id))
    @limited
    @for_programs
    @folders
    def versions_of_facet(
        archive: Archive, version: str | None, limit: int | None, fields: tuple[str, ...], *, as_json: bool
    ) -> None:
        tell(archive, facet.id, version, limit, fields, as_json=as_json)

    return versions_of_facet


def tell(
    archive: Archive, facet: str, version: str | None, limit: int | None, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """Print what is new in a version, or list all versions of the facet."""
    catalog = opened(archive)
    if version is None:
        header = (facet, "names", "entries", "landed", "merged", "stated", "in development")
        show_all(versions(catalog, facet), header, row_of, header[1:], limit, fields, as_json=as_json)
        return
    about = lookup.version(catalog, facet, version)
    show(about, partial(version_lines, facet), limit, fields, as_json=as_json)


def row_of(known: VersionCount) -> tuple[str, ...]:
    numbers = (known.names, known.entries, known.landed, known.merged, known.stated, known.issue)
    return known.version, *map(str, numbers)


def version_lines(facet: str, found: VersionAbout, limit: int) -> Lines:
    """Yield the description of a version as lines."""
    days = [f"released {found.released}"] if found.released else []
    days += [f"merge window {found.opened} to {found.rc1}"] if found.opened and found.rc1 else []
    yield Line(found.version, style="bold", url=found.url)
    yield from (Line(day, 2) for day in days)
    for kind in found.landed:
        yield Line()
        yield Line(f"landed: {kind.kind}", style="bold")
        for each in kind.names[:limit]:
            yield Line(f"{each.landing.name}, commit {each.landing.commit or 'unknown'}; {some(len(each.mentions))}", 2)
        yield from more(len(kind.names) - limit, "--limit")
    yield from merged_lines(found, limit)
    for known in found.known:
        yield from known_lines(known, facet, found.version, limit)


def merged_lines(found: VersionAbout, limit: int) -> Lines:
    """Yield the series that were merged for a version."""
    if not found.merged:
        return
    yield Line()
    yield Line(f"merged for it: {len(found.merged)} series", style="bold")
    for each in found.merged[:limit]:
        commit = f", commit {each.commit[:12]}" if each.commit else ""
        yield Line(f"{each.subject}, {each.merged} of {each.patches} patches{commit}", 2)
        yield Line(each.id, 4, style="dim")
    yield from more(len(found.merged) - limit, "--limit")


def known_lines(known: EvidenceGroup, facet: str, version: str, limit: int) -> Lines:
    """Yield the entries with one kind of evidence for the version, patches last."""
    if not known.count:
        return
    yield Line()
    yield Line(f"{HOW_WORDS[known.how].format(version)}: {some(known.count)}", style="bold")
    entries = [entry for kind in known.reports for entry in kind.entries]
    shown = (*entries, *known.fixes)[:limit]
    yield from briefly(shown)
    yield from [Line(f"and {known.above:,} listed above with better evidence", 2, style="dim")] if known.above else []
    left = known.count - known.above - len(shown)
    yield from more(left, f"backissue search --{facet} {version} --how {known.how}")
