"""Turn one source into issues: read, identify, divide, annotate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date as day_type
from datetime import datetime, timedelta
from typing import TypeVar

from indexer.annotating.addresses import Addresses
from indexer.annotating.correcting import unmatched
from indexer.annotating.entries import Context, enrich, source_urls
from indexer.dividing import divide
from indexer.errors import BackissueError, UnknownIssue
from indexer.formats import read_source
from indexer.formats.bounds import few
from indexer.formats.contained import contained
from indexer.formats.dates import as_date, day_in, midnight
from indexer.formats.frontmatter import as_text
from indexer.formats.several import each_apart
from indexer.model import Document, Entry, Issue, IssueKey, Label, Newsletter, Posted, Problem
from indexer.numbering import day_of, disagreements, given_label, is_numbered, named, with_usual_patterns
from indexer.sources.archive import Archive, Source
from indexer.values import parts_of_url


@dataclass(frozen=True, slots=True)
class Hints:
    """Facts that the user stated about a source: newsletter, issue label and date. The source itself takes precedence.

    `name` is the original file name, if the source is stored under another.
    """

    newsletter: str | None = None
    label: Label | None = None
    date: datetime | None = None
    name: str = ""


Made = TypeVar("Made")
NOTHING = Hints()
MOST_OPENING = 4  # blocks before an issue's first item
SHORT = 8  # words of a line with the date


def parse(raw: bytes, where: str, archive: Archive, hints: Hints = NOTHING) -> list[Issue]:
    """Return the issues in a source: one, or several for a feed.

    Raises `UnreadableSource` if it has no issue text, and `UnknownIssue` if neither the source nor `hints` says
    which issue it is and when it appeared.
    """
    return [issue for _, issue in with_documents(raw, where, archive, hints)]


def with_documents(raw: bytes, where: str, archive: Archive, hints: Hints = NOTHING) -> list[tuple[Document, Issue]]:
    """Return the issues in a source as `parse` does, each with the document that it was made of."""
    digest = hashlib.sha256(raw).hexdigest()
    with contained(where):
        documents = documents_in(raw, where, archive, hints)
        made, left_out = each_of(
            lambda document: (document, issue_of(document, where, digest, archive, hints)), documents, where
        )
        document, issue = made[0]
        return [(document, replace(issue, problems=(*issue.problems, *left_out))), *made[1:]]


def parse_document(document: Document, raw: bytes, where: str, archive: Archive, hints: Hints) -> Issue:
    """Return the issue in a document that was read from `raw`, as `parse` does."""
    with contained(where):
        return issue_of(document, where, hashlib.sha256(raw).hexdigest(), archive, hints)


def each_of(
    make: Callable[[Document], Made], documents: Sequence[Document], where: str
) -> tuple[list[Made], list[Problem]]:
    """Apply `make` to each document; return the results, and a problem for each that is no issue or cannot be read.

    Raises the first error if every document failed, and `TookTooLong` if several exceed the limit on CPU time.
    """
    made: list[Made] = []
    errors: list[tuple[Document, BackissueError]] = []
    for document, result in each_apart(make, documents, where):
        if isinstance(result, BackissueError):
            errors.append((document, result))
        else:
            made.append(result)
    if errors and not made:
        raise errors[0][1]
    return made, few(
        [
            Problem(document.where, 0, f"The item {document.title!r} was left out: {reason_of(error, document.where)}")
            for document, error in errors
        ]
    )


def reason_of(error: BackissueError, where: str) -> str:
    return str(error).removeprefix(f"{where}: ")


def hints_for(source: Source, archive: Archive) -> Hints:
    """Return what is known about a stored source besides its text: its key, and what was stated when it was added."""
    return hints_with(source.key, archive.hints(source))


def hints_with(key: IssueKey, said: Mapping[str, object]) -> Hints:
    """Return what is known about a stored source, from its key and the facts stored next to it."""
    return Hints(key.newsletter, key.label, as_date(said.get("date")), as_text(said.get("name")))


def documents_in(raw: bytes, where: str, archive: Archive, hints: Hints) -> list[Document]:
    """Return the documents of a source that are issues: one, or the items of a feed from a known newsletter."""
    documents = read_source(raw, where)
    known = documents if len(documents) == 1 else [d for d in documents if which_newsletter(d, archive, hints)]
    if not known:
        raise UnknownIssue(
            f"{where}: No item of the feed is an issue of a known newsletter. Name it with --newsletter."
        )
    return known


def issue_of(document: Document, where: str, digest: str, archive: Archive, hints: Hints) -> Issue:
    """Divide and annotate a document."""
    newsletter, label, date = which_issue(document, where, archive, hints)
    facts = newsletter.issues.get(label)
    page = (facts and facts.page) or absolute(document.page) or page_of(newsletter, label, date)
    division = divide(document, newsletter, where)
    profile = archive.profile(newsletter.profile)
    addresses = Addresses(archive.rewrites, archive.newsletters.values())
    context = Context(
        newsletter,
        label,
        date,
        posted(newsletter, label, date),
        page,
        profile,
        archive.facts_of(profile),
        addresses,
        archive.corrections,
    )
    entries, unlinked = enrich(document, division, context)
    if document.edition == "original":
        entries = with_known_lines(entries, archive)
    others = disagreements(document, label, date.date() if date else None, hints.name or where, newsletter, where)
    wrong = unmatched(entries, archive.corrections, f"{newsletter.id}/{label}/", where, profile.kinds.__contains__)
    problems = (*document.problems, *division.problems, *unlinked, *overruled(document, hints, where), *others, *wrong)
    if date is None:
        problems += (
            Problem(where, 0, "Nothing says when this issue appeared, so it is undated. Add --date YYYY-MM-DD."),
        )
    if not entries:
        problems += (Problem(where, 0, "No entries were found in this issue."),)
    return Issue(
        newsletter.id, label, titled(document, newsletter, label), date, page, document.edition,
        entries, division, problems, digest,
    )  # fmt: skip


def posted(newsletter: Newsletter, label: Label, date: datetime | None) -> Posted | None:
    """Return the days that an issue covers: since the previous issue, or since the day it should have appeared."""
    if date is None:
        return None
    known = newsletter.issues.get(label - 1) if isinstance(label, int) else None
    day = known.date if known and known.date and known.date < date.date() else None
    expected = date.date() - min(timedelta(days=newsletter.every), date.date() - day_type.min)
    return Posted(day or expected, date.date())


def which_issue(
    document: Document, where: str, archive: Archive, hints: Hints
) -> tuple[Newsletter, Label, datetime | None]:
    """Return the newsletter, label and date of a document; the date is None if unknown."""
    name = which_newsletter(document, archive, hints)
    if not name:
        raise UnknownIssue(f"{where}: The file does not name a known newsletter. Name it with --newsletter NAME.")
    if document.newsletter and document.newsletter != name:
        raise UnknownIssue(f"{where}: The file says that it is an issue of {document.newsletter}, not of {name}.")
    newsletter = archive.newsletter(name)
    if name not in archive.newsletters:
        newsletter = with_usual_patterns(newsletter)
    own = document.label if document.label is not None else label_in(document, newsletter)
    if hints.label is not None and own is not None and hints.label != own:
        raise UnknownIssue(f"{where}: The file says that it is issue {own}, not {hints.label}.")
    file = named(hints.name or where, newsletter)
    date = document.date or hints.date or midnight(file.day or day_in(document.title) or opening_day(document))
    label = next((each for each in (own, hints.label, file.label) if each is not None), None)
    day = file.day or (date.date() if date else None)
    if label is None and day and (newsletter.first is None or not is_numbered(newsletter)):
        label = day.isoformat()
    if label is None:
        raise UnknownIssue(
            f"{where}: There is no issue number in its front matter, title or URL. Give it with --issue NUMBER."
        )
    return newsletter, label, date or midnight(day_of(label, newsletter) or day_in(str(label)))


def opening_day(document: Document) -> day_type | None:
    """Return the day in one of the first short lines of an issue, such as "Issue 603, March 28 2024"."""
    for block in document.blocks[:MOST_OPENING]:
        if len(block.text.split()) <= SHORT and not any(block.links()) and (day := day_in(block.text)):
            return day
    return None


def overruled(document: Document, hints: Hints, where: str) -> tuple[Problem, ...]:
    """Return a problem if the source states another date than the user."""
    if not hints.date or not document.date or hints.date.date() == document.date.date():
        return ()
    return (Problem(where, 0, f"The date {document.date:%Y-%m-%d} in the file was used instead of the one given."),)


def which_newsletter(document: Document, archive: Archive, hints: Hints) -> str | None:
    """Return the id of a document's newsletter, or None if unknown."""
    if hints.newsletter or document.newsletter:
        return hints.newsletter or document.newsletter
    known = archive.newsletters.values()
    return next((newsletter.id for newsletter in known if label_in(document, newsletter) is not None), None)


