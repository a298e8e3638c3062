"""Printing: aligned, coloured and linked on a terminal, plain in a pipe."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from indexer.controls import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from indexer.catalog.answers import Hit, Mark, Page
    from indexer.model import Outcome

KIND_STYLES = {
    "helper": "bold green",
    "feature": "green",
    "talk": "magenta",
    "project": "cyan",
    "article": "blue",
    "patch": "yellow",
    "note": "dim",
    "commentary": "dim",
}
# Terminals that show links, as they say in the environment.
LINKING_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio")
LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "contour", "wezterm")
LINKING_VARIABLES = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM")
LINKING_VTE = 5000  # GNOME Terminal and others; the versions before it crashed
WORD = re.compile(r"\S+\s*")
NARROWEST = 20  # characters of the last column of a table, which is folded
HOW_WORDS = {"stated": "{} stated", "landed": "landed in {}", "merged": "merged in {}", "issue": "during {}"}


class Line(NamedTuple):
    """A line to print: its text, by how much it is indented, how it looks and leads to on a terminal."""

    text: str = ""
    indent: int = 0
    style: str = ""
    url: str = ""


def outcome_in_words(outcome: Outcome) -> str:
    """Return what became of a patch in words: "merged as 39c13c204b in Linux v4.14"."""
    commit = f" as {outcome.commit[:12]}" if outcome.commit else ""
    release = f" in {outcome.repository} {outcome.release}" if outcome.release else ""
    if outcome.outcome == "superseded" and (commit or release):
        return f"superseded by a later version, which was merged{commit}{release}"
    unknown = ", commit not known" if outcome.outcome == "merged" and not commit else ""
    return f"{outcome.outcome}{commit}{release}{unknown}"


def is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def has_hyperlinks() -> bool:
    """Return whether the terminal is known to show links that are not printed (OSC 8); FORCE_HYPERLINK says so."""
    known = os.environ
    if forced := known.get("FORCE_HYPERLINK"):
        return forced != "0"
    if not is_terminal() or "TMUX" in known or known.get("TERM", "").startswith("screen"):
        return False
    vte = known.get("VTE_VERSION", "")
    return (
        known.get("TERM_PROGRAM", "") in LINKING_PROGRAMS
        or known.get("TERM", "") in LINKING_TERMS
        or any(name in known for name in LINKING_VARIABLES)
        or (vte.isdigit() and int(vte) >= LINKING_VTE)
    )


def say(text: str, start: str = "") -> None:
    """Print a sentence to standard error, wrapped to a terminal; addresses, paths and ids are never broken."""
    text = start + sentence(text)
    if sys.stderr and sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    click.echo(visible(text), err=True)


def sentence(text: str) -> str:
    """Return a message with a full stop."""
    return text if text.endswith((".", "?", "!", ")")) else f"{text}."


def as_line(record: Mapping[str, Any]) -> str:
    """Return an object as one line of JSON."""
    return json.dumps(record, ensure_ascii=False)


def kernels_in_words(kernel: Sequence[Mapping[str, Any]]) -> str:
    """Return "landed in v4.15, during v4.15" for an entry's versions; those known best come first.

    Where the release of a patch is known, the versions by date are left out.
    """
    order = {"landed": 0, "merged": 1, "stated": 2, "issue": 3}
    merged = any(each["how"] == "merged" for each in kernel)
    shown = [each for each in kernel if not (merged and each["how"] == "issue")]
    return ", ".join(
        HOW_WORDS[each["how"]].format(each["version"]) for each in sorted(shown, key=lambda each: order[each["how"]])
    )


def print_page(page: Page) -> None:
    """Print the hits of a page with what was said of the search."""
    for notice in page.notices:
        say(f"({notice})")
    if is_terminal():
        print_rich(page)
    else:
        for hit in page.hits:
            click.echo("\n".join(plain_lines(hit)))
    if not page.total:
        say(nothing_found(page))
    elif not page.hits:
        say(f"There are {page.pages} pages, with {page.total:,} hits in all.")
    elif page.query.page < page.pages:
        say(f"{len(page.hits)} of {page.total:,} hits. More with --page {page.query.page + 1} or --limit.")


def nothing_found(page: Page) -> str:
    """Return that nothing was found, and what would find something."""
    ways = [f"{way.total} {'entry' if way.total == 1 else 'entries'} {way.label}" for way in page.ways_out]
    return f"Nothing was found for: {page.searched}" + (f". There are {', '.join(ways)}." if ways else "")


def plain_lines(hit: Hit) -> Iterator[str]:
    record, issue = hit.record, hit.issue
    about = [record["kind"], kernels_in_words(record["kernel"]), f"{issue.title}, {issue.appeared}"]
    yield f"{hit.position}. {record['title']}"
    yield "   " + "; ".join(filter(None, [*about, record["author"]]))
    yield f"   {record['id']}"
    yield from (f"   {url}" for url in addresses_of(hit))
    yield from (f"   {line}" for line in score_lines(hit))


def addresses_of(hit: Hit) -> list[str]:
    """Return the addresses that a hit leads to: its own, the line of the source, the original at the text."""
    found = (hit.record[name] for name in ("url", "source_url", "original_url"))
    return list(dict.fromkeys(filter(None, map(linkable, found))))


def score_lines(hit: Hit) -> list[str]:
    """Return what a hit's score is made of, line by line; nothing where that was not asked for."""
    lines = [f"{sign} {value:8.3f}  {text}" for sign, text, value in hit.reasons]
    return [f"score {hit.score:.3f}", *lines] if lines else []


