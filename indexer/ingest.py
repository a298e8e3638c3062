"""One source to issues: read, told which issue it is, divided and enriched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date as day_type
from datetime import datetime, timedelta
from typing import TypeVar

from indexer.annotating.addresses import Addresses
from indexer.annotating.entries import Context, enrich, source_urls
from indexer.dividing import divide
from indexer.errors import BackissueError, ReaderFailed, UnknownIssue
from indexer.formats import read_source
from indexer.formats.dates import as_date, day_in, midnight
from indexer.formats.frontmatter import as_text
from indexer.kernel.versions import Posted
from indexer.model import Document, Entry, Issue, IssueKey, Label, Newsletter, Problem
from indexer.numbering import day_of, disagreements, given_label, is_numbered, named
from indexer.sources.archive import Archive, Source
from indexer.values import parts_of_url


@dataclass(frozen=True, slots=True)
class Told:
    """What the user says of a source, where the source itself does not: newsletter, issue label and date.

    `name` is the name that the source's file had, where it is kept under another.
    """

    newsletter: str | None = None
    label: Label | None = None
    date: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Which issue a source holds, when it appeared, and how many entries it has; nothing of what they say."""

    key: IssueKey
    date: datetime | None
    entries: int


Made = TypeVar("Made")
LONGEST_REASON = 200  # characters of a foreign exception in a message
NOTHING = Told()


def parse(raw: bytes, where: str, archive: Archive, told: Told = NOTHING) -> list[Issue]:
    """Return the issues that a source holds: one, but for a feed.

    Raises `UnreadableSource` where there is no issue text in it, and `UnknownIssue` where neither the source nor
    `told` says which issue it is and when it appeared.
    """
    digest = hashlib.sha256(raw).hexdigest()
    with contained(where):
        documents = documents_in(raw, where, archive, told)
        issues, left_out = each_of(lambda document: issue_of(document, where, digest, archive, told), documents)
        return [replace(issues[0], problems=(*issues[0].problems, *left_out)), *issues[1:]]


def summaries(raw: bytes, where: str, archive: Archive, told: Told = NOTHING) -> list[Summary]:
    """Return what `parse` would, in brief and sooner; raises what it does."""
    with contained(where):
        documents = documents_in(raw, where, archive, told)
        return each_of(lambda document: summary_of(document, where, archive, told), documents)[0]


def each_of(make: Callable[[Document], Made], documents: Sequence[Document]) -> tuple[list[Made], list[Problem]]:
    """Return what `make` returns for each document, and a problem for each on which it raised `UnknownIssue`.

    Raises the first of these errors where there is no other document.
    """
    made, errors = [], []
    for document in documents:
        try:
            made.append(make(document))
        except UnknownIssue as error:
            errors.append((document, error))
    if errors and not made:
        raise errors[0][1]
    return made, [
        Problem(document.where, 0, f"the item {document.title!r} was left out: {reason_of(error, document.where)}")
        for document, error in errors
    ]


def reason_of(error: UnknownIssue, where: str) -> str:
    return str(error).removeprefix(f"{where}: ")


def summary_of(document: Document, where: str, archive: Archive, told: Told) -> Summary:
    newsletter, label, date = which_issue(document, where, archive, told)
    return Summary(IssueKey(newsletter.id, label), date, len(divide(document, newsletter, where).pieces))


@contextmanager
def contained(where: str) -> Iterator[None]:
    """Raise any exception but ours, and but a lack of memory, as `ReaderFailed`: a bug costs one source at most."""
    try:
        yield
    except (BackissueError, MemoryError):
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
        raise ReaderFailed(f"{where}: reading it failed ({said}); please report this with the file") from error


def told_of(source: Source, archive: Archive) -> Told:
    """Return what is known of a kept source besides its text: its place, and what was said when it was added."""
    said = archive.told(source)
    return Told(source.key.newsletter, source.key.label, as_date(said.get("date")), as_text(said.get("name")))


def documents_in(raw: bytes, where: str, archive: Archive, told: Told) -> list[Document]:
    """Return the documents that are issues: the one that a source is, or those of a feed whose newsletter is known."""
    documents = read_source(raw, where)
    known = documents if len(documents) == 1 else [d for d in documents if which_newsletter(d, archive, told)]
    if not known:
        raise UnknownIssue(f"{where}: no item of the feed is an issue of a newsletter that the archive knows")
    return known


def issue_of(document: Document, where: str, digest: str, archive: Archive, told: Told) -> Issue:
    """Return the issue that a document is."""
    newsletter, label, date = which_issue(document, where, archive, told)
    facts = newsletter.issues.get(label)
    page = (facts and facts.page) or absolute(document.page) or page_of(newsletter, label, date)
    division = divide(document, newsletter, where)
    addresses = Addresses(archive.rewrites, archive.newsletters.values())
    context = Context(
        newsletter,
        label,
        date,
        posted(newsletter, label, date),
        page,
        archive.facts,
        archive.topics,
        addresses,
        archive.words,
    )
    entries, unlinked = enrich(document, division, context)
    if document.edition == "original":
        entries = with_known_lines(entries, archive)
    others = disagreements(document, label, date.date() if date else None, told.name or where, newsletter, where)
    problems = (*document.problems, *division.problems, *unlinked, *overruled(document, told, where), *others)
    if date is None:
        problems += (
            Problem(where, 0, "Nothing says when this issue appeared, so it is undated. Add --date YYYY-MM-DD."),
        )
    if not entries:
        problems += (Problem(where, 0, "no entries were found in it"),)
    return Issue(
        newsletter.id, label, titled(document, newsletter, label), date, page, document.edition,
        entries, division, problems, digest,
    )  # fmt: skip


