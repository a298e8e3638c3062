"""Shell completion from the index and the archive. Without an index there are no completions, and no errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from indexer.cli.arguments import typed
from indexer.cli.declared import place_in
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from indexer.sources.folders import default_archive, default_data

if TYPE_CHECKING:
    from indexer.engines.origins import Served, Where
    from indexer.views.suggestions import Suggestion

MOST = 100
FILTERS = ("issue", "topic", "series", "author")  # groups of suggestions whose targets are values of a field
SECONDS = 2.0  # for an answer of a cluster

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def from_index(make: Callable[[Served, str], Iterable[CompletionItem]]) -> Completer:
    """Return a completer of what `make` returns for a catalog and the beginning of a word.

    Values with line breaks are left out, because shells cannot complete them.
    """

    def completed(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from indexer.engines.origins import catalog_at  # importing the options must stay fast

        try:
            catalog = catalog_at(index_of(ctx))
        except (BackissueError, OSError):
            return []
        with closing(catalog):
            return [item for item in make(catalog, incomplete) if item.value.isprintable()][:MOST]

    return completed


def complete(field: str, tables: tuple[str, ...] = ()) -> Completer:
    """Return a completer for the values of a field in the index, and for the names in some of its tables."""

    def values(catalog: Served, start: str) -> Iterable[CompletionItem]:
        named = (name for table in tables for name in catalog.about.record[table] if name.startswith(start))
        terms = (term.text for term in catalog.terms(field, start, MOST))
        return map(CompletionItem, dict.fromkeys((*terms, *named)))

    return from_index(values)


@from_index
def queries(catalog: Served, incomplete: str) -> Iterator[CompletionItem]:
    """Complete a query as the search box does, as one word for the shell."""
    from indexer.views.suggestions import suggestions  # importing the options must stay fast

    for each in suggestions(catalog, incomplete):
        if each.group != "title":
            yield CompletionItem(in_query(each), help=f"{each.count:,} entries")


def in_query(suggestion: Suggestion) -> str:
    """Return a suggestion as words of a query: topic:xdp, author:"Daniel Borkmann"."""
    from indexer.query.tokens import quoted  # importing the options must stay fast

    if suggestion.group not in FILTERS:
        return suggestion.target
    return f"{suggestion.group}:{quoted(suggestion.target)}"


def newsletters(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the id of a newsletter."""
    try:
        known = Archive(ctx.params.get("archive_folder") or default_archive(), data_of(ctx)).newsletters
    except (BackissueError, OSError):
        return []
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


def originals(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the newsletter/label of an issue whose original is stored."""
    archive = Archive(default_archive(), data_of(ctx))
    try:
        kept = (str(key) for key in archive.issues_in(archive.originals))
        return [CompletionItem(issue) for issue in kept if issue.startswith(incomplete)]
    except (BackissueError, OSError):
        return []


def data_of(ctx: click.Context) -> Path:
    """Return the data folder of the command line typed so far."""
    return ctx.params.get("data_folder") or default_data()


def index_of(ctx: click.Context) -> Where:
    """Return where the index is for the command line typed so far. A cluster has little time to answer."""
    place = place_in(typed(ctx))
    return replace(place, deadline=SECONDS) if place else data_of(ctx)
