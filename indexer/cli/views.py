"""backissue kernel, id, series and open: what is known of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from indexer.catalog.protocol import Catalog
from indexer.cli.completion import complete
from indexer.cli.opened import opened
from indexer.cli.root import folders
from indexer.cli.rows import for_programs, print_rows
from indexer.cli.terminal import HOW_WORDS, Line, linkable, print_lines, print_table
from indexer.errors import NotOpened
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.briefs import Brief
from indexer.views.identifiers import NameAbout
from indexer.views.kernels import KernelAbout, Known, kernels
from indexer.views.series import SeriesAbout, SeriesVersion, all_series

Lines = Iterator[Line]


def limited(command: Any) -> Any:
    """Give a command --limit."""
    return click.option(
        "--limit",
        type=click.IntRange(1),
        default=10,
        show_default=True,
        help="The most entries of each list; --json prints all.",
    )(command)


def show(found: Any, lines: Callable[[Any, int], Lines], limit: int, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print what was found: in words, or as an object."""
    if as_json or fields:
        print_rows([asdict(found)], fields, as_json=as_json)
    else:
        print_lines(lines(found, limit))


def show_all(
    found: Sequence[Any],
    header: tuple[str, ...],
    rows: Sequence[Sequence[str]],
    numbers: tuple[str, ...],
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Print what there is: a table, or an object each."""
    if as_json or fields:
        print_rows(map(asdict, found), fields, as_json=as_json)
    else:
        print_table(header, rows, numbers=numbers)


@click.command("kernel")
@click.argument("version", required=False, shell_complete=complete("version"))
@limited
@for_programs
@folders
def kernel_command(
    archive: Archive, version: str | None, limit: int, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """Print what landed in a kernel VERSION, such as v4.15, and the entries that are of it.

    Without VERSION, print the versions that there are.
    """
    if version is None:
        versions = kernels(opened(archive))
        rows = [(k.version, *map(str, (k.names, k.entries, k.landed, k.merged, k.stated, k.issue))) for k in versions]
        header = ("kernel", "names", "entries", "landed", "merged", "stated", "during")
        show_all(versions, header, rows, header[1:], fields, as_json=as_json)
        return
    found = lookup.kernel(opened(archive), version)
    show(found, kernel_lines, limit, fields, as_json=as_json)


@click.command("id")
@click.argument("name", shell_complete=complete("identifier", tables=("landings",)))
@limited
@for_programs
@folders
def id_command(archive: Archive, name: str, limit: int, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print what a NAME of the kernel is, such as bpf_getsockopt, where it landed, and the entries that mention it."""
    found = lookup.name(opened(archive), name)
    show(found, name_lines, limit, fields, as_json=as_json)


@click.command("series")
@click.argument("series_id", metavar="[ID]", required=False, shell_complete=complete("series"))
@click.option("--author", shell_complete=complete("person"), help="Without ID: only series by this author.")
@limited
@for_programs
@folders
def series_command(
    archive: Archive,
    series_id: str | None,
    author: str | None,
    limit: int,
    fields: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Print the versions of a series of patches over the issues, and what became of it.

    ID is that which backissue show prints of a patch. Without ID, print the series that there are.
    """
    if series_id is None:
        catalog = opened(archive)
        listed = lookup.person(catalog, author).series if author else all_series(catalog)
        rows = [(each.id, str(each.entries), f"v{', v'.join(map(str, each.versions))}") for each in listed]
        show_all(listed, ("series", "entries", "versions"), rows, ("entries",), fields, as_json=as_json)
        return
    found = lookup.series(opened(archive), series_id)
    show(found, series_lines, limit, fields, as_json=as_json)


@click.command("open")
@click.argument("entry_id", metavar="ID", shell_complete=complete("id"))
@click.option("--print", "only_print", is_flag=True, help="Print the address and open nothing.")
@folders
def open_command(archive: Archive, entry_id: str, *, only_print: bool) -> None:
    """Open a browser at the text of an entry in its original issue."""
    address = original(opened(archive), entry_id)
    click.echo(address)
    if not only_print:
        import webbrowser

        if not webbrowser.open(address):
            raise NotOpened("no browser could be opened; the address is printed above")


def original(catalog: Catalog, entry_id: str) -> str:
    """Return the address of an entry's text: first that which its newsletter prefers."""
    entry = lookup.entry(catalog, entry_id)
    addresses = [entry.original_url, entry.source_url]
    if not catalog.about.newsletter(entry.newsletter).page_first:
        addresses.reverse()
    found = next(filter(None, map(linkable, (*addresses, entry.archived_url, entry.url))), None)
    if found is None:
        raise NotOpened(f"nothing is known of where {entry.id} was published; backissue show prints it")
    return found


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


def series_lines(found: SeriesAbout, limit: int) -> Lines:
    """Yield the story of a series."""
    yield Line(found.subject, style="bold")
    yield Line(", ".join((*found.people, found.id)), 2)
    for version in found.versions:
        yield from version_lines(version, limit)
    if found.outcomes or found.landings:
        yield Line()
        yield Line("what became of it", style="bold")
    for landed in found.landings:
        yield Line(f"{landed.landing.name} landed in {landed.landing.version}: {landed.why}", 2)
    for outcome in found.outcomes[:limit]:
        yield from brief(outcome.entry, outcome.why)
    yield from more(len(found.outcomes) - limit, "--limit")


def version_lines(version: SeriesVersion, limit: int) -> Lines:
    name = f"v{version.version}{' RFC' if version.rfc else ''}"
    yield Line()
    yield Line(", ".join(filter(None, (name, version.issue, version.date, version.tree))), style="bold")
    patches = ([version.cover] if version.cover else []) + list(version.patches)
    yield from briefly(patches[:limit])
    yield from more(len(patches) - limit, "--limit")


def briefly(entries: Iterable[Brief]) -> Lines:
    for entry in entries:
        yield from brief(entry)


def brief(entry: Brief, note: str = "") -> Lines:
    """Yield an entry in brief: its title, and below it its id."""
    yield Line(entry.title, 2, url=entry.url or "")
    yield Line(f"{entry.id}{f' ({note})' if note else ''}", 4, style="dim")


def some(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries or 'no'} entries"


def more(left: int, way: str) -> Sequence[Line]:
    """Return how many are left out, and the way to them."""
    return [Line(f"and {left} more: {way}", 2, style="dim")] if left > 0 else []