def posted(newsletter: Newsletter, label: Label, date: datetime | None) -> Posted | None:
    """Return the days that an issue reports on: from the issue before, or from when that should have appeared."""
    if date is None:
        return None
    known = newsletter.issues.get(label - 1) if isinstance(label, int) else None
    day = known.date if known and known.date and known.date < date.date() else None
    expected = date.date() - min(timedelta(days=newsletter.every), date.date() - day_type.min)
    return Posted(day or expected, date.date())


def which_issue(
    document: Document, where: str, archive: Archive, told: Told
) -> tuple[Newsletter, Label, datetime | None]:
    """Return which newsletter's issue a document is, its label, and when it appeared, None where nothing says so."""
    name = which_newsletter(document, archive, told)
    if not name:
        raise UnknownIssue(
            f"{where}: nothing in it names a newsletter that the archive knows; say it with --newsletter NAME"
        )
    if document.newsletter and document.newsletter != name:
        raise UnknownIssue(f"{where}: it says itself that it is of {document.newsletter}, not of {name}")
    newsletter = archive.newsletter(name)
    own = document.label if document.label is not None else label_in(document, newsletter)
    if told.label is not None and own is not None and told.label != own:
        raise UnknownIssue(f"{where}: it says itself that it is issue {own}, not {told.label}")
    file = named(told.name or where, newsletter)
    date = document.date or told.date or midnight(file.day or day_in(document.title))
    label = next((each for each in (own, told.label, file.label) if each is not None), None)
    day = file.day or (date.date() if date else None)
    if label is None and day and (newsletter.first is None or not is_numbered(newsletter)):
        label = day.isoformat()
    if label is None:
        raise UnknownIssue(
            f"{where}: it has no issue number in front matter, title or address; say it with --issue NUMBER"
        )
    return newsletter, label, date or midnight(day_of(label, newsletter))


def overruled(document: Document, told: Told, where: str) -> tuple[Problem, ...]:
    """Return a problem where the source has another date than the one that was given for it."""
    if not told.date or not document.date or told.date.date() == document.date.date():
        return ()
    return (Problem(where, 0, f"it says itself that it is of {document.date:%Y-%m-%d}, which was taken"),)


def which_newsletter(document: Document, archive: Archive, told: Told) -> str | None:
    """Return the id of the newsletter that a document is an issue of, None where nothing says so."""
    if told.newsletter or document.newsletter:
        return told.newsletter or document.newsletter
    known = archive.newsletters.values()
    return next((newsletter.id for newsletter in known if label_in(document, newsletter) is not None), None)


def label_in(document: Document, newsletter: Newsletter) -> Label | None:
    """Return the label in a document's title or address, by the newsletter's own patterns."""
    for text in (document.title, document.page):
        for pattern in newsletter.titles:
            if match := re.search(pattern, text):
                return given_label(match["number"])
    return None


def titled(document: Document, newsletter: Newsletter, label: Label) -> str:
    """Return the title of an issue; one that does not name a newsletter that the archive knows gets its name."""
    if not document.title:
        return f"{newsletter.name} {label}"
    known = newsletter.name != newsletter.id
    names_it = newsletter.name.casefold() in document.title.casefold() or label_in(document, newsletter) is not None
    return document.title if names_it or not known else f"{newsletter.name}: {document.title}"


def page_of(newsletter: Newsletter, label: Label, date: datetime | None) -> str | None:
    """Return where an issue was published by the pattern of its newsletter's table, None where that cannot say."""
    if date is None and "{date" in newsletter.page:
        return None
    return newsletter.page.format(number=label, date=date) or None


def absolute(page: str) -> str | None:
    """Return the address of a page, None for a path without a host."""
    return page if parts_of_url(page).scheme in ("http", "https") else None


def with_known_lines(entries: tuple[Entry, ...], archive: Archive) -> tuple[Entry, ...]:
    """Return an original's entries with the lines of the pinned source that the retold issue gives, by their ids.

    A page, a plain text or another version of the source has lines of its own, which are not those.
    """
    retold = archive.retold().get(entries[0].issue_key) if entries else None
    if retold is None:
        return entries
    known = known_lines(retold, archive)
    return tuple(replace(entry, source_url=known.get(entry.id)) for entry in entries)


def known_lines(retold: Source, archive: Archive) -> dict[str, str | None]:
    """Return the line of the pinned source that a retold issue gives for each of its entries, by their ids."""
    known: dict[str, str | None] = {}
    for document in documents_in(retold.path.read_bytes(), retold.path.name, archive, NOTHING):
        newsletter, label, _ = which_issue(document, retold.path.name, archive, NOTHING)
        known |= source_urls(document, divide(document, newsletter, retold.path.name), newsletter, label)
    return known
