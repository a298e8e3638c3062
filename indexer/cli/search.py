"""backissue search and show: the index asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click

from indexer.catalog.about import IssueAbout
from indexer.catalog.answers import hit_record
from indexer.catalog.facets import FACETS
from indexer.cli.completion import complete, queries
from indexer.cli.opened import opened
from indexer.cli.root import folders
from indexer.cli.rows import for_programs, print_rows
from indexer.cli.terminal import (
    Line,
    kernels_in_words,
    linkable,
    nothing_found,
    outcome_in_words,
    print_lines,
    print_page,
)
from indexer.errors import BadQuery
from indexer.model import Entry
from indexer.query.fields import FILTERS
from indexer.query.query import LAST_PAGE, LITERAL, MOST_HITS, SORTS, query_of
from indexer.records import to_record
from indexer.sources.archive import Archive

# -fix, -kernel:v4.15, -"two words"; -h is an option.
EXCLUDED = re.compile(r"^-(?!-|h$)\S")


def filters(command: Any) -> Any:
    """Give a command an option for each filter, which may be repeated."""
    for facet in reversed(FACETS):
        text = f"Only entries {facet.help}."
        values = complete(facet.field)
        command = click.option(
            f"--{facet.name}", multiple=True, metavar=facet.name.upper(), shell_complete=values, help=text
        )(command)
    return command


class WithExclusions(click.Command):
    """A command whose words may begin with a sign of exclusion: `search sockmap -fix`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take words that begin with one hyphen for words of the query, and not for options."""
        excluded = [arg for arg in args if EXCLUDED.match(arg)] if "--" not in args else []
        rest = [arg for arg in args if arg not in excluded]
        return super().parse_args(ctx, [*rest, "--", *excluded] if excluded else rest)


@click.command("search", cls=WithExclusions)
@click.argument("words", nargs=-1, metavar="[QUERY]...", shell_complete=queries)
@filters
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="The order of the hits.")
@click.option(
    "--limit", type=click.IntRange(1, MOST_HITS), default=10, show_default=True, help="The most hits to print."
)
@click.option("--page", type=click.IntRange(1, LAST_PAGE), default=1, show_default=True, help="Which page of hits.")
@click.option("--literal", is_flag=True, help=LITERAL)
@click.option("--explain", "explained", is_flag=True, help="Print what the score of each hit is made of.")
@for_programs
@folders
def search_command(
    archive: Archive, words: tuple[str, ...], fields: tuple[str, ...],
    *, as_json: bool, explained: bool, **given: Any,
) -> None:  # fmt: skip
    """Search the index for QUERY and print the hits, best first; all entries without one.

    QUERY takes words, "phrases", -word, OR, parentheses, prefix* and fields such as kernel:v4.15 or topic:xdp.
    """
    chosen = {name: given.pop(name) for name in FILTERS}
    try:
        query = query_of(" ".join(words), chosen, **given)
        page = opened(archive).search(query, explain=explained)
    except BadQuery as error:
        raise click.UsageError(str(error)) from error
    if as_json or fields:
        for notice in page.notices:
            click.echo(f"({notice})", err=True)
        print_rows(map(hit_record, page.hits), fields, as_json=as_json)
        if not page.total:
            click.echo(nothing_found(page), err=True)
    else:
        print_page(page)
    if not page.total:
        raise click.exceptions.Exit(1)


@click.command("show")
@click.argument("entry_id", metavar="ID", shell_complete=complete("id"))
@for_programs
@folders
def show_command(archive: Archive, entry_id: str, fields: tuple[str, ...], *, as_json: bool) -> None:
    """Print the entry with an ID, such as bpf-updates/13/new-helper-function-bpf-getsockops."""
    from indexer.views import lookup  # a search does without
    from indexer.views.briefs import issue_about

    catalog = opened(archive)
    entry = lookup.entry(catalog, entry_id)
    issue = issue_about(catalog, entry)
    record = to_record(entry) | {"source": issue.edition}
    if as_json or fields:
        print_rows([record], fields, as_json=as_json)
        return
    print_lines(entry_lines(entry, issue))


def author_in_words(entry: Entry) -> str | None:
    """Return the author as written, with the people whose names that spells otherwise; None where there is none."""
    return f"{entry.author} ({', '.join(entry.otherwise)})" if entry.otherwise else entry.author


def entry_lines(entry: Entry, issue: IssueAbout) -> Iterator[Line]:
    """Yield what there is of an entry: its title and text, and what is known of it with a name each."""
    yield Line(entry.title, style="bold", url=entry.url or "")
    yield Line()
    if entry.body != entry.title:
        yield from map(Line, entry.body.split("\n"))
        yield Line()
    known = {
        "kind": entry.kind,
        "author": author_in_words(entry),
        "issue": f"{issue.title}, {issue.date[:10]} ({issue.edition})",
        "kernel": kernels_in_words(to_record(entry)["kernel"]),
        "outcome": outcome_in_words(entry.outcome) if entry.outcome else None,
        "names": ", ".join(f"{n.written} is {n.canonical}" for n in entry.names),
        "topics": ", ".join(entry.topics),
        "series": entry.series,
        "link": entry.url,
        "original": entry.original_url,
        "source": entry.source_url,
        "archived": entry.archived_url,
    }
    for name, value in known.items():
        if value:
            yield Line(f"{name:9} {value}", url=linkable(value))
    for version in entry.kernel:
        yield Line(f"{version.version}: {version.evidence}", 10)
