"""backissue series: print a series of patches across issues."""

from __future__ import annotations

import click

from indexer.cli.command import command, option
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.listing import Lines, brief, briefly, limited, more, show, show_all
from indexer.cli.opened import opened
from indexer.cli.rows import for_programs
from indexer.cli.terminal import Line
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.series import SeriesAbout, SeriesCount, SeriesVersion, all_series


@command(
    "series",
    examples=(
        ("series -n 20", "the first twenty series"),
        ("series --author 'Daniel Borkmann'", "the series of one author"),
    ),
)
@click.argument("series_id", metavar="[ID]", required=False, shell_complete=complete("series"))
@option("-a", "--author", shell_complete=complete("person"), help="List only series by this author.")
@limited
@for_programs
@folders
def series_command(
    archive: Archive,
    series_id: str | None,
    author: str | None,
    limit: int | None,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Print a series of patches across issues, and its outcome.

    Without ID, all series are listed.
    """
    if series_id is None:
        catalog = opened(archive)
        listed = lookup.person(catalog, author).series if author else all_series(catalog)
        show_all(listed, ("series", "entries", "versions"), row_of, ("entries",), limit, fields, as_json=as_json)
        return
    found = lookup.series(opened(archive), series_id)
    show(found, series_lines, limit, fields, as_json=as_json)


def row_of(series: SeriesCount) -> tuple[str, ...]:
    return series.id, str(series.entries), f"v{', v'.join(map(str, series.versions))}"


def series_lines(found: SeriesAbout, limit: int) -> Lines:
    """Yield the history of a series as lines."""
    yield Line(found.subject, style="bold")
    yield Line(", ".join((*found.people, found.id)), 2)
    for version in found.versions:
        yield from version_lines(version, limit)
    yield Line()
    yield Line("outcome", style="bold")
    yield Line(found.result.said, 2)
    if found.result.commit:
        yield Line(f"commit {found.result.commit[:12]}", 2, url=found.result.commit_url or "")
    for landed in found.landings:
        yield Line(f"{landed.landing.name} landed in {landed.landing.version}: {landed.why}", 2)
    for outcome in found.outcomes[:limit]:
        yield from brief(outcome.entry, outcome.why)
    yield from more(len(found.outcomes) - limit, "--limit")


def version_lines(version: SeriesVersion, limit: int) -> Lines:
    name = f"v{version.version}{' RFC' if version.rfc else ''}"
    became = f"superseded by v{version.superseded_by}" if version.superseded_by else version.outcome
    yield Line()
    yield Line(", ".join(filter(None, (name, version.issue, version.date, version.tree, became))), style="bold")
    patches = ([version.cover] if version.cover else []) + list(version.patches)
    yield from briefly(patches[:limit])
    yield from more(len(patches) - limit, "--limit")
