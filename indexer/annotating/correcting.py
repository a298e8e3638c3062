"""Apply manual corrections: split pieces, and record the corrected fields of an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.model import BY_HAND, Correction, Division, Entry, Outcome, Piece, Problem, Version
from indexer.profile.corrections import Change

CORRECTED = ("kind", "title", "versions", "outcome")
LONGEST_TITLE = 200


def outcome_in(change: Change, default: str) -> Outcome | None:
    """Return the outcome in a correction, or None. `default` is the repository if it names none."""
    if not change.outcome:
        return None
    repository = change.repository or (default if change.commit or change.release else "")
    return Outcome(
        change.entry, change.outcome, change.commit, repository, change.release, f"corrected by hand: {change.reason}",
        BY_HAND,
    )  # fmt: skip


def with_corrections(entry: Entry, before: Entry, change: Change) -> Entry:
    """Return an entry with its corrected versions, and the list of its fields that differ from those before."""
    if change.versions:
        evidence = f"corrected by hand: {change.reason}"
        entry = replace(
            entry, versions=tuple(Version(each, "stated", evidence, change.source) for each in change.versions)
        )
    made = tuple(
        Correction(field, in_words(getattr(before, field)), change.reason, change.source)
        for field in CORRECTED
        if getattr(entry, field) != getattr(before, field)
    )
    return replace(entry, corrections=made)


def in_words(value: object) -> str:
    """Return a field's value as text."""
    if isinstance(value, Outcome):
        return value.outcome
    if isinstance(value, tuple):
        return ", ".join(f"{each.version} ({each.how})" for each in value)
    return str(value or "")


def split_pieces(
    division: Division, ids: Sequence[str], changes: Mapping[str, Change]
) -> tuple[Division, list[str | None]]:
    """Divide pieces at the openings in corrections. Return the division, and the id of each piece (None for new)."""
    if not any(changes[entry].split for entry in ids if entry in changes):
        return division, list(ids)
    pieces: list[Piece] = []
    found: list[str | None] = []
    places: list[int] = []
    for entry, piece in zip(ids, division.pieces, strict=True):
        places.append(len(pieces))
        parent = places[piece.parent] if piece.parent is not None else None
        parts = list(parts_of(replace(piece, parent=parent), changes[entry].split if entry in changes else ()))
        pieces += parts
        found += [entry, *[None] * (len(parts) - 1)]
    return replace(division, pieces=tuple(pieces)), found


def parts_of(piece: Piece, openings: Sequence[str]) -> Iterator[Piece]:
    """Yield a piece up to the first opening, then a piece for each opening that its text has."""
    blocks = list(piece.blocks)
    for opening in openings:
        at = next(((i, block.text.find(opening)) for i, block in enumerate(blocks) if opening in block.text), None)
        if at is None or not opening:
            continue
        i, start = at
        above = [*blocks[:i], *([blocks[i].slice(0, start)] if blocks[i].text[:start].strip() else [])]
        if not above:
            continue
        yield replace(piece, blocks=tuple(above))
        blocks = [blocks[i].slice(start, len(blocks[i].text)), *blocks[i + 1 :]]
        piece = replace(piece, title=title_of(blocks[0].text), url=None, head=None)
        piece = replace(piece, url=next((link.url for block in blocks for link in block.links()), None))
    yield replace(piece, blocks=tuple(blocks))


def title_of(text: str) -> str:
    """Return the first sentence of a text."""
    sentence, stop, _ = text.partition(". ")
    return (sentence + stop.strip() if stop else text).rstrip(".")[:LONGEST_TITLE]


def unmatched(
    entries: Sequence[Entry], changes: Mapping[str, Change], prefix: str, where: str, is_kind: Callable[[str], bool]
) -> Iterator[Problem]:
    """Yield a problem for each correction that names a missing entry, an unknown kind, or a text that is not there."""
    bodies = {entry.id: entry.body for entry in entries}
    for change in changes.values():
        if not change.entry.startswith(prefix):
            continue
        if change.entry not in bodies:
            yield Problem(where, 0, f"A correction names {change.entry}, but there is no such entry.")
        elif change.kind and not is_kind(change.kind):
            yield Problem(where, 0, f"The correction of {change.entry} names the unknown kind {change.kind!r}.")
        elif missing := [each for each in change.split if not any(each in body for body in bodies.values())]:
            yield Problem(
                where,
                0,
                f"The correction of {change.entry} splits at {missing[0]!r}, but the entry does not contain it.",
            )
