"""Print text and tables: aligned, with colours and links on a terminal, plain in a pipe."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from indexer.cli.streams import silence
from indexer.controls import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


# Terminals with hyperlinks, recognised by environment variables.
LINKING_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio")
LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "contour", "wezterm")
LINKING_VARIABLES = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM")
LINKING_VTE = 5000  # GNOME Terminal and others; earlier versions crash
SIZE = re.compile(r"^[1-9][0-9]{0,3}$")
USUAL_WIDTH = 80
WORD = re.compile(r"\S+\s*")
NARROWEST = 20  # characters of a table's last column, which is wrapped


class Line(NamedTuple):
    """A line to print: its text and indent, for a terminal its style and link, and a label within the indent."""

    text: str = ""
    indent: int = 0
    style: str = ""
    url: str = ""
    label: str = ""

    @property
    def start(self) -> str:
        """The label, padded to the indent."""
        return self.label.ljust(self.indent)


def is_terminal() -> bool:
    return bool(sys.stdout) and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def has_hyperlinks() -> bool:
    """Return whether the terminal is known to support hyperlinks (OSC 8). FORCE_HYPERLINK overrides the guess."""
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


def put(text: str = "", *, end: str = "\n") -> None:
    """Print a text to standard output, with control characters replaced by U+FFFD."""
    click.echo(visible(text) + end, nl=False)


def say(text: str, start: str = "") -> None:
    """Print a message to standard error, wrapped to the terminal's width. URLs, paths and ids are never broken.

    A message that cannot be written is dropped, so that the output is still complete.
    """
    text = start + sentence(text)
    if sys.stderr and sys.stderr.isatty():
        text = textwrap.fill(text, columns(sys.stderr.fileno()), break_long_words=False, break_on_hyphens=False)
    try:
        click.echo(visible(text), err=True)
    except OSError:
        silence(sys.stderr)


def columns(terminal: int) -> int:
    """Return the width of a terminal: COLUMNS, or what the terminal reports, which is 0 if it does not know."""
    return int(os.environ.get("COLUMNS") or os.get_terminal_size(terminal).columns or USUAL_WIDTH)


def forget_odd_sizes() -> None:
    """Remove COLUMNS and LINES from the environment if they are not plain numbers, at which rich fails."""
    for name in ("COLUMNS", "LINES"):
        if not SIZE.match(os.environ.get(name, "")):
            os.environ.pop(name, None)


def sentence(text: str) -> str:
    """Return a message that ends with a full stop."""
    return text if text.endswith((".", "?", "!", ")", ":")) else f"{text}."


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines. On a terminal, long ones are wrapped under their indent.

    If the terminal cannot show links, the URL of a line is printed below it.
    """
    if not is_terminal():
        for line in lines:
            put(line.start + line.text)
            if linkable(line.url) and line.url not in line.text:
                put(" " * (line.indent + 2) + line.url)
        return
    from rich.console import Console
    from rich.text import Text

    console, links = Console(highlight=False), has_hyperlinks()
    for line in lines:
        text = Text(visible(line.text), line.style)
        shown = linkable(line.url)
        if shown and links:
            text.stylize(f"link {shown}")
        if shown and shown in line.text:
            console.print(line.start, text, sep="", soft_wrap=True, markup=False)
            continue
        print_folded(console, text, line.indent, line.start)
        if shown and not links:
            console.print(" " * (line.indent + 2), Text(shown, "dim"), sep="", soft_wrap=True)


def print_folded(console: Console, text: Text, indent: int, first: str = "") -> None:
    """Print a text wrapped between words under its indent. A word longer than the line is not broken.

    `first` replaces the indent of the first line.
    """
    from rich.cells import cell_len

    width, used, offsets = max(1, console.width - indent), 0, []
    for word in WORD.finditer(text.plain):
        if used and used + cell_len(word[0].rstrip()) > width:
            offsets.append(word.start())
            used = 0
        used += cell_len(word[0])
    for number, part in enumerate(text.divide(offsets)):
        part.rstrip()
        console.print(" " * indent if number or not first else first, part, sep="", soft_wrap=True, markup=False)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
    """Print a table; `numbers` are the columns of numbers. On a narrow terminal, each row becomes a few lines."""
    rows = [
        [separated(cell) if name in numbers else cell for name, cell in zip(header, row, strict=True)] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    if not is_terminal():
        for row in (header, *rows):
            cells = zip(header, row, widths, strict=True)
            aligned = (cell.rjust(width) if name in numbers else cell.ljust(width) for name, cell, width in cells)
            put("  ".join(aligned).rstrip())
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


def separated(number: str) -> str:
    """Return a whole number with thousands separators."""
    return f"{int(number):,}" if number.isdecimal() else number


def stacked(header: Sequence[str], row: Sequence[str]) -> Iterator[Line]:
    """Yield a row of a table as lines: the first cell, and below it the others with their column names."""
    yield Line(row[0], style="bold")
    yield Line("; ".join(f"{name}: {cell}" for name, cell in zip(header[1:], row[1:], strict=True)), 2)


def as_it_is(text: str) -> Text:
    """Return a text that rich prints literally."""
    from rich.text import Text

    return Text(visible(text))


def linkable(url: str | None) -> str:
    """Return a URL that is safe to link on a terminal, "" for any other text."""
    return url if url and url.startswith(("http://", "https://")) and url.isprintable() else ""


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for (done, total) that shows a progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Refreshed by the callback and not by a thread, because a build forks, and forking a threaded process is unsafe.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(label)
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)
