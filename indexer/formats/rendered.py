"""Turn rendered HTML into blocks: headings, paragraphs, bullets, quotes and code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from indexer.errors import UnreadableSource
from indexer.formats import bounds
from indexer.model import Block, BlockKind, Span, SpanKind

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DEEPEST = 2 * bounds.DEEPEST + 20  # elements; each list level is two of them
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
RULE = Block("paragraph", "", -1)  # marks a horizontal rule among the blocks
NOT_TEXT = ("script", "style", "template", "noscript", "svg", "button", "hr", "head")
MISSING = "data-missing"  # on an <a>: an undefined reference link
CELLS = " | "
BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)\b", re.I)  # in the style of an element
WHITE = re.compile(r"[^\S\u00a0]+")
ESCAPED = re.compile(r"&(?:amp|lt|gt|quot);")
# Elements in whose text a reference may stand for itself.
RAW_TEXT = re.compile(r"<(?:script|style|xmp|iframe|noembed|noframes|noscript|plaintext|textarea|title)\b", re.I)
# A link without its opening bracket: `tap: XDP support](https://lists.example/1)`.
BROKEN_LINK = re.compile(r"^(?P<text>.+)\]\((?P<url>https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)\s*$", re.S)
# What may follow a title on its line, and how the text on the next line begins.
BYLINE = re.compile(r"^\W{0,3}(?:\b(?:by|from|von|par|por|di|door) [^.!?]{3,60}\.?)?$")
SENTENCE = re.compile(r"^\s*[\"'“„«¿¡(]?(?:[^\W\d_a-zß-öø-ÿ]|https?://)")
BARE_URL = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]…]")


def blocks_of(root: Tag, where: str) -> tuple[Block, ...]:
    """Return the blocks below `root`, in reading order.

    Raises `UnreadableSource`, which names the file `where`, if elements nest too deeply.
    """
    if depth_of(root) > DEEPEST:
        raise UnreadableSource(
            f"{where}: The file was not read because its elements nest deeper than {DEEPEST} levels."
        )
    return tuple(mended(block) for block in ruled(Walk().element(root)))


def ruled(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with text, and mark each that follows a horizontal rule."""
    after_rule = False
    for block in blocks:
        if block == RULE:
            after_rule = True
        elif block.text:
            yield replace(block, ruled=True) if after_rule else block
            after_rule = False


def depth_of(root: Tag) -> int:
    """Return the nesting depth of the elements below `root`."""
    deepest, level = 0, [root]
    while level:
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        deepest += 1
    return deepest


def parse_fragment(html: str) -> BeautifulSoup:
    """Parse well-formed HTML, such as the output of a Markdown renderer."""
    return BeautifulSoup(html if RAW_TEXT.search(html) else ESCAPED.sub(numbered, html), "html.parser")


def numbered(escaped: re.Match[str]) -> str:
    """Return the numeric reference of a character that renderers escape.

    At the first reference by name, bs4 compiles patterns of all names, which takes longer than parsing an issue.
    """
    return f"&#{ord(unescape(escaped[0]))};"


