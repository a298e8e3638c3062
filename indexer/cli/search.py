"""backissue search: print the entries that match a query, best first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from indexer.catalog.answers import hit_record
from indexer.cli.command import command, option
from indexer.cli.completion import queries
from indexer.cli.filters import Searching
from indexer.cli.folders import folders
from indexer.cli.hits import print_page, say_without_matches
from indexer.cli.opened import opened
from indexer.cli.rows import OUTPUT, for_programs, print_rows
from indexer.cli.terminal import say
from indexer.cli.values import Number
from indexer.errors import BadQuery
from indexer.query.query import FOLD, LAST_PAGE, LITERAL, query_of
from indexer.sources.archive import Archive


@command(
    "search",
    cls=Searching,
    queries=True,
    sort="relevance",
)
@click.argument("words", nargs=-1, metavar="[QUERY]...", shell_complete=queries)
@option("--literal", is_flag=True, help=LITERAL)
@option("--fold/--no-fold", default=True, show_default=True, help=FOLD)
@option(
    "-n",
    "--limit",
    type=Number(1),
    default=10,
    show_default=True,
    group=OUTPUT,
    help="Maximum number of results.",
)
@option(
    "-p",
    "--page",
    type=Number(1, LAST_PAGE),
    default=1,
    show_default=True,
    group=OUTPUT,
    help="The page of results.",
)
@option("--explain", "explained", is_flag=True, group=OUTPUT, help="Print how the score of each result is computed.")
@for_programs
@folders
def search_command(
    archive: Archive, words: tuple[str, ...], fields: tuple[str, ...], limit: int,
    *, as_json: bool, explained: bool, **given: Any,
) -> None:  # fmt: skip
    """Search for QUERY and print the results, best first.

    QUERY can contain words, "phrases", -word (in quotes) or NOT word, OR, parentheses, prefix* and fields such as
    {fields}. Without QUERY, all entries match.
    """
    catalog = opened(archive)
    known = catalog.about.fields
    chosen = {name: given.pop(name) for name in [*given] if name not in ("sort", "literal", "fold", "page")}
    try:
        query = replace(query_of(" ".join(words), chosen, known, **given), limit=limit)
        page = catalog.search(query, explain=explained)
    except BadQuery as error:
        raise click.UsageError(str(error)) from error
    if as_json or fields:
        for notice in (*page.filtered, *page.notices):
            say(f"({notice})")
        print_rows(map(hit_record, page.hits), fields, as_json=as_json)
        if not page.total:
            say_without_matches(page)
    else:
        print_page(page)
    if page.is_empty:
        raise click.exceptions.Exit(1)
