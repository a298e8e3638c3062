"""The data model: issues, entries and their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

BlockKind = Literal["heading", "paragraph", "bullet", "quote", "code", "row"]
SpanKind = Literal["link", "code", "strong", "missing"]
How = Literal["stated", "landed", "merged", "issue"]
Edition = Literal["retold", "original"]

LARGEST = 2_000_000  # maximum size of a source in bytes; the longest known issue has 270,000
LARGEST_OF_SEVERAL = 30_000_000  # of a feed or a mailbox that is added, whose issues are kept one by one

HOWS: tuple[How, ...] = ("stated", "landed", "merged", "issue")
OUTCOMES = ("merged", "superseded", "not merged", "unknown")


Label = int | str  # an int if the label is a plain number, so that JSON has a number, too
LABEL = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*")
LONGEST_LABEL = 32
LEADING_ZEROS = re.compile(r"0*(?P<number>\d{1,9})")


def pairs_of(facet: str) -> str:
    """Return the index field for the versions of a facet with how each is known: "v4.15/landed"."""
    return f"{facet}/how"


@dataclass(frozen=True, slots=True)
class IssueKey:
    """The key of an issue: its newsletter and its unique label in it (13, 339.5, 2018q3, 2019/01, 2024-05-20)."""

    newsletter: str
    label: Label

    def __str__(self) -> str:
        return f"{self.newsletter}/{self.label}"

    @classmethod
    def parse(cls, text: str) -> IssueKey:
        """Parse a key in the form that `str` returns. Raises `ValueError` for anything else."""
        newsletter, slash, label = text.partition("/")
        if not newsletter or not slash:
            raise ValueError(f"{text!r} is not NEWSLETTER/ISSUE")
        return cls(newsletter, label_of(label))


def label_of(text: str) -> Label:
    """Parse a label: lower case, a plain number as an int. Raises `ValueError` if the text has none."""
    text = text.strip().removeprefix("#").casefold()
    if number := LEADING_ZEROS.fullmatch(text):
        return int(number["number"])
    if len(text) > LONGEST_LABEL or not LABEL.fullmatch(text) or not re.search(r"\d", text):
        raise ValueError(
            f"{text[:LONGEST_LABEL]!r} cannot label an issue. "
            "Use a number, or letters and digits with single dots, hyphens or slashes between them."
        )
    return text


def label_order(label: Label) -> tuple[tuple[int, int | str], ...]:
    """Return the sort key of a label: numbers compare as numbers, so 9 is before 10 and 339.5 after 339."""
    parts = re.findall(r"\d+|[a-z]+", str(label))
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a block's text, `start` to `end` in characters: code, a link to `url`, or strong (bold).

    `missing` is a reference link without a definition in the source.
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

    `where` names it in problems. `site` is the name of the site or feed that it is of. `heads` are the positions of the
    headings that are items' titles, where each item was a file of its own. A retold issue says where its entries stand
    in the original: for each in reading order the line of the source, and by position (from 1) the text directives
    that need more than the locator.
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


@dataclass(frozen=True, slots=True)
class Version:
    """A version that an entry belongs to, how that is known, and the evidence in words.

    `how` is `stated` (the entry names it), `landed` (an identifier that the entry introduces was first
    released in it), `merged` (the patch is known to be in it) or `issue` (derived from the tree and the date of
    the issue). `url` is the commit or release that proves it, if any.
    """

    version: str
    how: How
    evidence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """The days between which what an issue reports was posted: of the issue before, and of the issue itself."""

    since: date
    day: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a patch: `outcome` is one of `OUTCOMES`.

    `commit` and `release` are "" where they are not known; `release` is one of `repository`, such as iproute2.
    `source` says where the outcome was found, `grade` how well it is known. A superseded patch has the
    commit and the release of the version that was merged.
    """

    entry: str
    outcome: str
    commit: str = ""
    repository: str = ""
    release: str = ""
    source: str = ""
    grade: str = ""
    commit_url: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as an issue writes it, the usual name of the same thing, and why both are one."""

    written: str
    canonical: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of an entry that was corrected by hand: its value before, the reason, and the URL of a source."""

    field: str
    before: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an entry: its URL as written, its current URL, and its archived copy.

    `issue` is newsletter/label if the link leads to an issue of the archive.
    """

    url: str
    current_url: str
    archived_url: str
    issue: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The smallest piece of an issue that a reader would look for, link to and cite by itself.

    `author` is as the issue writes it; `people` are the authors under one name each in all entries. `versions` are
    those of the version facet `facet` that the newsletter's profile declares, "" if it declares none.
    Of a patch, `tree` is the one that it is for, `series` the id of what it is a version of, `version` which one.
    """

    newsletter: str
    issue: Label
    n: int
    id: str
    locator: str
    kind: str
    title: str
    body: str
    url: str | None = None
    author: str | None = None
    people: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    parent: str | None = None
    tree: str | None = None
    identifiers: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    facet: str = ""
    versions: tuple[Version, ...] = ()
    outcome: Outcome | None = None
    corrections: tuple[Correction, ...] = ()
    topics: tuple[str, ...] = ()
    series: str | None = None
    version: int | None = None
    links: tuple[Link, ...] = ()
    blocks: tuple[Block, ...] = ()
    line: int = 0
    original_url: str | None = None
    source_url: str | None = None
    archived_url: str | None = None

    @property
    def issue_key(self) -> IssueKey:
        """The key of the entry's issue."""
        return IssueKey(self.newsletter, self.issue)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The people whose names `author` spells differently."""
        author = self.author or ""
        return tuple(name for name in self.people if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", author))


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a newsletter, divided into entries; `date` is None if unknown.

    `digest` identifies the text it was read from.
    """

    newsletter: str
    label: Label
    title: str
    date: datetime | None
    url: str | None
    edition: Edition
    entries: tuple[Entry, ...]
    division: Division
    problems: tuple[Problem, ...] = ()
    digest: str = ""

    @property
    def key(self) -> IssueKey:
        """Newsletter and label."""
        return IssueKey(self.newsletter, self.label)


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """When and where an issue was published, and where its source text is."""

    label: Label
    page: str
    source_path: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Newsletter:
    """What is known about a newsletter before any issue is read: its table; see archive/README.md.

    `introductions` says what paragraphs without links are that open an issue or a list.
    `layout` is "items" where each item is a file, and an issue a folder of them. `origins` are the folders, feeds and
    addresses that its issues come from.
    """

    id: str
    name: str
    home: str = ""
    author: str = ""
    licence: str = ""
    repository: str = ""
    commit: str = ""
    raw: str = ""
    page: str = ""
    first: date | None = None
    every: int = 7
    files: tuple[str, ...] = ()
    profile: str = "neutral"
    tracks: bool = False
    page_first: bool = True
    titles: tuple[str, ...] = ()
    dividing: Literal["by shape", "by table"] = "by shape"
    layout: Literal["", "items"] = ""
    introductions: Literal["commentary", "boilerplate"] = "commentary"
    shapes: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    boilerplate: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    issues: dict[Label, IssueFacts] = field(default_factory=dict)