def print_rich(page: Page) -> None:
    """Print the hits of a page on a terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    width = len(str(page.hits[-1].position)) + 2 if page.hits else 0
    for hit in page.hits:
        print_hit(console, hit, width)


def print_hit(console: Console, hit: Hit, width: int) -> None:
    """Print a hit: its number and title, and below it, indented by a width, what is known of it."""
    from rich.text import Text

    record = hit.record
    title = marked(record["title"], hit.title_marks)
    if target := linkable(record["url"]) or linkable(record["source_url"]):
        title.stylize(f"link {target}")
    console.print(Text(f"{hit.position}.".ljust(width)), title, sep="", soft_wrap=True)
    print_folded(console, about(hit), width)
    if hit.snippet:
        print_folded(console, marked(hit.snippet, hit.snippet_marks, "dim"), width)
    addresses = [] if has_hyperlinks() else addresses_of(hit)
    for line in (*score_lines(hit), record["id"], *addresses):
        console.print(" " * width, Text(line, "dim"), sep="", soft_wrap=True)
    console.print()


def about(hit: Hit) -> Text:
    """Return the line on a hit: its kind, versions, issue and author, with links where these can be shown."""
    from rich.text import Text

    record, issue = hit.record, hit.issue
    line = Text(record["kind"], KIND_STYLES[record["kind"]])
    line.append(f"  {kernels_in_words(record['kernel'])}", "bold")
    line.append(f"  {issue.title}, {issue.appeared}")
    line.append(f"  {record['author']}" if record["author"] else "")
    for label, url in (("line", record["source_url"]), ("page", record["original_url"])):
        if linkable(url) and has_hyperlinks():
            line.append("  ").append(label, f"underline link {url}")
    return line


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines; on a terminal long ones are folded under their indent.

    Where links are not shown, the address that a line leads to is printed below it.
    """
    if not is_terminal():
        for line in lines:
            click.echo(" " * line.indent + line.text)
            if linkable(line.url) and line.url not in line.text:
                click.echo(" " * (line.indent + 2) + line.url)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        text = Text(visible(line.text), line.style)
        shown = linkable(line.url)
        if shown:
            text.stylize(f"link {shown}")
        if shown and shown in line.text:
            console.print(" " * line.indent, text, sep="", soft_wrap=True)
            continue
        print_folded(console, text, line.indent)
        if shown and not has_hyperlinks():
            console.print(" " * (line.indent + 2), Text(shown, "dim"), sep="", soft_wrap=True)


def print_folded(console: Console, text: Text, indent: int) -> None:
    """Print a text folded between words under its indent; a word that is longer than a line stays whole."""
    from rich.cells import cell_len

    width, used, offsets = max(1, console.width - indent), 0, []
    for word in WORD.finditer(text.plain):
        if used and used + cell_len(word[0].rstrip()) > width:
            offsets.append(word.start())
            used = 0
        used += cell_len(word[0])
    for part in text.divide(offsets):
        part.rstrip()
        console.print(" " * indent, part, sep="", soft_wrap=True)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
    """Print a table with these columns of numbers; on a terminal that is too narrow for it, a row as a few lines."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    if not is_terminal():
        for row in (header, *rows):
            cells = zip(header, row, widths, strict=True)
            aligned = (cell.rjust(width) if name in numbers else cell.ljust(width) for name, cell, width in cells)
            click.echo("  ".join(aligned).rstrip())
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if sum(widths[:-1]) + 2 * len(widths) + min(widths[-1], NARROWEST) > console.width:
        print_lines(line for row in rows for line in stacked(header, row))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in header:
        table.add_column(name, justify="right" if name in numbers else "left", no_wrap=name != header[-1])
    for row in rows:
        table.add_row(*map(as_it_is, row))
    console.print(table)


def stacked(header: Sequence[str], row: Sequence[str]) -> Iterator[Line]:
    """Yield a row of a table as lines: its first cell, and below it the others with their names."""
    yield Line(row[0], style="bold")
    yield Line("; ".join(f"{name}: {cell}" for name, cell in zip(header[1:], row[1:], strict=True)), 2)


def as_it_is(text: str) -> Text:
    """Return a text that is none of rich's markup."""
    from rich.text import Text

    return Text(visible(text))


def linkable(url: str | None) -> str:
    """Return an address that a terminal may link to, "" for any other."""
    return url if url and url.startswith(("http://", "https://")) and url.isprintable() else ""


def marked(text: str, marks: Sequence[Mark], style: str = "") -> Text:
    """Return a text for a terminal, its marks in bold."""
    from rich.text import Text

    styled = Text(visible(text), style)
    for start, end in marks:
        styled.stylize("bold underline", start, end)
    return styled


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for (done, all) that shows a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Drawn when something is done, not by a thread: a process with threads cannot be copied, as a build wants to.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(label)
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)
