"""Rendered HTML to blocks: the one place where elements become headings, paragraphs, bullets, quotes and code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from indexer.errors import UnreadableSource
from indexer.formats import bounds
from indexer.model import Block, BlockKind, Span, SpanKind

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DEEPEST = 2 * bounds.DEEPEST + 20  # elements; each list is two of them
LISTS = ("ul", "ol", "dl", "menu")
ITEMS = ("li", "dt", "dd")
CONTAINERS = (
    "div section article main header footer aside figure figcaption details summary center table thead "
    "tbody tfoot tr td th body html form fieldset nav address hgroup"
).split()
BLOCKS = frozenset((*HEADINGS, *LISTS, *ITEMS, *CONTAINERS, "p", "pre", "blockquote"))
INLINE = frozenset(
    "a abbr acronym audio b bdi bdo big br canvas cite code data del dfn em embed font i iframe img input ins kbd "
    "label map mark math meter nobr object output picture progress q rb rp rt rtc ruby s samp select slot small "
    "source span strike strong sub sup textarea time track tt u var video wbr option".split()
)
RULE = Block("paragraph", "", -1)  # stands for a horizontal rule among the blocks of a walk
NOT_TEXT = ("script", "style", "template", "noscript", "svg", "button", "hr", "head")
MISSING = "data-missing"  # on an <a>: a reference link without a definition
CELLS = " | "
WHITE = re.compile(r"[^\S\u00a0]+")
# A link that lost its opening bracket: `tap: XDP support](https://lists.example/1)`.
BROKEN_LINK = re.compile(r"^(?P<text>.+)\]\((?P<url>https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)\s*$", re.S)
BARE_URL = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]…]")


def blocks_of(root: Tag, where: str) -> tuple[Block, ...]:
    """Return the blocks of everything below `root`, in reading order.

    Raises `UnreadableSource`, with `where` for its name, for what nests deeper than any text does.
    """
    if depth_of(root) > DEEPEST:
        raise UnreadableSource(f"{where}: its elements nest deeper than {DEEPEST} levels, which no issue does")
    return tuple(mended(block) for block in ruled(Walk().element(root)))


def ruled(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with text; the one after a horizontal rule knows that it is."""
    after_rule = False
    for block in blocks:
        if block == RULE:
            after_rule = True
        elif block.text:
            yield replace(block, ruled=True) if after_rule else block
            after_rule = False


def depth_of(root: Tag) -> int:
    """Return how deeply elements nest below `root`."""
    deepest, level = 0, [root]
    while level:
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        deepest += 1
    return deepest


def parse_fragment(html: str) -> BeautifulSoup:
    """Parse well-formed HTML, as a Markdown renderer writes it."""
    return BeautifulSoup(html, "html.parser")


