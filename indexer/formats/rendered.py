"""Turn rendered HTML into blocks: headings, paragraphs, bullets, quotes and code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.errors import UnreadableSource
from indexer.formats import bounds
from indexer.formats.inline import BLOCKS, HEADINGS, ITEMS, LISTS, Inline, is_bold
from indexer.model import Block, BlockKind, Span

DEEPEST = 2 * bounds.DEEPEST + 20  # elements; each list level is two of them
RULE = Block("paragraph", "", -1)  # marks a horizontal rule among the blocks
CELLS = " | "
ESCAPED = re.compile(r"&(?:amp|lt|gt|quot);")
# Elements in whose text a reference may stand for itself.
RAW_TEXT = re.compile(r"<(?:script|style|xmp|iframe|noembed|noframes|noscript|plaintext|textarea|title)\b", re.I)
# A link without its opening bracket: `tap: XDP support](https://lists.example/1)`.
BROKEN_LINK = re.compile(r"^(?P<text>.+)\]\((?P<url>https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)\s*$", re.S)
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
                    yield from self.run(run, tag, first)
                    first = None
                for block in self.below(child, first):
                    first = None
                    yield block
                run = Inline()
            else:
                run.node(child)
        if run.text.strip():
            yield from self.run(run, tag, first)

    def run(self, run: Inline, tag: Tag, first: BlockKind | None) -> Iterator[Block]:
        """Yield the blocks of a run of text in a block element, which is bold if the element is."""
        if is_bold(tag):
            run.span(0, "strong", "")
        block, *rest = run.blocks(first or self.running, self.lists)
        yield block
        yield from (replace(other, kind=self.running) for other in rest)

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
