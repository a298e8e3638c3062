"""backissue fetch: the originals of a newsletter downloaded."""

from __future__ import annotations

from collections.abc import Iterable

import click

from indexer.build.workers import alone
from indexer.cli.command import command, option
from indexer.cli.completion import newsletters
from indexer.cli.index import index
from indexer.cli.root import folders
from indexer.cli.terminal import progress, put
from indexer.errors import BackissueError, NotFound
from indexer.ingest import Told, summaries
from indexer.sources.archive import Archive
from indexer.sources.downloads import Downloader
from indexer.sources.fetching import Fetched, fetch_issues, remember


@command("fetch")
@click.argument("newsletter", shell_complete=newsletters)
@option("--allow-private", is_flag=True, help="Fetch from addresses of private networks, too.")
@option(
    "--pause",
    type=click.FloatRange(0, 60),
    default=0.5,
    show_default=True,
    help="Seconds to wait between two downloads.",
)
@folders
def fetch_command(archive: Archive, newsletter: str, *, allow_private: bool, pause: float) -> None:
    """Download the originals of a newsletter.

    They are shown in place of the retold issues. An issue that has not changed since the last time is not sent again.
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
        put(f"{len(came)} issues new or changed, {len(known.issues) - len(came)} as they were")
    if failed:
        raise failed


def check_fetched(raw: bytes, name: str, archive: Archive, said: Told) -> None:
    """Raise `UnreadableSource` or `UnknownIssue` where a download is no issue."""
    alone(lambda where: summaries(raw, where, archive, said), name)


def keep_fetched(archive: Archive, newsletter: str, came: Iterable[Fetched]) -> None:
    """Keep what was downloaded, and by which tag it is known when it is asked for again."""
    held = list(came)
    for fetched in held:
        archive.put_original(fetched.key, fetched.raw or b"", fetched.suffix)
    remember(archive, newsletter, held)
