"""backissue kernel: what is new in a kernel version."""

from __future__ import annotations

import click

from indexer.cli.command import command
from indexer.cli.completion import complete
from indexer.cli.listing import Lines, briefly, limited, more, show, show_all, some
from indexer.cli.opened import opened
from indexer.cli.root import folders
from indexer.cli.rows import for_programs
from indexer.cli.terminal import Line
from indexer.cli.wording import HOW_WORDS
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.kernels import KernelAbout, Known, kernels


@command(
    "kernel",
    examples=(("kernel v4.15", "what is new in v4.15, and its entries"), ("kernel", "all versions, in a table")),
)
@click.argument("version", required=False, shell_complete=complete("version"))
@limited
@for_programs
@folders
def kernel_command(
    archive: Archive, version: str | None, limit: int | None, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """Print what is new in a kernel version.

    VERSION is like v4.15. Without it, print all versions.
    """
    if version is None:
        versions = kernels(opened(archive))
        rows = [(k.version, *map(str, (k.names, k.entries, k.landed, k.merged, k.stated, k.issue))) for k in versions]
        header = ("kernel", "names", "entries", "landed", "merged", "stated", "during")
        show_all(versions, header, rows, header[1:], limit, fields, as_json=as_json)
        return
    found = lookup.kernel(opened(archive), version)
    show(found, kernel_lines, limit, fields, as_json=as_json)


def kernel_lines(found: KernelAbout, limit: int) -> Lines:
    """Yield what is known of a kernel version."""
    days = [f"released {found.released}"] if found.released else []
    days += [f"merge window {found.opened} to {found.rc1}"] if found.opened and found.rc1 else []
    yield Line(found.version, style="bold", url=found.url)
    yield from (Line(day, 2) for day in days)
    for kind in found.landed:
        yield Line()
        yield Line(f"landed in it: {kind.kind}", style="bold")
        for each in kind.names[:limit]:
            yield Line(f"{each.landing.name}, commit {each.landing.commit or 'unknown'}; {some(len(each.mentions))}", 2)
        yield from more(len(kind.names) - limit, "--limit")
    for known in found.known:
        yield from known_lines(known, found.version, limit)


def known_lines(known: Known, version: str, limit: int) -> Lines:
    """Yield the entries of a version that is known in one way, those that are no patches first."""
    if not known.count:
        return
    yield Line()
    yield Line(f"{HOW_WORDS[known.how].format(version)}: {some(known.count)}", style="bold")
    entries = [entry for kind in known.reports for entry in kind.entries]
    shown = (*entries, *known.fixes)[:limit]
    yield from briefly(shown)
    yield from [Line(f"and {known.above} that stand above, known better", 2, style="dim")] if known.above else []
    left = known.count - known.above - len(shown)
    yield from more(left, f"backissue search --kernel {version} --how {known.how}")
