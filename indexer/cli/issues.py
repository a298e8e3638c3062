"""backissue issues: list the issues, newest first."""

from __future__ import annotations

from dataclasses import asdict

from indexer.cli.command import command, option
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.opened import opened
from indexer.cli.rows import OUTPUT, for_programs, print_rows
from indexer.cli.terminal import print_table
from indexer.cli.values import Number
from indexer.errors import NotFound
from indexer.sources.archive import Archive
from indexer.views.issues import newest


@command(
    "issues",
    examples=(
        ("issues -n 5", "the five newest issues"),
        ("issues -f id,date,entries", "three columns, tab-separated"),
    ),
)
@option(
    "--newsletter", metavar="NEWSLETTER", shell_complete=complete("newsletter"), help="Only issues of this newsletter."
)
@option("-n", "--limit", type=Number(1), group=OUTPUT, help="Maximum number of issues [default: all].")
@for_programs
@folders
def issues_command(
    archive: Archive, newsletter: str | None, limit: int | None, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """List the issues, newest first."""
    catalog = opened(archive)
    found = newest(catalog, newsletter, most=limit)
    if not found:
        known = catalog.about.served
        hint = f"The index has {', '.join(known)}." if known else "The index is empty."
        raise NotFound(f"There is no issue of {newsletter}. {hint}" if newsletter else hint)
    if as_json or fields:
        print_rows(map(asdict, found), fields, as_json=as_json)
    else:
        rows = [(each.id, each.date, str(each.entries), each.edition, each.title) for each in found]
        print_table(("issue", "date", "entries", "edition", "title"), rows, numbers=("entries",))
