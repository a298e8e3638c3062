"""Text: blocks of a document, the pieces that it is divided into, and problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from indexer.model.keys import Label
from indexer.model.terms import Edition

BlockKind = Literal["heading", "paragraph", "bullet", "quote", "code", "row"]
SpanKind = Literal["link", "code", "strong", "missing", "line"]


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a block's text, `start` to `end` in characters: code, a link to `url`, or strong (bold).

    `missing` is a reference link without a definition in the source. `line` is a first line that
    is a title, perhaps with a byline, before a line break.
    """

    start: int
    end: int
    kind: SpanKind
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an issue's text, whatever format it was written in.

    `depth` is the level of a heading (1 to 6), or else the number of enclosing lists.
    `line` is the 1-based source line on which the block begins, or 0 if unknown.
    `gap` is the number of one-word lines dropped from plain text just before the block. `ruled` is true after a
    horizontal rule. In a table row, " | " separates the cells.
    """

    kind: BlockKind
    text: str
    depth: int = 0
    spans: tuple[Span, ...] = ()
    line: int = 0
    gap: int = 0
    ruled: bool = field(default=False, compare=False)

    def slice(self, start: int, end: int) -> Block:
        """Return the part of the block from character `start` to `end`, stripped, with its spans."""
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        end = start + len(self.text[start:end].rstrip())
        spans = tuple(
            Span(max(s.start, start) - start, min(s.end, end) - start, s.kind, s.url)
            for s in self.spans
            if max(s.start, start) < min(s.end, end)
        )
        return Block(self.kind, self.text[start:end], self.depth, spans, self.line, self.gap, self.ruled)

    def links(self) -> Iterator[Span]:
        """Yield the links, in reading order."""
        return (span for span in self.spans if span.kind == "link")

    def codes(self) -> Iterator[str]:
        """Yield the text of each code span."""
        return (self.text[span.start : span.end] for span in self.spans if span.kind == "code")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that was not understood; `line` is 0 if it concerns the whole source."""

    where: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.message}" if self.line else f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """A source as read: its metadata, and its text as a sequence of blocks.

    `where` names it in problems. `site` is the name of its site or feed, `language` the language that it says it is in,
    such as de or pt-BR. If each item was a separate file, `heads`
    are the positions of the items' titles. A retold issue gives the position of its entries in the original: the
    source line of each in reading order, and by position (from 1) the text directives that need more than the locator.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    date: datetime | None = None
    newsletter: str = ""
    label: Label | None = None
    page: str = ""
    edition: Edition = "original"
    original_lines: tuple[int, ...] = ()
    original_fragments: Mapping[int, str] = field(default_factory=dict)
    plain: bool = False
    where: str = ""
    problems: tuple[Problem, ...] = ()
    site: str = ""
    language: str = ""
    heads: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """The blocks of an issue that become one entry, and what their position says about them.

    `role` is the piece's role in the issue; `section` are the enclosing headings, outermost first, and `kind` is the
    kind they imply; `parent` is the index of the piece of the bullet that it is nested under; `head` is the heading
    that begins it.
    """

    role: Literal["item", "bullet", "patch", "note", "commentary", "change"]
    title: str
    blocks: tuple[Block, ...]
    section: tuple[str, ...] = ()
    kind: str | None = None
    url: str | None = None
    author: str | None = None
    parent: int | None = None
    head: Block | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """A divided issue: its pieces, section names, boilerplate and problems."""

    pieces: tuple[Piece, ...]
    sections: tuple[Block, ...]
    boilerplate: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
