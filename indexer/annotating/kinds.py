"""Determine the kind of an entry from its position in the issue, its words and its links."""

from __future__ import annotations

from dataclasses import replace

from indexer.dividing.headings import is_known_section
from indexer.model import Newsletter, Piece
from indexer.profile.profiles import Profile


def named_by_section(piece: Piece, newsletter: Newsletter, profile: Profile) -> Piece:
    """Return a piece with the kind that the name of its innermost section implies, if the table does not have it."""
    if newsletter.dividing == "by table" or not piece.section or is_known_section(newsletter, piece.section[-1]):
        return piece
    implied = profile.kind_of_section(piece.section[-1])
    return replace(piece, kind=implied.id) if implied else piece


def kind_of(piece: Piece, profile: Profile, fallback: str = "") -> str:
    """Return the kind of a piece. `fallback` is the field's default if its position does not determine one."""
    if piece.role in ("patch", "note", "commentary"):
        return piece.role
    if piece.role == "item":
        return kind_of_item(piece, profile)
    pointed = profile.kind_of_link(piece.url or "") if piece.kind == profile.bullet else None
    return pointed.id if pointed else piece.kind or fallback or kind_by_link(piece.url, profile)


def kind_of_item(piece: Piece, profile: Profile) -> str:
    """Return the kind of a headed item: its section's, unless that is the default and its links imply another.

    Only the heading's link or an only link counts, except for kinds whose links count everywhere.
    """
    pointed = profile.kind_of_link(piece.url or "")
    if pointed and not pointed.everywhere and not is_about_link(piece):
        pointed = None
    if pointed and piece.kind in (None, profile.item):
        return pointed.id
    if piece.kind:
        return piece.kind
    texts = [block.text for block in piece.blocks[:1]]
    said = (each.id for each in profile.kinds.values() if each.text and any(map(each.text.search, texts)))
    return next(said, profile.item)


def is_about_link(piece: Piece) -> bool:
    """Return whether a headed item is about its link: the link is in the heading, or the only one."""
    heads = (piece.head,) if piece.head else ()
    urls = {link.url for block in (*heads, *piece.blocks) for link in block.links()}
    return urls == {piece.url} or any(link.url == piece.url for block in heads for link in block.links())


def kind_by_link(url: str | None, profile: Profile) -> str:
    """Return the kind that a link implies by its type, or else the default kind for links."""
    if not url:
        return profile.unlinked
    pointed = profile.kind_of_link(url)
    return pointed.id if pointed else profile.bullet
