"""Divide blocks into pieces: each block becomes part of one piece, a section name or boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.dividing import headings, plain, sentences
from indexer.dividing.headings import Outline
from indexer.dividing.shaped import divide_by_shape
from indexer.dividing.shortening import cut, shortened
from indexer.model import Block, Division, Document, Newsletter, Piece, Problem

# "Jesper Dangaard Brouer, [net-next PATCH] ..." without a link on the subject, or with a link on both.
AUTHOR = re.compile(r"^(?P<author>[^\W\d_][^\d,:;/()\[\]]{2,60}?),\s+(?P<subject>\S.*)$", re.S)
MOST_LABEL_WORDS = 3


def divide(document: Document, newsletter: Newsletter, where: str) -> Division:
    """Divide a document by the general rules and the newsletter's table.

    Nothing is lost: each word of the document is in one piece, in a section name or in the boilerplate.
    """
    if newsletter.dividing == "by shape":
        return shortened(divide_by_shape(document, newsletter))
    seen = (plain if document.plain else headings).outline(document.blocks, newsletter)
    state = State(newsletter, seen, where)
    for i, block in enumerate(seen.blocks):
        state.take(i, block)
    state.close()
    return shortened(
        Division(tuple(state.pieces), tuple(state.section_blocks), tuple(state.boilerplate), tuple(state.problems))
    )


@dataclass
class Open:
    """An unfinished piece: its heading and the blocks so far."""

    role: str
    blocks: list[Block]
    section: tuple[str, ...]
    kind: str | None = None
    head: Block | None = None
    parent: int | None = None


@dataclass
class State:
    """The state while dividing: the current section, the open piece and the finished pieces."""

    newsletter: Newsletter
    outline: Outline
    where: str
    implied: str = ""
    levels: list[tuple[int, str]] = field(default_factory=list)
    announced: str = ""
    open: Open | None = None
    pieces: list[Piece] = field(default_factory=list)
    section_blocks: list[Block] = field(default_factory=list)
    boilerplate: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    patch_path: list[tuple[int, int]] = field(default_factory=list)

    @property
    def section(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.levels)

    def kind_in(self, section: Sequence[str]) -> str | None:
        """Return the kind that the innermost known section gives its items, or None."""
        names = (*reversed(section), self.implied)
        kinds = (headings.section_kind(self.newsletter, name) for name in names)
        return next((kind for kind in kinds if kind), None)

    @property
    def kind(self) -> str | None:
        return self.kind_in(self.section)

    def take(self, i: int, block: Block) -> None:
        """Add one block to the division."""
        if i in self.outline.implied:
            self.close()
            self.implied = self.outline.implied[i]
            self.levels.clear()
        if block.kind == "heading":
            self.heading(i, block)
        elif self.is_boilerplate(block):
            self.boilerplate.append(block)
        elif i in self.outline.untitled:
            self.close()
            self.begin("item", [block])
        elif self.kind == "patch" and block.kind == "bullet":
            self.patch(block)
        elif (self.kind == "patch" and block.depth and self.open) or (self.open and self.open.role in ("item", "note")):
            self.open.blocks.append(block)
        elif block.kind == "bullet":
            self.bullet(block)
        elif block.depth and self.open and self.open.role == "bullet":
            self.open.blocks.append(block)
        else:
            self.prose(i, block)

    def begin(
        self,
        role: str,
        blocks: list[Block],
        section: tuple[str, ...] | None = None,
        head: Block | None = None,
        parent: int | None = None,
    ) -> None:
        """Open a piece in the current section or a given one."""
        section = self.section if section is None else section
        self.open = Open(role, blocks, section, self.kind_in(section), head, parent)

    def is_boilerplate(self, block: Block) -> bool:
        return any(re.search(pattern, block.text) for pattern in self.newsletter.boilerplate)

    def heading(self, i: int, block: Block) -> None:
        """Begin an item or a note, or enter a section."""
        self.close()
        self.announced = ""
        kind = headings.section_kind(self.newsletter, block.text)
        if kind == "note":
            self.levels.clear()
            self.section_blocks.append(block)
            self.begin("note", [], (), block)
        elif i in self.outline.items:
            self.begin("item", [], head=block)
        else:
            self.implied = ""
            while self.levels and self.levels[-1][0] >= block.depth:
                self.levels.pop()
            self.levels.append((block.depth, sentences.as_title(block.text)))
            self.section_blocks.append(block)
            self.patch_path.clear()

    def patch(self, block: Block) -> None:
        """Begin a patch; its parent is the nearest previous patch that is nested less deeply."""
        self.close()
        while self.patch_path and self.patch_path[-1][0] >= block.depth:
            self.patch_path.pop()
        parent = self.patch_path[-1][1] if self.patch_path else None
        self.patch_path.append((block.depth, len(self.pieces)))
        self.begin("patch", [block], parent=parent)

    def bullet(self, block: Block) -> None:
        """Begin an entry or continue one: a nested bullet without a link belongs to the bullet above it."""
        nested = self.open and self.open.role == "bullet" and block.depth > self.open.blocks[0].depth
        if self.open and nested and not any(block.links()):
            self.open.blocks.append(block)
            return
        self.close()
        section = (*self.section, self.announced) if self.announced else self.section
        self.begin("bullet", [block], section)

    def prose(self, i: int, block: Block) -> None:
        """Add a paragraph or quotation outside items: an introduction of a list, a change, or commentary."""
        self.close()
        blocks = self.outline.blocks
        after = blocks[i + 1] if i + 1 < len(blocks) else None
        self.announced = ""
        if block.kind == "paragraph" and after is not None and after.kind == "bullet" and self.kind != "patch":
            block = self.announcement(block)
            if not block.text:
                return
        if block.kind == "quote" and is_label(block):
            self.section_blocks.append(block)
            return
        quoted = block.kind == "quote" and not self.levels
        self.begin("change" if quoted else "commentary", [block])
        self.close()

    def announcement(self, block: Block) -> Block:
        """Split off the last sentence of a paragraph if it introduces the next list."""
        start = sentences.last_sentence(block)
        last = block.slice(start, len(block.text))
        if last.text.endswith((".", "!", "?")):
            return block
        self.announced = sentences.as_title(last.text)
        self.section_blocks.append(last)
        return block.slice(0, start)

    def close(self) -> None:
        """Finish the open piece."""
        if self.open is None:
            return
        ready, self.open = self.open, None
        if ready.role == "patch":
            self.pieces.append(self.as_patch(ready))
        elif ready.role == "item":
            self.pieces.append(as_item(ready))
        elif ready.blocks:
            self.pieces.append(as_prose(ready))
        elif ready.head is not None:
            self.problems.append(
                Problem(self.where, ready.head.line, f"There is no text below {cut(ready.head.text)!r}.")
            )

    def as_patch(self, ready: Open) -> Piece:
        """Return the patch in a bullet: "Author, [subject](url)"; a nested bullet inherits the author."""
        first, *rest = ready.blocks
        author, subject = author_and_subject(first)
        if author is None and ready.parent is not None:
            author = self.pieces[ready.parent].author
        url = first_link((subject, *rest))
        if url is None:
            self.problems.append(
                Problem(self.where, first.line, f"There is a patch without a link: {subject.text[:60]!r}")
            )
        return Piece(
            "patch", subject.text, tuple(ready.blocks), ready.section, ready.kind, url, author, ready.parent
        )  # fmt: skip


def author_and_subject(block: Block) -> tuple[str | None, Block]:
    """Return the author of a patch (None if the bullet has none), and the part of the bullet with its subject."""
    link = next(block.links(), None)
    if link is not None and link.start > 0:
        name = block.text[: link.start].strip().rstrip(",:").strip()
        if name and not name.startswith(("[", "(")):
            return name, block.slice(link.start, len(block.text))
    written = AUTHOR.match(block.text)
    if written and (link is None or written["subject"].startswith("[")):
        return written["author"].strip(), block.slice(written.start("subject"), len(block.text))
    return None, block


def as_item(ready: Open) -> Piece:
    """Return the item of a heading and its blocks; without a heading, the first sentence is the title."""
    if ready.head is None:
        return as_prose(ready)
    url = first_link((ready.head, *ready.blocks))
    return Piece("item", ready.head.text, tuple(ready.blocks), ready.section, ready.kind, url, head=ready.head)


def as_prose(ready: Open) -> Piece:
    """Return a bullet, change, note or commentary; its title is the first sentence."""
    first = ready.blocks[0]
    opening = first.slice(0, sentences.first_sentence(first))
    heads = (ready.head,) if ready.head else ()
    return Piece(
        ready.role,  # type: ignore[arg-type]
        sentences.as_title(opening.text),
        tuple(ready.blocks),
        ready.section,
        ready.kind,
        first_link((*heads, opening, *ready.blocks)),
        head=ready.head,
    )


def first_link(blocks: Sequence[Block]) -> str | None:
    """Return the URL of the first link in the blocks, or None."""
    return next((link.url for block in blocks for link in block.links()), None)


def is_label(block: Block) -> bool:
    """Return whether a quoted paragraph is only a label, such as the name of a subsystem."""
    return len(block.text.split()) <= MOST_LABEL_WORDS and not block.text.endswith((".", "!", "?"))
