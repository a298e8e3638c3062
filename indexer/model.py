"""The nouns: what an issue, an entry and the parts of both are."""

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

LARGEST = 2_000_000  # bytes that a source has at the most; the longest issue known has 270,000
LARGEST_OF_SEVERAL = 30_000_000  # of a feed or a mailbox that is added, whose issues are kept one by one

KINDS = ("helper", "feature", "talk", "project", "article", "patch", "note", "commentary")
HOWS: tuple[How, ...] = ("stated", "landed", "merged", "issue")
OUTCOMES = ("merged", "superseded", "not merged", "unknown")


Label = int | str  # an int where the label is a plain number, so that it is one in JSON, too
LABEL = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*")
LONGEST_LABEL = 32
LEADING_ZEROS = re.compile(r"0*(?P<number>\d{1,9})")


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Which issue: its newsletter, and the label that is unique in it (13, 339.5, 2018q3, 2019/01, 2024-05-20)."""

    newsletter: str
    label: Label

    def __str__(self) -> str:
        return f"{self.newsletter}/{self.label}"

    @classmethod
    def parse(cls, text: str) -> IssueKey:
        """Return the key that `str` gives; raises `ValueError` for a text that is none."""
        newsletter, slash, label = text.partition("/")
        if not newsletter or not slash:
            raise ValueError(f"{text!r} is not NEWSLETTER/ISSUE")
        return cls(newsletter, label_of(label))


def label_of(text: str) -> Label:
    """Return the label that a text writes, in lower case, a plain number as an int; raises `ValueError` for none."""
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
    """Return what labels of one newsletter sort by: their numbers as numbers, 9 before 10 and 339.5 after 339."""
    parts = re.findall(r"\d+|[a-z]+", str(label))
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a block's text, `start` to `end` in characters: code, a link to `url`, or strong (bold).

    `missing` is a reference link whose definition is nowhere in the source.
    """

    start: int
    end: int
    kind: SpanKind
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an issue's text, whatever format it was written in.

    `depth` is the level of a heading (1 to 6); of anything else the number of lists that it stands in.
    `line` is the 1-based line of the source on which the block begins, 0 where it is not known.
    `gap` is the number of one-word lines that plain text lost just before the block. `ruled` says that a horizontal
    rule stands just before it. The text of a row of a table has " | " between its cells.
    """

    kind: BlockKind
    text: str
    depth: int = 0
    spans: tuple[Span, ...] = ()
    line: int = 0
    gap: int = 0
    ruled: bool = field(default=False, compare=False)

    def slice(self, start: int, end: int) -> Block:
        """Return the part of the block from character `start` to `end`, stripped, with the spans in it."""
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
        """Yield the text of each stretch that is marked up as code."""
        return (self.text[span.start : span.end] for span in self.spans if span.kind == "code")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that was not understood; `line` is 0 where it concerns the whole of it."""

    where: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.message}" if self.line else f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """One source as it was read: what it says of itself, and its text as a stream of blocks.

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
    """A stretch of an issue that divides into one entry: its blocks, and what its place says of it.

    `role` is how the piece stands in the issue; `section` the grouping headings, outermost first, and `kind` what
    their names say of it; `parent` is the position (from 0, among the issue's pieces) of the bullet that it is nested
    under; `head` is the heading that began it.
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
    """An issue divided: its pieces, its section names, its boilerplate, and what was not understood."""

    pieces: tuple[Piece, ...]
    sections: tuple[Block, ...]
    boilerplate: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class KernelVersion:
    """A kernel release that an entry belongs to, how that is known, and the evidence in words.

    `how` is `stated` (the entry names it), `landed` (an identifier that the entry introduces was first
    released in it), `merged` (the patch is known to be in it) or `issue` (what the tree and the date of the
    issue say). `url` is the commit or release behind the evidence, where there is one.
    """

    version: str
    how: How
    evidence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a patch: `outcome` is one of `OUTCOMES`.

    `commit` and `release` are "" where they are not known; `release` is one of `repository`, such as linux or
    iproute2. `source` says where the outcome was found, `grade` how well it is known. A superseded patch has the
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
    """A name as an issue writes it, the kernel's name for the same thing, and why both are one."""

    written: str
    canonical: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an entry: its address as written, the one that it is known to have now, its archived copy.

    `issue` is newsletter/number, where it leads to an issue that the archive knows.
    """

    url: str
    current_url: str
    archived_url: str
    issue: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The smallest piece of an issue that a reader would look for, link to and cite by itself.

    `author` is as the issue writes it, `people` are whom it names, each by one name in all entries.
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
    kernel: tuple[KernelVersion, ...] = ()
    outcome: Outcome | None = None
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
        """The issue that the entry stands in."""
        return IssueKey(self.newsletter, self.issue)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The people whose names `author` spells otherwise."""
        author = self.author or ""
        return tuple(name for name in self.people if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", author))


@dataclass(frozen=True, slots=True)
class Issue:
    """One edition of a newsletter, divided into entries; `date` is None where nothing says when it appeared.

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
    """When and where one issue was published, and where its source text is kept."""

    label: Label
    page: str
    source_path: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Newsletter:
    """What is known of a newsletter before any issue of it is read; see archive/newsletters.toml.

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
    tracks_kernel: bool = False
    page_first: bool = True
    titles: tuple[str, ...] = ()
    dividing: Literal["by shape", "by table"] = "by shape"
    layout: Literal["", "items"] = ""
    shapes: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    boilerplate: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    issues: dict[Label, IssueFacts] = field(default_factory=dict)
