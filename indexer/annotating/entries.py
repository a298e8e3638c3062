"""Turn pieces into entries, in reading order; each field has a module of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.annotating import links
from indexer.annotating.addresses import Addresses
from indexer.annotating.correcting import outcome_in, split_pieces, with_corrections
from indexer.annotating.kinds import kind_of, named_by_section
from indexer.annotating.people import people_of
from indexer.annotating.speakers import speaker_of
from indexer.annotating.topics import topics_of
from indexer.annotating.versions import versions_of
from indexer.dividing.locators import FEWEST_WORDS, UsedIds, ids, locators, slug
from indexer.kernel.facts import Facts
from indexer.kernel.identifiers import helpers_among, identifiers_in
from indexer.kernel.reading import FieldFacts, default_kind, field_facts
from indexer.kernel.versions import Reported
from indexer.model import Division, Document, Entry, Label, Newsletter, Piece, Posted, Problem
from indexer.profile.corrections import Change
from indexer.profile.profiles import Profile


@dataclass(frozen=True, slots=True)
class Context:
    """The issue-wide inputs for making entries.

    `page` is where it was published, if anywhere; `posted` are the days that it reports on. `facts` are those that
    concern the newsletter's profile.
    """

    newsletter: Newsletter
    label: Label
    date: datetime | None
    posted: Posted | None
    page: str | None
    profile: Profile
    facts: Facts
    addresses: Addresses
    corrections: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a piece (from 1), its id and locator, and its line in the source."""

    n: int
    id: str
    locator: str
    line: int


def enrich(document: Document, division: Division, context: Context) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Return an issue's annotated entries, and a problem for each link that could not be made.

    All fields except the links come from an entry's own words and the facts.
    """
    entries: list[Entry] = []
    known = places_in(division, context.newsletter, context.label)
    division, made_of = split_pieces(division, [place.id for place in known], context.corrections)
    places = placed(division, made_of, {place.id: place for place in known}, context)
    for piece, place in zip(division.pieces, places, strict=True):
        entries.append(entry_of(piece, place, context, entries[piece.parent] if piece.parent is not None else None))
    return links.linked(entries, document, division, context.newsletter, context.page, context.date)


def places_in(division: Division, newsletter: Newsletter, label: Label) -> list[Place]:
    """Return the position, id, locator and line of each piece."""
    found = locators(division.pieces)
    made = ids(newsletter.id, label, found)
    return [
        Place(n, made[n - 1], found[n - 1], (piece.head or piece.blocks[0]).line)
        for n, piece in enumerate(division.pieces, 1)
    ]


def placed(
    division: Division, made_of: Sequence[str | None], known: Mapping[str, Place], context: Context
) -> list[Place]:
    """Return the positions of pieces after splitting. The ids and locators of the other pieces do not change."""
    found: list[Place] = []
    taken = UsedIds(known)
    for n, (piece, entry) in enumerate(zip(division.pieces, made_of, strict=True), 1):
        if entry:
            found.append(replace(known[entry], n=n))
            continue
        base = f"{context.newsletter.id}/{context.label}/{slug(' '.join(piece.title.split()[:FEWEST_WORDS]))}"
        found.append(Place(n, taken.fresh(base), piece.title, piece.blocks[0].line))
    return found


def source_urls(document: Document, division: Division, newsletter: Newsletter, label: Label) -> dict[str, str | None]:
    """Return the source line URLs of the entries that `enrich` would return, by id, without making the entries."""
    places = places_in(division, newsletter, label)
    lines, _ = links.lines_of(document, [place.line for place in places])
    return {place.id: links.source_url(newsletter, label, line) for place, line in zip(places, lines, strict=True)}


def entry_of(piece: Piece, place: Place, context: Context, parent: Entry | None) -> Entry:
    """Return the entry of a piece without its links, with its manual correction if there is one."""
    made = annotated(piece, place, context, parent)
    change = context.corrections.get(place.id)
    if change is None:
        return made
    facts = context.facts
    default = next((each.id for each in facts.repositories.values() if each.default), "")
    if outcome := outcome_in(change, default):
        facts = replace(facts, outcomes=facts.outcomes | {place.id: outcome})
    titled = replace(piece, title=change.title or piece.title)
    return with_corrections(annotated(titled, place, replace(context, facts=facts), parent, change.kind), made, change)


def annotated(piece: Piece, place: Place, context: Context, parent: Entry | None, corrected_kind: str = "") -> Entry:
    """Return the entry of a piece without its links: kind, people, identifiers, versions and topics."""
    blocks = ((piece.head,) if piece.head else ()) + piece.blocks
    text = "\n".join(block.text for block in blocks)
    profile, newsletter = context.profile, context.newsletter
    names = identifiers_in(blocks if piece.role != "note" else piece.blocks)
    reports = newsletter.tracks and profile.patches
    fallback = default_kind(piece, helpers_among(names, text, context.facts)) if reports else ""
    kind = corrected_kind or kind_of(named_by_section(piece, newsletter, profile), profile, fallback)
    known = facts_of_field(piece, place, kind, names, text, context)
    searched = known.title if kind == "patch" else text
    topics = topics_of(known.title, searched, known.tree, known.named, profile.topics, parent)
    not_people = profile.words.not_people
    author = piece.author or (speaker_of(piece.title, not_people) if kind == "talk" else None)
    return Entry(
        newsletter=newsletter.id,
        issue=context.label,
        n=place.n,
        id=place.id,
        locator=place.locator,
        kind=kind,
        title=piece.title,
        body=body_of(piece),
        url=piece.url,
        author=author,
        people=people_of(author, context.facts.people, not_people),
        section=piece.section,
        parent=parent.id if parent else None,
        tree=known.tree,
        identifiers=names,
        helpers=known.helpers,
        names=known.names,
        facet=profile.version.id if profile.version else "",
        versions=known.versions,
        outcome=known.outcome,
        topics=topics,
        links=context.addresses.links((link.url for block in blocks for link in block.links()), context.date),
        blocks=piece.blocks,
        line=place.line,
    )


def facts_of_field(
    piece: Piece, place: Place, kind: str, names: Sequence[str], text: str, context: Context
) -> FieldFacts:
    """Return the field-specific facts about an entry, from the profile of its newsletter."""
    profile, posted = context.profile, context.posted if context.newsletter.tracks else None
    facet, products = profile.version, profile.words.products
    if facet is None:
        return FieldFacts(piece.title)
    if profile.patches:
        reported = Reported(posted, context.date)
        return field_facts(piece, place.id, kind, names, text, reported, context.facts, facet, products)
    day = posted.day if posted else None
    return FieldFacts(piece.title, versions=versions_of(text, kind, day, facet, products))


def body_of(piece: Piece) -> str:
    """Return the text of a piece: the subject of a patch, or else all blocks."""
    if piece.role == "patch":
        return "\n".join([piece.title, *(block.text for block in piece.blocks[1:])])
    return "\n".join(block.text for block in piece.blocks)
