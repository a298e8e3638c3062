"""backissue parse, retell, remove and fetch: sources read, shown or kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from indexer.build.workers import ahead, alone
from indexer.cli.completion import newsletters, originals
from indexer.cli.index import index
from indexer.cli.root import folders
from indexer.cli.rows import for_programs, print_rows
from indexer.cli.terminal import progress
from indexer.errors import BackissueError, NotFound
from indexer.ingest import Told, parse, summaries
from indexer.model import Issue, IssueKey, Label, label_of
from indexer.records import to_record
from indexer.retelling import frame
from indexer.sources.archive import Archive, Source, read_file
from indexer.sources.downloads import Downloader
from indexer.sources.fetching import Fetched, fetch_issues, remember


class LabelType(click.ParamType):  # type: ignore[type-arg]
    """The label of an issue as an option's value."""

    name = "label"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Label:
        """Return the label; fails with a sentence for what cannot label an issue."""
        try:
            return label_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


LABEL = LabelType()


def told(command: Any) -> Any:
    """Give a command the options that say what a source does not say of itself."""
    command = click.option(
        "--date",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="The day of the issue, where the source has none.",
    )(command)
    command = click.option(
        "--issue",
        "label",
        type=LABEL,
        metavar="LABEL",
        help="The number or other label of the issue, where the source has none.",
    )(command)
    text = "The newsletter, where the source does not name it."
    return click.option("--newsletter", metavar="NAME", shell_complete=newsletters, help=text)(command)


@click.command("parse")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@told
@for_programs
@folders
def parse_command(
    archive: Archive,
    files: tuple[Path, ...],
    newsletter: str | None,
    label: Label | None,
    date: datetime | None,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Divide the issues in FILES into entries and print them; no index is needed.

    Problems go to standard error. A file that cannot be read is told and the others are printed all the same.
    """
    said = Told(newsletter, label, utc(date))
    failed = False
    with ahead(lambda path: parse(read_file(path), path.name, archive, said), files, name_of) as parsed:
        for _ in files:
            try:
                issues = next(parsed)
            except BackissueError as error:
                failed = True
                click.echo(f"backissue: {error}", err=True)
                continue
            for issue in issues:
                show_issue(issue, fields, as_json=as_json)
    if failed:
        raise click.exceptions.Exit(1)


def show_issue(issue: Issue, fields: tuple[str, ...], *, as_json: bool) -> None:
    for problem in issue.problems:
        click.echo(f"backissue: {problem}", err=True)
    if as_json or fields:
        print_rows(map(to_record, issue.entries), fields, as_json=as_json)
        return
    appeared = f"{issue.date:%Y-%m-%d}" if issue.date else "undated"
    click.echo(f"{issue.newsletter} {issue.label}, {appeared}: {len(issue.entries)} entries")
    for entry in issue.entries:
        click.echo(f"{entry.n:4} {entry.kind:10} {entry.title}")


def key_in(text: str) -> IssueKey | None:
    try:
        return IssueKey.parse(text)
    except ValueError:
        return None


def name_of(path: Path) -> str:
    return path.name


def utc(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date else None


@click.command("retell")
@click.argument("original", type=click.Path(path_type=Path))
@told
@folders
def retell_command(
    archive: Archive, original: Path, newsletter: str | None, label: Label | None, date: datetime | None
) -> None:
    """Print the frame of a retold issue: the facts of ORIGINAL in Markdown, and … where prose is to be written anew."""
    said = Told(newsletter, label, utc(date))
    for issue in alone(lambda path: parse(read_file(path), path.name, archive, said), original, name_of):
        click.echo(frame(issue), nl=False)


@click.command("remove")
@click.argument("issue", metavar="NEWSLETTER/ISSUE", shell_complete=originals)
@folders
def remove_command(archive: Archive, issue: str) -> None:
    """Remove the original of an issue that was added or fetched; the retold one, if there is one, is indexed again."""
    index(archive, prepare=lambda: archive.remove_original(kept(archive, issue)))


def kept(archive: Archive, issue: str) -> Source:
    """Return the original that is kept of an issue. Raises `NotFound`."""
    key = key_in(issue)
    source = archive.issues_in(archive.originals).get(key) if key else None
    if source is None:
        hint = "" if "/" in issue else "; name it with its newsletter, as in bpf-updates/13"
        raise NotFound(f"{issue}: no original of that issue is kept{hint}")
    return source


@click.command("fetch")
@click.argument("newsletter", shell_complete=newsletters)
@click.option("--allow-private", is_flag=True, help="Fetch from addresses of private networks, too.")
@click.option(
    "--pause",
    type=click.FloatRange(0, 60),
    default=0.5,
    show_default=True,
    help="Seconds to wait between two downloads.",
)
@folders
def fetch_command(archive: Archive, newsletter: str, *, allow_private: bool, pause: float) -> None:
    """Download the originals of NEWSLETTER's issues and index them in place of the retold ones.

    An issue that has not changed since the last time is not sent again.
    """
    known = archive.newsletters.get(newsletter)
    if known is None:
        raise NotFound(
            f"{newsletter}: no such newsletter; archive/newsletters.toml has {', '.join(archive.newsletters)}"
        )
    downloader = Downloader(private=allow_private, pause=pause)
    came: list[Fetched] = []
    failed: BackissueError | None = None
    with progress("fetching") as show:
        try:
            for fetched in fetch_issues(known, archive, downloader, show):
                if fetched.raw is not None:
                    name = f"{fetched.key}{fetched.suffix}"
                    check_fetched(fetched.raw, name, archive, Told(fetched.key.newsletter, fetched.key.label))
                    came.append(fetched)
        except BackissueError as error:
            failed = error
    if came or failed is None:
        index(archive, prepare=lambda: keep_fetched(archive, newsletter, came))
        click.echo(f"{len(came)} issues new or changed, {len(known.issues) - len(came)} as they were")
    if failed:
        raise failed


def check_fetched(raw: bytes, name: str, archive: Archive, said: Told) -> None:
    """Raise `UnreadableSource` or `UnknownIssue` where a download is no issue."""
    alone(lambda where: summaries(raw, where, archive, said), name)


def keep_fetched(archive: Archive, newsletter: str, came: Iterable[Fetched]) -> None:
    """Keep what was downloaded, and by which tag it is known when it is asked for again."""
    for fetched in came:
        archive.put_original(fetched.key, fetched.raw or b"", fetched.suffix)
        remember(archive, newsletter, fetched)
