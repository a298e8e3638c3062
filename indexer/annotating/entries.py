"""Turn pieces into entries, in reading order; each field has a module of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.annotating import links
from indexer.annotating.addresses import Addresses
from indexer.annotating.kinds import kind_of
from indexer.annotating.people import people_of
from indexer.annotating.speakers import speaker_of
from indexer.annotating.topics import topics_of
from indexer.dividing.locators import ids, locators
from indexer.kernel import versions as kernels
from indexer.kernel.facts import Facts
from indexer.kernel.features import Feature, features_told
from indexer.kernel.identifiers import helpers_among, identifiers_in
from indexer.kernel.subjects import parse_subject
from indexer.model import Division, Document, Entry, Label, Name, Newsletter, Piece, Problem
from indexer.profile.newsletters import Topic, Words

REPORTING = ("helper", "feature")  # kinds of entries that report merged or upcoming changes
INTRODUCING = ("helper", "feature", "patch")  # kinds of entries that announce something new


@dataclass(frozen=True, slots=True)
class Context:
    """The issue-wide inputs for making entries.

    `page` is the issue's URL, if it has one; `posted` are the days that it covers.
    """

    newsletter: Newsletter
    label: Label
    date: datetime | None
    posted: kernels.Posted | None
    page: str | None
    facts: Facts
    topics: Sequence[Topic]
    addresses: Addresses
    words: Words


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
    for piece, place in zip(division.pieces, places_in(division, context.newsletter, context.label), strict=True):
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


def source_urls(document: Document, division: Division, newsletter: Newsletter, label: Label) -> dict[str, str | None]:
    """Return the source line URLs of the entries that `enrich` would return, by id, without making the entries."""
    places = places_in(division, newsletter, label)
    lines, _ = links.lines_of(document, [place.line for place in places])
    return {place.id: links.source_url(newsletter, label, line) for place, line in zip(places, lines, strict=True)}


def entry_of(piece: Piece, place: Place, context: Context, parent: Entry | None) -> Entry:
    """Return the entry of a piece without its links: kind, people, identifiers, versions and topics."""
    blocks = ((piece.head,) if piece.head else ()) + piece.blocks
    body = body_of(piece)
    text = "\n".join(block.text for block in blocks)
    facts, newsletter = context.facts, context.newsletter
    names = identifiers_in(blocks if piece.role != "note" else piece.blocks)
    helpers = helpers_among(names, text, facts)
    kind = kind_of(piece, helpers, tracks_kernel=newsletter.tracks_kernel)
    subject = parse_subject(piece.title)
    introduces = kernels.introduced(subject, names, context.date, facts) if kind in INTRODUCING else []
    is_patch = kind == "patch"
    told = features_told(piece.title, facts.features) if kind in REPORTING else []
    introduces += [facts.landings[each.name] for each in told]
    outcome = facts.outcome(place.id) if is_patch else None
    tree = subject.tree if is_patch else None
    title = subject.words if is_patch else piece.title
    named = [landing.kind for name in names if (landing := facts.landing(name))] + ["helper"] * bool(helpers)
    topics = topics_of(title, title if is_patch else text, tree, named, context.topics, parent)
    author = piece.author or (speaker_of(piece.title, context.words.not_people) if kind == "talk" else None)
    return Entry(
        newsletter=newsletter.id,
        issue=context.label,
        n=place.n,
        id=place.id,
        locator=place.locator,
        kind=kind,
        title=piece.title,
        body=body,
        url=piece.url,
        author=author,
        people=people_of(author, facts.people, context.words.not_people),
        section=piece.section,
        parent=parent.id if parent else None,
        tree=tree,
        identifiers=names,
        helpers=helpers,
        names=(*renamed(names, facts), *called(piece.title, told)),
        kernel=kernels.versions(
            text, subject if is_patch else None, context.posted, introduces, outcome, facts, context.words.products
        )
        if newsletter.tracks_kernel
        else (),
        outcome=outcome,
        topics=topics,
        links=context.addresses.links((link.url for block in blocks for link in block.links()), context.date),
        blocks=piece.blocks,
        line=place.line,
    )


def body_of(piece: Piece) -> str:
    """Return the text of a piece: the subject of a patch, or else all blocks."""
    if piece.role == "patch":
        return "\n".join([piece.title, *(block.text for block in piece.blocks[1:])])
    return "\n".join(block.text for block in piece.blocks)


def called(title: str, told: Iterable[Feature]) -> Iterator[Name]:
    """Yield the identifiers that a title describes in words: XDP_REDIRECT for "XDP redirect series"."""
    for each in told:
        match = each.words.search(title.casefold()) if each.words else None
        if match and each.name.isidentifier():
            written = title[match.start() : match.end()]
            yield Name(written, each.name, f"the series added it, commit {each.commit}")


def renamed(names: Sequence[str], facts: Facts) -> tuple[Name, ...]:
    """Return the identifiers that have another name in the kernel, with the reason."""
    found = []
    for name in names:
        alias = facts.aliases.get(name)
        if alias and alias.canonical:
            found.append(Name(name, alias.canonical, alias.why))
    return tuple(found)
