"""Issue views: the issues of each newsletter, and the sections and neighbours of an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from typing import Annotated

from indexer.annotating.addresses import same_page
from indexer.catalog.about import IssueAbout
from indexer.catalog.protocol import Catalog
from indexer.model import Edition, Entry, Label, label_order
from indexer.query.tree import Match
from indexer.views.briefs import Brief, briefs, issue_key, kinds_of
from indexer.views.listing import Listing

ENDINGS = tuple(".!?…)”’\"'")  # endings of sentences
UNDATED = "undated"  # the year of issues without a date


@dataclass(frozen=True, slots=True)
class Nested:
    """An entry of an issue and the patches nested under it."""

    entry: Brief
    below: tuple[Brief, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive entries of an issue under the same headings."""

    path: Annotated[tuple[str, ...], "The headings, outermost first; none before the first."]
    entries: tuple[Nested, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of an issue in reading order: its section, the entry it is nested in (maybe itself), and itself."""

    section: Section
    nested: Nested
    entry: Brief

    @property
    def id(self) -> str:
        """The id of the entry."""
        return self.entry.id


@dataclass(frozen=True, slots=True)
class IssueCount:
    """An issue and its number of entries."""

    id: Annotated[str, "newsletter/number"]
    newsletter: str
    number: Label
    title: str
    date: Annotated[str, "Its date, YYYY-MM-DD."]
    url: Annotated[str | None, "The URL of its page."]
    edition: Edition
    entries: int
    problems: Annotated[int, "The number of problems found in it."]
    kinds: Annotated[dict[str, int], "The number of entries of each kind."]


@dataclass(frozen=True, slots=True)
class NewsletterCount:
    """A newsletter: its number of issues and entries, its first and last day, and its number of problems.

    `editions` and `years` count its issues; the newest year comes first, `UNDATED` last.
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
    """An issue with its contents; `previous` and `next` are its neighbours as newsletter/label."""

    issue: IssueCount
    sections: tuple[Section, ...]
    previous: str | None
    next: str | None


def rows(sections: Iterable[Section]) -> list[Row]:
    """Return the entries of an issue in reading order."""
    return [
        Row(section, nested, entry)
        for section in sections
        for nested in section.entries
        for entry in (nested.entry, *nested.below)
    ]


def sections_of(shown: Iterable[Row]) -> list[Section]:
    """Return some entries of an issue by section. Nested ones follow their own cover letter."""
    found: list[Section] = []
    for (section, nested), held in groupby(shown, lambda row: (row.section, row.nested)):
        below = tuple(row.entry for row in held if row.entry is not nested.entry)
        if not found or found[-1].path is not section.path:
            found.append(Section(section.path, ()))
        found[-1] = Section(section.path, (*found[-1].entries, Nested(nested.entry, below)))
    return found


def newest(
    catalog: Catalog, newsletter: str | None = None, year: str = "", most: int | None = None
) -> Listing[IssueCount]:
    """Return up to `most` issues, the newest first, optionally of one newsletter and one year."""
    about = catalog.about.issues
    held = [key for key in keys(catalog, newsletter) if year in ("", year_of(about[key].date))]
    held.sort(key=lambda key: (about[key].date[:10], label_order(about[key].number)), reverse=True)
    return Listing(held[:most], lambda some: (counted(catalog, key) for key in some))


def newsletters(catalog: Catalog) -> tuple[NewsletterCount, ...]:
    """Return the newsletters that have issues."""
    held: dict[str, list[IssueAbout]] = {}
    for issue in catalog.about.issues.values():
        held.setdefault(issue.newsletter, []).append(issue)
    return tuple(newsletter_of(catalog, name, of_it) for name, of_it in held.items())


def newsletter_of(catalog: Catalog, name: str, issues: Sequence[IssueAbout]) -> NewsletterCount:
    days = sorted(issue.date[:10] for issue in issues)
    dated = [day for day in days if day]
    return NewsletterCount(
        id=name,
        name=catalog.about.newsletter(name).name,
        issues=len(issues),
        entries=sum(issue.entries for issue in issues),
        problems=sum(issue.problems for issue in issues),
        first=dated[0] if dated else "",
        last=dated[-1] if dated else "",
        editions=dict(Counter(issue.edition for issue in issues)),
        years=dict(Counter(year_of(day) for day in reversed(days))),
    )


def issue_of(catalog: Catalog, newsletter: str, label: Label) -> IssueAboutPage | None:
    """Return an issue with its contents, or None."""
    key = f"{newsletter}/{label}"
    if key not in catalog.about.issues:
        return None
    order = keys(catalog, newsletter)
    at = order.index(key)
    return IssueAboutPage(
        issue=counted(catalog, key),
        sections=sections(briefs(catalog, catalog.find(Match("issue", key)))),
        previous=order[at - 1] if at else None,
        next=order[at + 1] if at + 1 < len(order) else None,
    )


def year_of(date: str) -> str:
    """Return the year of an issue's date, or `UNDATED`."""
    return date[:4] or UNDATED


def keys(catalog: Catalog, newsletter: str | None) -> list[str]:
    return [key for key, issue in catalog.about.issues.items() if newsletter in (None, issue.newsletter)]


def counted(catalog: Catalog, key: str) -> IssueCount:
    """Return an issue with its number of entries by kind."""
    issue = catalog.about.issues[key]
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
        kinds=kinds_of(catalog, Match("issue", key)),
    )


def sections(entries: Iterable[Brief]) -> tuple[Section, ...]:
    """Group entries, in reading order, by section, with patches under their cover letter."""
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


def listed_by(catalog: Catalog, entry_id: str, body: str) -> tuple[Brief, ...]:
    """Return the items of the list that an entry's text introduces, if any.

    List items are separate entries, so the text before the list stops without the end of a sentence.
    """
    if not body or body.rstrip().endswith(ENDINGS):
        return ()
    first = catalog.get(entry_id)
    if first is None or first.kind != "commentary":
        return ()
    following = catalog.find(Match("issue", issue_key(first)), after=first.id)
    return briefs(catalog, takewhile(lambda each: is_item(each, first.section), following))


def is_item(entry: Entry, section: Sequence[str]) -> bool:
    """Return whether an entry is a list item or quoted paragraph in a section."""
    return entry.section == section and entry.kind != "patch" and entry.blocks[0].kind in ("bullet", "quote")


def around(catalog: Catalog, entry: Entry) -> tuple[Brief | None, Brief | None]:
    """Return the entries before and after one in its issue, None at either end."""
    where = Match("issue", issue_key(entry))
    first = max(0, entry.n - 2)
    near = list(catalog.find(where, skip=first, limit=3))
    ids = [each.id for each in near]
    if entry.id not in ids[min(1, first) :] or (len(near) == 3 and entry.id == ids[-1]):  # its number is not its place
        near = list(catalog.find(where))
    at = [each.id for each in near].index(entry.id)
    before, after = near[:at][-1:], near[at + 1 : at + 2]
    return next(iter(briefs(catalog, before)), None), next(iter(briefs(catalog, after)), None)


def seen_in(catalog: Catalog, url: str) -> list[str]:
    """Return the issues (newsletter/label) with an entry about the same page, in reading order."""
    held = catalog.count("issue", Match("page", same_page(url)))
    return [key for key in catalog.about.issues if key in held]
