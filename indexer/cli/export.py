"""backissue export: write entries as JSON Lines, CSV or Markdown, or the whole site as files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

import click

from indexer.catalog.answers import Page
from indexer.catalog.protocol import Catalog
from indexer.cli.command import command, option
from indexer.cli.entry_formats import FORMATS, Exported
from indexer.cli.filters import Searching
from indexer.cli.folders import folders
from indexer.cli.hits import say_without_matches
from indexer.cli.opened import opened
from indexer.cli.rows import OUTPUT, chosen, with_fields
from indexer.cli.site import with_site, write_site
from indexer.cli.terminal import put, say
from indexer.cli.values import Choice, Number
from indexer.errors import BadQuery, UnwritableFile
from indexer.model import Entry
from indexer.query.query import LITERAL, MOST_HITS, Query, query_of
from indexer.query.tree import And, Match, Node
from indexer.sources.archive import Archive
from indexer.sources.unfinished import locked, remains, unfinished
from indexer.views.briefs import issue_about

SUFFIXES = {".csv": "csv", ".md": "markdown"}
STANDARD_OUTPUT = Path("-")


@command(
    "export",
    cls=Searching,
    queries=True,
    examples=(
        ("export > entries.jsonl", "all entries, one JSON object per line"),
        ("export --kind talk -o talks.csv", "the talks as CSV"),
        ("export --static site", "the whole site as files for any web server"),
    ),
)
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@option("--literal", is_flag=True, help=LITERAL)
@option("-n", "--limit", type=Number(1), group=OUTPUT, help="Maximum number of entries [default: all].")
@option(
    "--format",
    "name",
    type=Choice(tuple(FORMATS)),
    group=OUTPUT,
    help="The format [default: by the suffix of the output (.csv, .md), else jsonl].",
)
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    group=OUTPUT,
    help="The file to write; it is replaced only once complete [default: -, standard output].",
)
@option(
    "--raw",
    is_flag=True,
    group=OUTPUT,
    help="In CSV, do not escape cells that a spreadsheet would run as formulas.",
)
@with_fields
@with_site
@folders
def export_command(
    archive: Archive, words: tuple[str, ...], name: str | None, output: Path | None, limit: int | None,
    fields: tuple[str, ...], sort: str | None, folder: Path | None, base_url: str,
    *, literal: bool, raw: bool, **chosen_filters: tuple[str, ...],
) -> None:  # fmt: skip
    """Export entries as JSON Lines, CSV or Markdown, or the whole site.

    QUERY and the filters are the same as in backissue search. Without them, all entries are exported.
    """
    if folder is not None:
        write_site(archive, folder, base_url)
        return
    if base_url:
        raise click.UsageError("--base-url needs --static DIR, the folder to write the site to.")
    catalog = opened(archive)
    try:
        query = query_of(
            " ".join(words), chosen_filters, catalog.about.fields, sort=sort or "relevance", literal=literal
        )
        page = catalog.search(replace(query, limit=MOST_HITS), facets=())
    except BadQuery as error:
        raise click.UsageError(str(error)) from error
    for notice in (*page.filtered, *page.notices):
        say(f"({notice})")
    if not page.total:
        say_without_matches(page)
    if page.is_empty:
        raise click.exceptions.Exit(1)
    in_order = sort is None and not words
    chosen(
        next(found(catalog, page, in_order=in_order)).record, fields
    )  # report unknown fields before the first line is written
    name = name or SUFFIXES.get(output.suffix.lower() if output else "", "jsonl")
    text = FORMATS[name](islice(found(catalog, page, in_order=in_order), limit), fields, raw=raw)
    if output and output != STANDARD_OUTPUT:
        write(output, text)
    else:
        for part in text:
            put(part, end="")


def found(catalog: Catalog, page: Page, *, in_order: bool) -> Iterator[Exported]:
    """Yield all entries of a search, given its first page: in the order of the issues, or by rank."""
    return exported(catalog, catalog.find(filters_of(page.query)) if in_order else ranked(catalog, page))


def exported(catalog: Catalog, entries: Iterable[Entry]) -> Iterator[Exported]:
    """Yield each entry with its issue."""
    about = catalog.about
    facets, reading = tuple(about.versions), about.reading
    return (Exported(entry, issue_about(catalog, entry), facets, dated=entry.kind not in reading) for entry in entries)


def filters_of(query: Query) -> Node:
    """Return the filters of a query as one condition."""
    return And(tuple(Match(name, value) for name, values in query.filters.items() for value in values))


def ranked(catalog: Catalog, page: Page) -> Iterator[Entry]:
    """Yield the entries of a search, page by page."""
    while page.hits:
        for hit in page.hits:
            if entry := catalog.get(hit.record["id"]):
                yield entry
        page = catalog.search(page.query.on_page(page.query.page + 1), facets=())


def write(path: Path, text: Iterable[str]) -> None:
    """Replace a file, or the file that a link leads to, atomically. Raises `UnwritableFile`."""
    try:
        if path.exists() and not path.is_file():  # pipes and devices cannot be replaced
            path.write_text("".join(text), encoding="utf-8")
            return
        target = Path(os.path.realpath(path))
        for left in remains(target):
            left.unlink(missing_ok=True)
        part = unfinished(target)
        try:
            with part.open("x", encoding="utf-8", newline="") as file, locked(part):
                file.writelines(text)
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    except OSError as error:
        raise UnwritableFile(f"{path}: {error.strerror}. Choose another file with --output.") from error