@dataclass
class Inline:
    """Text that grows, with the spans that have been opened and closed in it."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    line: int = 0

    def add(self, words: str) -> None:
        words = WHITE.sub(" ", words)
        if not self.text or self.text.endswith((" ", "\n")):
            words = words.lstrip(" ")
        self.text += words

    def element(self, tag: Tag) -> None:
        """Append the text of an inline element and of all that stands in it."""
        start = len(self.text)
        self.line = self.line or (tag.sourceline or 0)
        if tag.name not in INLINE and tag.name not in BLOCKS:
            self.add(f"<{tag.name}>")  # no element of HTML: an address or a placeholder in angle brackets
        if tag.name == "img":
            self.add(str(tag.get("alt") or ""))
        elif tag.name == "br":
            self.add(" ")
        for child in tag.children:
            self.node(child)
        url = str(tag.get("href") or "").strip() if tag.name == "a" else ""
        if tag.name in ("code", "tt", "kbd", "samp"):
            self.span(start, "code", "")
        if tag.name in ("strong", "b"):
            self.span(start, "strong", "")
        if tag.name == "a" and tag.has_attr(MISSING):
            self.span(start, "missing", "")
        if url:
            self.span(start, "link", url)

    def node(self, node: object) -> None:
        if isinstance(node, Tag):
            if node.name not in NOT_TEXT:
                self.element(node)
        elif isinstance(node, NavigableString) and not isinstance(node, Comment):
            self.add(str(node))

    def span(self, start: int, kind: SpanKind, url: str) -> None:
        while start < len(self.text) and self.text[start] == " ":
            start += 1
        if start < len(self.text):
            self.spans.append(Span(start, len(self.text), kind, url))

    def block(self, kind: BlockKind, depth: int) -> Block:
        spans = tuple(sorted(self.spans, key=lambda s: (s.start, -s.end)))
        return Block(kind, self.text, depth, spans, self.line).slice(0, len(self.text))


class Walk:
    """A walk over block elements that knows how many lists and quotations it stands in."""

    def __init__(self, lists: int = 0, *, quoted: bool = False) -> None:
        self.lists = lists
        self.quoted = quoted

    @property
    def running(self) -> BlockKind:
        return "quote" if self.quoted else "paragraph"

    def element(self, tag: Tag, first: BlockKind | None = None) -> Iterator[Block]:
        """Yield the blocks of `tag`; the first run of text among them is of kind `first`, if given."""
        run = Inline(line=tag.sourceline or 0)
        for child in tag.children:
            if isinstance(child, Tag) and (child.name in BLOCKS or child.name == "hr"):
                if run.text.strip():
                    yield run.block(first or self.running, self.lists)
                    first = None
                for block in self.below(child, first):
                    first = None
                    yield block
                run = Inline()
            else:
                run.node(child)
        if run.text.strip():
            yield run.block(first or self.running, self.lists)

    def below(self, tag: Tag, first: BlockKind | None) -> Iterator[Block]:
        """Yield the blocks of one block element."""
        if tag.name == "hr":
            yield RULE
        elif tag.name in HEADINGS:
            heading = Inline(line=tag.sourceline or 0)
            heading.element(tag)
            if self.quoted:
                heading.span(0, "strong", "")
            yield heading.block("quote", self.lists) if self.quoted else heading.block("heading", HEADINGS[tag.name])
        elif tag.name == "pre":
            text = tag.get_text().strip("\n")
            yield Block("code", text, self.lists, (Span(0, len(text), "code"),), tag.sourceline or 0)
        elif tag.name == "blockquote":
            yield from Walk(self.lists, quoted=True).element(tag, None)
        elif tag.name == "tr" and is_row(tag):
            yield self.row(tag)
        elif tag.name in LISTS:
            for item in tag.children:
                yield from self.item(item)
        else:
            yield from self.element(tag, first)

    def row(self, tag: Tag) -> Block:
        """Return the block of a table's row, its cells parted by a bar."""
        text = Inline(line=tag.sourceline or 0)
        cells = [cell for cell in tag.children if isinstance(cell, Tag) and cell.get_text(strip=True)]
        for i, cell in enumerate(cells):
            if i:
                text.text = f"{text.text.rstrip()}{CELLS}"
            text.element(cell)
        return text.block("row", self.lists)

    def item(self, item: object) -> Iterator[Block]:
        """Yield the blocks of a list item; where it has no words of its own, its first child stands for it."""
        if not isinstance(item, Tag):
            return
        if item.name not in ITEMS:
            yield from self.below(item, None)
            return
        inner = Walk(self.lists + 1, quoted=self.quoted)
        blocks = list(inner.element(item, "quote" if self.quoted else "bullet"))
        if blocks and blocks[0].kind == "bullet" and blocks[0].depth > inner.lists:
            blocks[0] = replace(blocks[0], depth=inner.lists)
        yield from blocks


def is_row(tag: Tag) -> bool:
    """Return whether a row of a table holds data: two cells or more, with nothing but text in them, in no other table.

    Mails use tables for their layout.
    """
    cells = [cell for cell in tag.find_all(["td", "th"], recursive=False) if cell.get_text(strip=True)]
    table = tag.find_parent("table")
    nested = table is not None and table.find_parent("table") is not None
    return len(cells) > 1 and not nested and not any(cell.find(BLOCKS.__contains__) for cell in cells)


def mended(block: Block) -> Block:
    """Return the block with a link where its Markdown was broken, and with each bare address a link."""
    broken = BROKEN_LINK.match(block.text)
    if broken and block.text.count("[", 0, broken.end("text")) <= block.text.count("]", 0, broken.end("text")):
        text = broken["text"].rstrip()
        spans = tuple(s for s in block.spans if s.end <= len(text) and s.kind == "code")
        return replace(block, text=text, spans=(Span(0, len(text), "link", broken["url"]), *spans))
    return with_bare_links(block)


def with_bare_links(block: Block) -> Block:
    """Return the block with each address that stands in its text a link."""
    if block.kind == "code" or "://" not in block.text:
        return block
    taken = list(block.links())
    bare = tuple(
        Span(match.start(), match.end(), "link", match[0])
        for match in BARE_URL.finditer(block.text)
        if not any(s.start < match.end() and match.start() < s.end for s in taken)
    )
    return (
        replace(block, spans=tuple(sorted((*block.spans, *bare), key=lambda s: (s.start, -s.end)))) if bare else block
    )