@dataclass
class Inline:
    """The text of a block under construction, with its spans."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    line: int = 0
    broken: int = 0  # where the first line ends
    wrapped: int = 0  # where the first line of the source ends

    def add(self, words: str) -> None:
        ending, newline, _ = words.partition("\n")
        if newline and not self.wrapped:
            self.wrapped = len((self.text + WHITE.sub(" ", ending)).rstrip())
        words = WHITE.sub(" ", words)
        if not self.text or self.text.endswith((" ", "\n")):
            words = words.lstrip(" ")
        self.text += words

    def element(self, tag: Tag) -> None:
        """Append the text of an inline element and of everything in it."""
        start = len(self.text)
        self.line = self.line or (tag.sourceline or 0)
        if tag.name not in INLINE and tag.name not in BLOCKS:
            self.add(f"<{tag.name}>")  # not HTML, but a URL or placeholder in angle brackets
        if tag.name == "img":
            self.add(str(tag.get("alt") or ""))
        elif tag.name == "br" or (tag.name in BLOCKS and self.text):  # a block in a link, such as a card
            self.broken = self.broken or len(self.text.rstrip())
            self.add(" ")
        for child in tag.children:
            self.node(child)
        url = str(tag.get("href") or "").strip() if tag.name == "a" else ""
        if tag.name in ("code", "tt", "kbd", "samp"):
            self.span(start, "code", "")
        if is_bold(tag):
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
        spans = tuple(
            sorted((*self.spans, *(self.first_line() if kind != "row" else ())), key=lambda s: (s.start, -s.end))
        )
        return Block(kind, self.text, depth, spans, self.line).slice(0, len(self.text))

    def first_line(self) -> Iterator[Span]:
        """Yield a span over the first of several lines if it is one link or bold, as titles in e-mail are.

        A line of the source counts if the next one begins like a sentence; it may have a byline.
        """
        marked = [span for span in self.spans if span.kind in ("link", "strong") and is_first(span, self.text)]
        ends = (span.end == self.broken or (span.kind == "link" and span.end > self.broken) for span in marked)
        wraps = (BYLINE.match(self.text[span.end : self.wrapped]) for span in marked if span.end <= self.wrapped)
        if 0 < self.broken < len(self.text.rstrip()) and any(ends):
            yield Span(0, self.broken, "line")
        elif self.wrapped and SENTENCE.match(self.text[self.wrapped :]) and any(wraps):
            yield Span(0, self.wrapped, "line")


def is_first(span: Span, text: str) -> bool:
    """Return whether only symbols precede a span."""
    return not re.search(r"\w", text[: span.start])


class Walk:
    """The traversal of block elements, with the number of lists and quotations around the current one."""

    def __init__(self, lists: int = 0, *, quoted: bool = False) -> None:
        self.lists = lists
        self.quoted = quoted

    @property
    def running(self) -> BlockKind:
        return "quote" if self.quoted else "paragraph"

    def element(self, tag: Tag, first: BlockKind | None = None) -> Iterator[Block]:
        """Yield the blocks of `tag`. The first run of text has the kind `first`, if given."""
        run = Inline(line=tag.sourceline or 0)
        for child in tag.children:
            if isinstance(child, Tag) and (child.name in BLOCKS or child.name == "hr"):
                if run.text.strip():
                    self.mark(run, tag)
                    yield run.block(first or self.running, self.lists)
                    first = None
                for block in self.below(child, first):
                    first = None
                    yield block
                run = Inline()
            else:
                run.node(child)
        if run.text.strip():
            self.mark(run, tag)
            yield run.block(first or self.running, self.lists)

    def mark(self, run: Inline, tag: Tag) -> None:
        """Mark the text of a block element as bold if the element is."""
        if is_bold(tag):
            run.span(0, "strong", "")

    def below(self, tag: Tag, first: BlockKind | None) -> Iterator[Block]:
        """Yield the blocks of a block element's children."""
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
        """Return a table row as one block, its cells separated by a vertical bar."""
        text = Inline(line=tag.sourceline or 0)
        cells = [cell for cell in tag.children if isinstance(cell, Tag) and cell.get_text(strip=True)]
        for i, cell in enumerate(cells):
            if i:
                text.text = f"{text.text.rstrip()}{CELLS}"
            text.element(cell)
        return text.block("row", self.lists)

    def item(self, item: object) -> Iterator[Block]:
        """Yield the blocks of a list item. Without text of its own, its first child takes its place.

        The description of a term belongs to the item of the term.
        """
        if not isinstance(item, Tag):
            return
        if item.name not in ITEMS:
            yield from self.below(item, None)
            return
        inner = Walk(self.lists + 1, quoted=self.quoted)
        first: BlockKind | None = None if describes(item) else "bullet"
        blocks = list(inner.element(item, "quote" if self.quoted else first))
        if blocks and blocks[0].kind == "bullet" and blocks[0].depth > inner.lists:
            blocks[0] = replace(blocks[0], depth=inner.lists)
        yield from blocks


def is_bold(tag: Tag) -> bool:
    """Return whether an element makes its text bold, by its name or its style."""
    return tag.name in ("strong", "b") or BOLD.search(str(tag.get("style") or "")) is not None


def describes(item: Tag) -> bool:
    """Return whether an item of a list is the description of the term before it."""
    return item.name == "dd" and item.find_previous_sibling("dt") is not None


def is_row(tag: Tag) -> bool:
    """Return whether a table row contains data: at least two cells with only text, in a table that is not nested.

    E-mail uses tables for layout, and those rows are not data.
    """
    cells = [cell for cell in tag.find_all(["td", "th"], recursive=False) if cell.get_text(strip=True)]
    table = tag.find_parent("table")
    nested = table is not None and table.find_parent("table") is not None
    return len(cells) > 1 and not nested and not any(cell.find(BLOCKS.__contains__) for cell in cells)


def mended(block: Block) -> Block:
    """Return the block with broken Markdown links repaired, and with bare URLs linked."""
    broken = BROKEN_LINK.match(block.text)
    if broken and block.text.count("[", 0, broken.end("text")) <= block.text.count("]", 0, broken.end("text")):
        text = broken["text"].rstrip()
        spans = tuple(s for s in block.spans if s.end <= len(text) and s.kind == "code")
        return replace(block, text=text, spans=(Span(0, len(text), "link", broken["url"]), *spans))
    return with_bare_links(block)


def with_bare_links(block: Block) -> Block:
    """Return the block with each URL in its text linked."""
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
