"""The issues of each newsletter, what stands in one, section by section, and the issues before and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from indexer.catalog.about import IssueAbout
from indexer.model import Entry
from indexer.storage.index import Index
from indexer.views.briefs import Brief, brief, briefs, holding, kinds_of

ENDINGS = tuple(".!?…)”’\"'")  # with which a sentence ends


@dataclass(frozen=True, slots=True)
class Nested:
    """An entry of an issue, and the patches below it."""

    entry: Brief
    below: tuple[Brief, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an issue under one section's names, outermost first; none for what stands before the first."""

    path: tuple[str, ...]
    entries: tuple[Nested, ...]


@dataclass(frozen=True, slots=True)
class IssueCount:
    """An issue and how many entries of each kind it has; `id` is newsletter/number, `date` its day.

    `problems` is how much of it was not understood.
    """

    id: str
    newsletter: str
    number: int
    title: str
    date: str
    url: str | None
    edition: str
    entries: int
    problems: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class NewsletterCount:
    """A newsletter: how many issues and entries it has, its first day and its last, and what was not understood.

    `editions` and `years` say how many issues each has; the newest year comes first.
    """

    id: str
    name: str
    issues: int
    entries: int
    problems: int
    first: str
    last: str
    editions: dict[str, int]
    years: dict[str, int]


@dataclass(frozen=True, slots=True)
class IssueAboutPage:
    """An issue with its contents; `previous` and `next` are its newsletter's issues around it, newsletter/number."""

    issue: IssueCount
    sections: tuple[Section, ...]
    previous: str | None
    next: str | None


def issues(index: Index) -> tuple[IssueCount, ...]:
    """Return all issues in reading order."""
    return tuple(counted(index, key) for key in index.issues)


def newest(
    index: Index, newsletter: str | None = None, year: str = "", most: int | None = None
) -> tuple[IssueCount, ...]:
    """Return issues, the newest first: all or those of one newsletter, of one year, no more than `most`."""
    held = [key for key in keys(index, newsletter) if index.issues[key].date.startswith(year)]
    held.sort(key=lambda key: (index.issues[key].date[:10], index.issues[key].number), reverse=True)
    return tuple(counted(index, key) for key in held[:most])


def newsletters(index: Index) -> tuple[NewsletterCount, ...]:
    """Return the newsletters that there are issues of."""
    held: dict[str, list[IssueAbout]] = {}
    for issue in index.issues.values():
        held.setdefault(issue.newsletter, []).append(issue)
    return tuple(newsletter_of(index, name, of_it) for name, of_it in held.items())


def newsletter_of(index: Index, name: str, issues: Sequence[IssueAbout]) -> NewsletterCount:
    days = sorted(issue.date[:10] for issue in issues)
    return NewsletterCount(
        id=name,
        name=index.about["newsletters"].get(name, {}).get("name", name),
        issues=len(issues),
        entries=sum(issue.entries for issue in issues),
        problems=sum(issue.problems for issue in issues),
        first=days[0],
        last=days[-1],
        editions=dict(Counter(issue.edition for issue in issues)),
        years=dict(Counter(day[:4] for day in reversed(days))),
    )


def issue_of(index: Index, newsletter: str, number: int) -> IssueAboutPage | None:
    """Return an issue with its contents, None where there is no such issue."""
    key = f"{newsletter}/{number}"
    if key not in index.issues:
        return None
    order = keys(index, newsletter)
    at = order.index(key)
    return IssueAboutPage(
        issue=counted(index, key),
        sections=sections(briefs(index, holding(index, "issue", key))),
        previous=order[at - 1] if at else None,
        next=order[at + 1] if at + 1 < len(order) else None,
    )


def keys(index: Index, newsletter: str | None) -> list[str]:
    return [key for key, issue in index.issues.items() if newsletter in (None, issue.newsletter)]


def counted(index: Index, key: str) -> IssueCount:
    """Return an issue with its number of entries by kind."""
    issue: IssueAbout = index.issues[key]
    return IssueCount(
        id=key,
        newsletter=issue.newsletter,
        number=issue.number,
        title=issue.title,
        date=issue.date[:10],
        url=issue.url,
        edition=issue.edition,
        entries=issue.entries,
        problems=issue.problems,
        kinds=kinds_of(index, holding(index, "issue", key)),
    )


def sections(entries: Iterable[Brief]) -> tuple[Section, ...]:
    """Return entries, in reading order, by the sections that they stand in, patches under their cover."""
    found: list[tuple[tuple[str, ...], list[Nested]]] = []
    for entry in entries:
        if not found or found[-1][0] != entry.section:
            found.append((entry.section, []))
        nested = found[-1][1]
        cover = nested[-1] if nested else None
        if cover and entry.parent == cover.entry.id:
            nested[-1] = replace(cover, below=(*cover.below, entry))
        else:
            nested.append(Nested(entry))
    return tuple(Section(path, tuple(nested)) for path, nested in found)


def listed_by(index: Index, entry_id: str, body: str) -> tuple[Brief, ...]:
    """Return the entries that stand in a list which an entry's text introduces, and ends before: none for most.

    Items of a list are entries of their own, so that the text before the list breaks off without the end of a sentence.
    """
    if not body or body.rstrip().endswith(ENDINGS):
        return ()
    (doc,) = holding(index, "id", entry_id).tolist()
    first = index.stored(doc)
    if first["kind"] != "commentary":
        return ()
    docs = range(doc + 1, int(holding(index, "issue", f"{first['newsletter']}/{first['issue']}")[-1]) + 1)
    return briefs(index, takewhile(lambda each: is_item(index.stored(each), first["section"]), docs))


def is_item(record: Mapping[str, Any], section: Sequence[str]) -> bool:
    """Return whether an entry is an item of a list or a quoted paragraph that stands in a section."""
    return record["section"] == section and record["kind"] != "patch" and record["blocks"][0][0] in ("bullet", "quote")


def around(index: Index, entry: Entry) -> tuple[Brief | None, Brief | None]:
    """Return the entries before and after one in its issue, None where it is the first or the last."""
    (doc,) = holding(index, "id", entry.id).tolist()
    docs = holding(index, "issue", f"{entry.newsletter}/{entry.issue}").tolist()
    first, last = docs[0], docs[-1]
    return (brief(index, doc - 1) if doc > first else None), (brief(index, doc + 1) if doc < last else None)
