"""Divide sections into pieces by their inferred shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from indexer.dividing import authors, sentences
from indexer.dividing.absolute import with_absolute_links
from indexer.dividing.bold import bold_lead
from indexer.dividing.contents import addresses, contents, is_anchor, key
from indexer.dividing.crediting import thanks_contributors, thanks_people
from indexer.dividing.formulas import is_formula, is_furniture
from indexer.dividing.headings import folded, is_known_section, is_linked, section_kind
from indexer.dividing.labels import without_labels
from indexer.dividing.lengths import length
from indexer.dividing.shapes import announced_apart, bold_titles, items_among, makeup, shape_of
from indexer.dividing.signing import is_attribution, sign_off
from indexer.dividing.title_lines import only_title, title_lines
from indexer.dividing.titles import describe
from indexer.dividing.tree import LABEL_LEVEL, Section, tree
from indexer.model import Block, Division, Document, Newsletter, Piece

ALIKE = 0.8
LONGEST_INTRODUCTION = 150  # words, at the start of an issue
LONGEST_IN_SECTION = 40  # words, at the start of a section
LONGEST_NAME = 12  # words of a line that names the list below it
FEWEST_ANNOUNCING = 8  # words of a sentence in a text
WORD = re.compile(r"\w+")


@dataclass
class Open:
    """An unfinished item: its blocks, whether it is commentary, and its parent."""

    blocks: list[Block]
    section: tuple[str, ...]
    commentary: bool = False
    headed: bool = False
    parent: int | None = None


@dataclass
class Walk:
    """The state while dividing sections: the open item and the finished pieces."""

    newsletter: Newsletter
    title: str
    items: set[int]
    contents: frozenset[int] = frozenset()  # ids of the lines of tables of contents
    addresses: dict[str, str] = field(default_factory=dict)  # in these lines, by the words of the heading
    open: Open | None = None
    pieces: list[Piece] = field(default_factory=list)
    names: list[Block] = field(default_factory=list)
    boilerplate: list[Block] = field(default_factory=list)
    # Of the section: the ids of the paragraphs that are titles, of those that begin with one in bold, and whether
    # several of its outer paragraphs do.
    titled: set[int] = field(default_factory=set)
    bold: set[int] = field(default_factory=set)
    has_bold: bool = False

    def section(self, section: Section, path: tuple[str, ...]) -> None:
        """Divide a section and its subsections."""
        shape = shape_of(self.kept(section), self.newsletter)
        kept = self.kept(section).own
        titled = {id(block) for block in title_lines(kept) or only_title(kept)}
        bold, has_bold = {id(block) for block in bold_titles(section.own)}, makeup(section.own).bold > 1
        announced, inside = "", 0
        parts = section.parts
        for i, part in enumerate(parts):
            if isinstance(part, Section):
                self.close()
                announced = ""
                self.below(part, path)
                continue
            whole = section.head is None or self.is_title(section)
            if self.is_boilerplate(part, "" if whole else shape) or thanks_people(part, section.name):
                self.boilerplate.append(part)
                continue
            after = next((other for other in parts[i + 1 : i + 2]), None)
            if self.announces_headings(part, after):
                self.boilerplate.append(part)
                continue
            if part.kind == "paragraph" and self.announces(part, after, shape):
                inside = self.end_of_list_inside(parts, i)
                if not inside:
                    self.close()
                    announced = sentences.as_title(part.text) if length(part.text) <= LONGEST_NAME else ""
                    self.names.append(part)
                    continue
            self.titled, self.bold, self.has_bold = titled, bold, has_bold
            if i < inside and self.open is not None:
                self.open.blocks.append(part)
            else:
                if shape != "bullets" and part.kind == "paragraph" and not part.depth:
                    announced = ""
                self.take(part, "bullets" if announced else shape, (*path, announced) if announced else path, section)
        self.close()

    def kept(self, section: Section) -> Section:
        """Return a section without its boilerplate, which would hide its shape."""
        parts = [part for part in section.parts if isinstance(part, Section) or not self.is_boilerplate(part, "")]
        return Section(section.head, section.level, parts)

    def below(self, section: Section, path: tuple[str, ...]) -> None:
        """Divide a subsection: an item, boilerplate, the issue's title, or a section of items."""
        if id(section) in self.items:
            self.item(section, path)
            return
        assert section.head is not None
        self.names.append(section.head)
        declared = self.newsletter.shapes.get(folded(section.name))
        if is_unread(section) or declared == "boilerplate" or self.is_only_boilerplate(section):
            self.boilerplate += section.blocks()
        elif self.is_title(section):
            self.section(section, path)
        else:
            self.section(section, (*path, section.name))

    def is_only_boilerplate(self, section: Section) -> bool:
        """Return whether a section without a link in its heading has nothing but boilerplate."""
        if not section.parts or (section.head is not None and is_linked(section.head)):
            return False
        return all(self.is_boilerplate(block, "") or thanks_people(block, section.name) for block in section.blocks())

    def is_title(self, section: Section) -> bool:
        """Return whether a heading is the title of the whole issue."""
        if section.level >= LABEL_LEVEL:
            return False
        named, title = words(section.name), words(self.title)
        name = words(self.newsletter.name)
        return bool(named) and (
            (bool(title) and SequenceMatcher(None, named, title).ratio() >= ALIKE)
            or (len(name) > 1 and named[: len(name)] == name)
        )

    def item(self, section: Section, path: tuple[str, ...]) -> None:
        """Make one piece of a heading and everything below it."""
        assert section.head is not None
        section, announced = announced_apart(section, self.newsletter)
        assert section.head is not None
        blocks: list[Block] = []
        for block in section.blocks():
            (self.boilerplate if self.is_boilerplate(block, "item") else blocks).append(block)
        said = describe((section.head, *blocks), headed=True)
        url = None if is_linked(section.head) else self.addresses.get(key(section.head.text))
        kind = self.kind_in((*path, section.name))
        self.pieces.append(
            Piece("item", said.title, tuple(blocks), path, kind, url or said.url, said.author, head=section.head)
        )
        if announced and announced.head:
            self.names.append(announced.head)
            self.section(announced, (*path, announced.name))

    def is_boilerplate(self, block: Block, shape: str) -> bool:
        if block.kind == "heading":
            return False
        if is_anchor(block) or id(block) in self.contents:
            return True
        if any(re.search(pattern, block.text) for pattern in self.newsletter.boilerplate):
            return True
        return shape != "item" and is_formula(block)

    def announces(self, block: Block, after: object, shape: str) -> bool:
        """Return whether a paragraph only introduces the next list."""
        listed = isinstance(after, Block) and after.kind in ("bullet", "row")
        if not listed or block.depth or any(block.links()) or not block.text.endswith(":"):
            return False
        return shape == "bullets" or block.text.isupper() or is_known_section(self.newsletter, block.text)

    def announces_headings(self, block: Block, after: object) -> bool:
        """Return whether a paragraph only introduces a list of the headings: "In this letter:"."""
        listed = isinstance(after, Block) and after.kind == "bullet" and self.is_boilerplate(after, "item")
        return listed and block.kind == "paragraph" and not any(block.links()) and block.text.endswith(":")

    def end_of_list_inside(self, parts: Sequence[Block | Section], i: int) -> int:
        """Return the end of a list that a sentence of the open item announces and a text follows; 0 for other lists."""
        part, end = parts[i], i + 1
        if not isinstance(part, Block) or self.open is None or self.open.commentary:
            return 0
        while end < len(parts) and isinstance(other := parts[end], Block) and (other.kind == "bullet" or other.depth):
            end += 1
        after = parts[end] if end < len(parts) and len(part.text.split()) >= FEWEST_ANNOUNCING else None
        return end if isinstance(after, Block) and after.kind == "paragraph" and after.text[-1] != ":" else 0

    def take(self, block: Block, shape: str, path: tuple[str, ...], section: Section) -> None:
        """Add one block to the open item, or begin a new one."""
        if self.begins(block, shape, section):
            parent = self.parent_of(block)
            self.close()
            self.open = Open([block], path, parent=parent)
        elif self.open is not None:
            self.open.blocks.append(block)
        else:
            self.open = Open([block], path, commentary=self.is_commentary(shape, section))

    def is_commentary(self, shape: str, section: Section) -> bool:
        return section.head is None or shape != "item" or bool(section.below) or self.is_title(section)

    def begins(self, block: Block, shape: str, section: Section) -> bool:
        """Return whether a block begins an item in a section of the given shape."""
        if block.kind == "row":
            return any(block.links())
        if block.kind == "bullet":
            return (shape == "bullets" or self.lists_more(block)) and self.begins_bullet(block, section)
        if block.kind != "paragraph" or block.depth or shape == "item":
            return False
        if self.open is not None and is_attribution(block, self.open.blocks):
            return False
        if self.titled and shape == "paragraphs":
            return id(block) in self.titled
        if id(block) in self.bold:
            return True
        if shape != "paragraphs":
            return False
        return not self.has_bold and (self.open is None or (any(block.links()) and not self.leads_on()))

    def lists_more(self, block: Block) -> bool:
        """Return whether a linked bullet belongs to a list of items between paragraphs that are items with a byline."""
        if not self.titled or self.open is None or not any(block.links()):
            return False
        last = self.open.blocks[-1]
        return last.kind == "bullet" or authors.name_alone(last) is not None

    def leads_on(self) -> bool:
        """Return whether the open item continues: it has no link yet and ends with code, a quotation or a colon."""
        if self.open is None or any(True for block in self.open.blocks for _ in block.links()):
            return False
        last = self.open.blocks[-1]
        return last.kind in ("code", "quote") or last.text.endswith(":")

    def begins_bullet(self, block: Block, section: Section) -> bool:
        """Return whether a bullet is an item: in the outermost list, or nested with a link under a short bullet."""
        outermost = min(other.depth for other in section.own if other.kind == "bullet")
        if block.depth <= outermost or self.open is None or self.open.commentary:
            return True
        first = self.open.blocks[0]
        nested = [*self.open.blocks[1:]]
        return any(block.links()) and bold_lead(first) is None and all(other.kind == "bullet" for other in nested)

    def parent_of(self, block: Block) -> int | None:
        """Return the index of the piece that a nested bullet belongs to."""
        if self.open is None or block.kind != "bullet" or self.open.blocks[0].kind != "bullet":
            return None
        if block.depth > self.open.blocks[0].depth:
            return len(self.pieces)
        return self.open.parent if block.depth == self.open.blocks[0].depth else None

    def kind_in(self, section: Sequence[str]) -> str | None:
        """Return the kind that the innermost known section gives its items, or None."""
        return next((kind for name in reversed(section) if (kind := section_kind(self.newsletter, name))), None)

    def close(self) -> None:
        """Finish the open piece."""
        ready, self.open = self.open, None
        if ready is None:
            return
        if ready.blocks[0].kind == "row" and not any(ready.blocks[0].links()):
            self.names += ready.blocks
            return
        longest = LONGEST_IN_SECTION if ready.section else LONGEST_INTRODUCTION
        if (
            ready.commentary
            and self.newsletter.introductions == "boilerplate"
            and is_introduction(ready.blocks, longest)
        ):
            self.boilerplate += ready.blocks
            return
        said = describe(ready.blocks)
        if ready.blocks[0].kind == "row" and self.names and self.names[-1].kind == "row":
            said = replace(said, author=authors.in_column(ready.blocks[0], self.names[-1]) or said.author)
        role = "commentary" if ready.commentary else "bullet"
        kind = self.kind_in(ready.section)
        self.pieces.append(
            Piece(role, said.title, tuple(ready.blocks), ready.section, kind, said.url, said.author, ready.parent)  # type: ignore[arg-type]
        )


