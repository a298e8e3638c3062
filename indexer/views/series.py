"""A series of patches from its first version to its last, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.kernel.series import heads_of
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.records import from_stored
from indexer.storage.index import Index
from indexer.views.backlinks import linking_to
from indexer.views.briefs import Brief, brief, briefs, holding
from indexer.views.first_releases import Landing, landing_of
from indexer.views.identifier_lookup import Names
from indexer.views.merge_reports import Reports

# The kinds of entries that tell of what became of a series.
TELLING = ("helper", "feature", "note", "commentary")
MOST_HOLDERS = 12  # entries that have a name; one that more have says little of any of them


@dataclass(frozen=True, slots=True)
class SeriesVersion:
    """A version of a series as an issue has it: its cover, None where it has none, and the patches in order."""

    version: int
    rfc: bool
    issue: str
    date: str
    tree: str | None
    cover: Brief | None
    patches: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An entry that tells of a series, and how that is known."""

    entry: Brief
    why: str


@dataclass(frozen=True, slots=True)
class SeriesLanding:
    """Where a name landed that a series introduces, and which of its patches introduces it."""

    landing: Landing
    why: str


@dataclass(frozen=True, slots=True)
class SeriesAbout:
    """A series by its author, its people and its subject in its last version, its versions from the oldest on."""

    id: str
    author: str | None
    people: tuple[str, ...]
    subject: str
    versions: tuple[SeriesVersion, ...]
    outcomes: tuple[Outcome, ...]
    landings: tuple[SeriesLanding, ...]


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """A series by its id, its author, people and subject in its last version, its versions, how many entries it has."""

    id: str
    author: str | None
    people: tuple[str, ...]
    subject: str
    versions: tuple[int, ...]
    entries: int


def all_series(index: Index) -> tuple[SeriesCount, ...]:
    """Return all series, by their ids."""
    return index.once(counts)


def counts(index: Index) -> tuple[SeriesCount, ...]:
    return tuple(count_of(index, series_id) for series_id in index.values("series").names)


def count_of(index: Index, series_id: str) -> SeriesCount:
    """Return a series as a list has it, by the first patch or cover of its last version."""
    patches = briefs(index, holding(index, "series", series_id))
    newest = max(patches, key=lambda each: (each.date, each.version or 1))
    subject = parse_subject(newest.title).words
    versions = tuple(sorted({each.version or 1 for each in patches}))
    return SeriesCount(series_id, newest.author, newest.people, subject, versions, len(patches))


def series_of(index: Index, series_id: str) -> SeriesAbout | None:
    """Return the story of a series, None where there is no such series."""
    if series_id not in index.values("series").names:
        return None
    docs = holding(index, "series", series_id).tolist()
    versions = tuple(sorted(postings(index, docs), key=lambda each: (each.date, each.version, not each.rfc)))
    last = versions[-1].cover or versions[-1].patches[0]
    return SeriesAbout(
        id=series_id,
        author=last.author,
        people=last.people,
        subject=parse_subject(last.title).words,
        versions=versions,
        outcomes=tuple(outcomes(index, docs)),
        landings=tuple(landings(index, docs)),
    )


def postings(index: Index, docs: Iterable[int]) -> Iterator[SeriesVersion]:
    """Yield each time that a series was posted: its first patch or cover, and those that go on with it."""
    entries = {doc: from_stored(index.stored(doc)) for doc in docs}
    of_issues: dict[int, list[Entry]] = {}
    for entry in entries.values():
        of_issues.setdefault(entry.issue, []).append(entry)
    heads = {head.id for of_issue in of_issues.values() for head in heads_of(of_issue)}
    posted: list[list[int]] = []
    for doc, entry in entries.items():
        if entry.id in heads or not posted:
            posted.append([])
        posted[-1].append(doc)
    for each in posted:
        yield posting(briefs(index, each))


def posting(patches: Sequence[Brief]) -> SeriesVersion:
    """Return a posting by its patches in order, the first of which may be the cover of the others."""
    first = patches[0]
    subject = parse_subject(first.title)
    covers = subject.number == 0 or any(patch.parent == first.id for patch in patches)
    return SeriesVersion(
        version=first.version or subject.version,
        rfc=subject.rfc,
        issue=first.issue,
        date=first.date,
        tree=first.tree,
        cover=first if covers else None,
        patches=tuple(patches[1:] if covers else patches),
    )


def outcomes(index: Index, docs: Sequence[int]) -> Iterator[Outcome]:
    """Yield what tells of a series in its issues or later ones, in reading order: by a link, a subject, or a name."""
    whys: dict[int, str] = {}
    for doc in docs:
        patch = brief(index, doc)
        for teller in linking_to(index, patch.url) if patch.url else ():
            whys.setdefault(teller, f"links to {patch.title}")
    for teller in index.once(merged).of.get(brief(index, docs[0]).series or "", ()):
        whys.setdefault(teller, "says that it was merged")
    for name, holders in shared(index, docs):
        for teller in holders:
            whys.setdefault(teller, f"names {name}, as the series does")
    telling = index.marked("kind", TELLING)
    since = index.days[docs[0]]
    for teller in sorted(whys):
        if telling[teller] and index.days[teller] >= since:
            yield Outcome(brief(index, teller), whys[teller])


def merged(index: Index) -> Reports:
    """Return the reports that series were merged."""
    return Reports(index, TELLING)


def shared(index: Index, docs: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Yield the names that patches mention, those that they introduce first, each with the other entries that do.

    A name that many others mention is left out.
    """
    names = index.once(Names)
    introduced = [name for doc in docs for name in names.introduced.get(doc, ())]
    for name in dict.fromkeys((*introduced, *(name for doc in docs for name in names.of(doc)))):
        others = [doc for doc in names.mentioned[name] if doc not in docs]
        if len(others) <= MOST_HOLDERS:
            yield name, others


def landings(index: Index, docs: Iterable[int]) -> Iterator[SeriesLanding]:
    """Yield where the names landed that a series introduces, each once, by the first patch that does."""
    introduced = index.once(Names).introduced
    first = {name: doc for doc in reversed(list(docs)) for name in introduced.get(doc, ())}
    for name, doc in sorted(first.items(), key=lambda pair: pair[1]):
        if landing := landing_of(index, name):
            yield SeriesLanding(landing, f"{brief(index, doc).title} introduces it")
