"""backissue issues: list the issues, newest first."""

from __future__ import annotations

from indexer.cli.command import command, option
from indexer.cli.completion import complete
from indexer.cli.folders import folders
from indexer.cli.listing import show_all
from indexer.cli.opened import opened
from indexer.cli.rows import OUTPUT, for_programs
from indexer.cli.values import Number
from indexer.errors import NotFound
from indexer.sources.archive import Archive
from indexer.views.issues import IssueCount, newest


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
    header = ("issue", "date", "entries", "edition", "title")
    show_all(found, header, row_of, ("entries",), limit, fields, as_json=as_json)


def row_of(issue: IssueCount) -> tuple[str, ...]:
    return issue.id, issue.date, str(issue.entries), issue.edition, issue.title
