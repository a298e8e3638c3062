"""Format entries as JSON Lines, CSV or Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from urllib.parse import quote

import click

from indexer.catalog.about import IssueAbout
from indexer.cli.rows import chosen, flat
from indexer.cli.wording import as_line, versions_in_words
from indexer.model import Block, Entry
from indexer.records import to_record

# The default columns of CSV.
COLUMNS = tuple(
    "id newsletter issue date kind title url author section parent tree series version topics identifiers "
    "source original_url source_url archived_url body".split()
)
BEFORE_VERSIONS = COLUMNS.index("topics")
# The start of a cell that a spreadsheet would run, also after a semicolon, tab or line break: spreadsheets that expect
# another separator than a comma begin a cell there. They also accept the full-width signs.
FORMULA = re.compile(r'(?:^(?= *+[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=[ "]*+[=+\-@＝＋－＠]))')
FENCE = re.compile(r"`+")
# Characters with a meaning in Markdown. <, & and ~ become entities, because some parsers ignore a backslash there.
SPECIAL = re.compile(r"[\\`*<\[\]]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~(?=~)")
ENTITIES = {"<": "&lt;", "&": "&amp;", "~": "&#126;"}
OPENING = re.compile(r"^(?:(?P<number>\d+)(?=[.)]\s)|(?=[#>+-]))")
UNSAFE = re.compile(r"[\s<>()]")


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported entry and its issue. `dated` is false for kinds whose date suggests no version, such as talks."""

    entry: Entry
    issue: IssueAbout
    facets: tuple[str, ...] = ()
    dated: bool = True

    @property
    def record(self) -> dict[str, Any]:
        """The entry as in `backissue show --json`, with the date of its issue and every version facet."""
        others: dict[str, Any] = {facet: [] for facet in self.facets if facet != self.entry.facet}
        return to_record(self.entry) | others | {"date": self.issue.date[:10], "source": self.issue.edition}


def to_json_lines(entries: Iterable[Exported], fields: tuple[str, ...] = (), *, raw: bool = False) -> Iterator[str]:
    """Yield one JSON object per line."""
    for each in entries:
        yield as_line(chosen(each.record, fields)) + "\n"


def to_csv(entries: Iterable[Exported], fields: tuple[str, ...] = (), *, raw: bool = False) -> Iterator[str]:
    """Yield a header line and one line per entry. Values of a list are separated by semicolons.

    Unless `raw` is set, cells that a spreadsheet would run as a formula get a leading apostrophe.
    """
    each_entry = iter(entries)
    first = list(islice(each_entry, 1))
    facets = first[0].facets if first else ()
    columns = fields or (*COLUMNS[:BEFORE_VERSIONS], *facets, *COLUMNS[BEFORE_VERSIONS:])
    yield csv_line(columns)
    for each in chain(first, each_entry):
        cells = [flat(name, value) for name, value in chosen(each.record, columns).items()]
        yield csv_line(cells if raw else map(inert, cells))


def inert(cell: str) -> str:
    """Return a cell that spreadsheets do not run as a formula, whichever separator they expect."""
    return FORMULA.sub("'", cell)


def csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def to_markdown(entries: Iterable[Exported], fields: tuple[str, ...] = (), *, raw: bool = False) -> Iterator[str]:
    """Yield a section for each entry: title, metadata, text, and a link to the original."""
    if fields:
        raise click.UsageError("--fields works with jsonl and csv only. Markdown has no columns.")
    for number, each in enumerate(entries):
        yield ("\n" if number else "") + "\n\n".join(paragraphs(each)) + "\n"


def paragraphs(each: Exported) -> Iterator[str]:
    entry, issue = each.entry, each.issue
    title = escaped(" ".join(entry.title.split()))
    yield f"## {link(title, entry.url) if entry.url else title}"
    about = (
        entry.kind,
        versions_in_words(each.record.get(entry.facet, ()), dated=each.dated),
        f"{issue.title}, {issue.appeared}",
        entry.author,
    )
    yield f"{escaped('; '.join(filter(None, about)))} ({issue.edition})"
    if entry.body != entry.title:
        yield from map(block_text, entry.blocks)
    places = (("original", entry.original_url), ("source", entry.source_url), ("archived", entry.archived_url))
    links = [link(name, url) for name, url in places if url]
    yield ", ".join([f"`{entry.id}`", *links])


def block_text(block: Block) -> str:
    """Return a block as Markdown."""
    if block.kind == "code":
        fence = "`" * max(3, 1 + longest_fence(block.text))
        return f"{fence}\n{block.text}\n{fence}"
    mark = {"bullet": "- ", "quote": "> ", "heading": "### "}.get(block.kind, "")
    text = " ".join(marked_up(block).split())
    return mark + OPENING.sub(lambda match: f"{match['number'] or ''}\\", text)


def marked_up(block: Block) -> str:
    """Return the text of a block as Markdown, with its links and code."""
    out, at = "", 0
    for span in sorted(block.spans, key=lambda span: (span.start, -span.end)):
        if span.start >= at:
            text = block.text[span.start : span.end]
            out += escaped(block.text[at : span.start])
            out += link(escaped(text), span.url) if span.kind == "link" else code(text)
            at = span.end
    return out + escaped(block.text[at:])


def escaped(text: str) -> str:
    """Return a text escaped, so that Markdown renders it literally."""
    return SPECIAL.sub(lambda match: ENTITIES.get(match[0], f"\\{match[0]}"), text)


def code(text: str) -> str:
    fence = "`" * (1 + longest_fence(text))
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def longest_fence(text: str) -> int:
    return max(map(len, FENCE.findall(text)), default=0)


def link(text: str, url: str) -> str:
    """Return a Markdown link. `text` is already Markdown."""
    return f"[{text}]({UNSAFE.sub(lambda match: quote(match[0]), url)})"


FORMATS: dict[str, Callable[..., Iterator[str]]] = {
    "jsonl": to_json_lines,
    "csv": to_csv,
    "markdown": to_markdown,
}
