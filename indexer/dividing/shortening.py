"""Shorten titles and section names that are longer than any real one. No word is lost."""

from __future__ import annotations

from dataclasses import replace

from indexer.model import Block, Division, Piece

LONGEST = 500  # characters of a title or section name; the longest heading in 552 issues has 127
LONGEST_AUTHOR = 200


def shortened(division: Division) -> Division:
    """Return a division whose titles, section names and authors are bounded.

    What was cut stays in the body of its entry. A section name that is too long becomes an entry at the end.
    """
    names = [block for block in division.sections if len(block.text) > LONGEST]
    pieces = [*map(with_short_fields, division.pieces), *map(as_entry, names)]
    kept = tuple(block for block in division.sections if len(block.text) <= LONGEST)
    return replace(division, pieces=tuple(pieces), sections=kept)


def with_short_fields(piece: Piece) -> Piece:
    """Return a piece whose title, section names and author are bounded; its blocks have all its words."""
    if any(len(name) > LONGEST for name in piece.section):
        piece = replace(piece, section=tuple(map(cut, piece.section)))
    if len(piece.title) <= LONGEST and len(piece.author or "") <= LONGEST_AUTHOR:
        return piece
    blocks = (replace(piece.head, kind="paragraph", depth=0), *piece.blocks) if piece.head else piece.blocks
    author = piece.author if len(piece.author or "") <= LONGEST_AUTHOR else None
    # The body of a patch is its title, and an item is located by its whole title.
    role = "bullet" if piece.role in ("patch", "item") else piece.role
    return replace(piece, role=role, title=cut(piece.title), author=author, blocks=blocks, head=None)


def as_entry(name: Block) -> Piece:
    return Piece("commentary", cut(name.text), (replace(name, kind="paragraph", depth=0),))


def cut(text: str) -> str:
    """Return a text of at most `LONGEST` characters, cut between words if these are not too long."""
    if len(text) <= LONGEST:
        return text
    opening = text[: LONGEST - 1]
    words = opening.rpartition(" ")[0]
    return f"{words if len(words) > LONGEST // 2 else opening}…"