def is_introduction(blocks: Sequence[Block], longest: int = LONGEST_INTRODUCTION) -> bool:
    """Return whether text outside items is only an introduction: short prose without links and code."""
    if any(span.kind in ("link", "missing") for block in blocks for span in block.spans):
        return False
    return not any(block.kind == "code" for block in blocks) and sum(length(block.text) for block in blocks) <= longest


def words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def divide_by_shape(document: Document, newsletter: Newsletter) -> Division:
    """Divide a document by the shapes of its sections."""
    blocks = [with_absolute_links(block, newsletter.home) for block in document.blocks]
    end = sign_off(blocks)
    root = tree(without_labels(blocks[:end]))
    lines = contents(blocks)
    walk = Walk(newsletter, document.title, set(), frozenset(lines), addresses(blocks, lines))
    walk.boilerplate += blocks[end:]
    if document.heads:
        heads = {id(blocks[i]) for i in document.heads}
        walk.items = {id(section) for section in root.sections() if id(section.head) in heads}
    else:
        walk.items = items_among(root, newsletter) - {id(s) for s in root.sections() if is_no_item(walk, s)}
    walk.section(root, ())
    if not walk.pieces and newsletter.introductions == "boilerplate":
        return divide_by_shape(document, replace(newsletter, introductions="commentary"))
    return Division(tuple(walk.pieces), tuple(walk.names), tuple(walk.boilerplate))


def is_no_item(walk: Walk, section: Section) -> bool:
    """Return whether a section is the issue itself, or has only credits and other boilerplate."""
    return walk.is_only_boilerplate(section) or is_unread(section) or walk.is_title(section)


def is_unread(section: Section) -> bool:
    """Return whether a section only has credits, thanks and notices to subscribers."""
    linked = section.head is not None and is_linked(section.head)
    return is_furniture(section.name) or (not linked and thanks_contributors(section.name, section.blocks()))
