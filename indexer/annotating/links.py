"""Links to an entry: the page with a text fragment, the source line, and the archived copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from indexer.annotating.addresses import archived
from indexer.annotating.fragments import Directive, PageText, directives
from indexer.model import Block, Division, Document, Entry, Label, Newsletter, Piece, Problem

SOURCE_LINE = "https://github.com/{}/blob/{}/{}?plain=1#L{}"


def linked(
    entries: Sequence[Entry],
    document: Document,
    division: Division,
    newsletter: Newsletter,
    page: str | None,
    date: datetime | None,
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Return an issue's entries with their links, and a problem for each link that could not be made."""
    lines, wrong = lines_of(document, [entry.line for entry in entries])
    fragments = fragments_of(document, division, entries)
    copy = archived(page, date) if page else None
    made = tuple(
        replace(
            entry,
            original_url=f"{page}#:~:{fragment}" if page and fragment else page,
            source_url=source_url(newsletter, entry.issue, line),
            archived_url=f"{copy}#:~:{fragment}" if copy is not None and fragment else copy,
        )
        for entry, line, fragment in zip(entries, lines, fragments, strict=True)
    )
    lost = [
        Problem(str(entry.issue_key), entry.line, f"No text fragment selects {entry.locator!r}.")
        for entry, fragment in zip(entries, fragments, strict=True)
        if page and not fragment
    ]
    return made, (*wrong, *lost)


def lines_of(document: Document, own: Sequence[int]) -> tuple[Sequence[int], tuple[Problem, ...]]:
    """Return each entry's line in the original's source: listed in a retold issue, `own` in an original."""
    listed = document.original_lines
    if document.edition == "original":
        return own, ()
    if len(listed) == len(own):
        return listed, ()
    wrong = (Problem(document.where, 1, f"original_lines lists {len(listed)} lines for {len(own)} entries."),)
    return [0] * len(own), wrong if listed else ()


def fragments_of(document: Document, division: Division, entries: Sequence[Entry]) -> list[str | None]:
    """Return the text directive of each entry, computed from an original's text or listed in a retold issue.

    A retold issue lists only the directives that need more than the locator.
    """
    if document.edition == "retold":
        listed = document.original_fragments
        return [listed.get(entry.n) or Directive(entry.locator).encoded() for entry in entries]
    openings = [(head_of(piece).text, entry.locator) for piece, entry in zip(division.pieces, entries, strict=True)]
    found = directives(PageText(block.text for block in document.blocks), openings)
    return [directive.encoded() if directive else None for directive in found]


def head_of(piece: Piece) -> Block:
    """Return the block that contains the title of a piece."""
    return piece.head if piece.head and piece.role == "item" else piece.blocks[0]


def source_url(newsletter: Newsletter, label: Label, line: int) -> str | None:
    """Return the URL of a source line at the commit pinned in the newsletter's table, or None."""
    facts = newsletter.issues.get(label)
    if facts is None or not facts.source_path or not line:
        return None
    return SOURCE_LINE.format(newsletter.repository, newsletter.commit, facts.source_path, line)