def label_in(document: Document, newsletter: Newsletter) -> Label | None:
    """Find the label in a document's title or URL with the newsletter's patterns."""
    for text in (document.title, document.page):
        for pattern in newsletter.titles:
            if match := re.search(pattern, text):
                return given_label(match["number"])
    return None


def titled(document: Document, newsletter: Newsletter, label: Label) -> str:
    """Return the title of an issue, prefixed with its newsletter's name if the title does not contain it."""
    if not document.title:
        return f"{newsletter.name} {label}"
    known = newsletter.name != newsletter.id
    names_it = newsletter.name.casefold() in document.title.casefold() or label_in(document, newsletter) is not None
    return document.title if names_it or not known else f"{newsletter.name}: {document.title}"


def page_of(newsletter: Newsletter, label: Label, date: datetime | None) -> str | None:
    """Return the URL of an issue by the page pattern of its newsletter, or None."""
    if date is None and "{date" in newsletter.page:
        return None
    try:
        return newsletter.page.format(number=label, date=date) or None
    except ValueError:  # a pattern such as {number:03d} for a label that is no number
        return None


def absolute(page: str) -> str | None:
    """Return an absolute URL unchanged, and None for a path."""
    return page if parts_of_url(page).scheme in ("http", "https") else None


def with_known_lines(entries: tuple[Entry, ...], archive: Archive) -> tuple[Entry, ...]:
    """Return an original's entries with the source lines that the retold issue lists for the same ids.

    The lines of an HTML page, a plain text or another version of the source would differ.
    """
    retold = archive.retold().get(entries[0].issue_key) if entries else None
    if retold is None:
        return entries
    known: dict[str, str | None] = {}
    with suppress(BackissueError):  # only the links to source lines depend on it
        known = known_lines(retold, archive)
    return tuple(replace(entry, source_url=known.get(entry.id)) for entry in entries)


def known_lines(retold: Source, archive: Archive) -> dict[str, str | None]:
    """Return the source lines that a retold issue lists, by entry id."""
    known: dict[str, str | None] = {}
    for document in documents_in(archive.content(retold.path), retold.path.name, archive, NOTHING):
        newsletter, label, _ = which_issue(document, retold.path.name, archive, NOTHING)
        known |= source_urls(document, divide(document, newsletter, retold.path.name), newsletter, label)
    return known
