"""The pages of issues: one issue, the newest issues, and the issues of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from indexer.catalog.protocol import Catalog
from indexer.errors import NotFound
from indexer.model import Entry, Label, label_of
from indexer.query.tree import Match
from indexer.views import lookup
from indexer.views.issues import IssueCount, NewsletterCount, newest, newsletters, rows, sections_of
from webui.live import catalog
from webui.pages.destinations import to_issue
from webui.pages.paging import part_of
from webui.pages.rendering import below_title, issue_path, year_path
from webui.pages.resource import MOST, page

issues = Blueprint("issues", __name__)


def labelled(text: str) -> Label:
    """Return the issue label in a URL. Raises `NotFound` if it is not valid."""
    try:
        return label_of(text)
    except ValueError as error:
        raise NotFound(str(error)) from error


@issues.get("/issue/<newsletter>/<path:label>")
def issue(newsletter: str, label: str) -> str:
    """Show an issue: its sections and entries in reading order."""
    found = lookup.issue(catalog(), newsletter, labelled(label))
    about = found.issue
    entries = {entry.id: entry for entry in catalog().find(Match("issue", about.id))}
    part = part_of(rows(found.sections), issue_path(newsletter, about.number), lambda row: size(entries[row.id]))
    texts = {row.id: below_title(entries[row.id]) for row in part.items}
    return page(
        "issue.html", about.title, f"{about.entries} entries, {about.date}", part.address, found=found, texts=texts,
        part=part, sections=sections_of(part.items),
    )  # fmt: skip


def size(entry: Entry) -> int:
    """Return an estimate of an entry's characters on a page."""
    return 120 + 3 * len(entry.title) + (0 if entry.body == entry.title else 2 * len(entry.body))


@issues.get("/issue/<int:number>")
def numbered_issue(number: int) -> ResponseReturnValue:
    """Redirect to the issue with a number, if only one newsletter has it."""
    path = to_issue(catalog(), str(number))
    if path is None:
        raise NotFound(f"There is not exactly one issue with the number {number}.")
    return redirect(path, HTTPStatus.FOUND)


@issues.get("/issue/")
def all_issues() -> str:
    """Show the newest issues of each newsletter, and links to earlier ones."""
    count = f"{len(catalog().about.issues)} issues"
    return page("issues.html", "Issues", count, "/issue/", listed=newest_of_each(catalog()))


@dataclass(frozen=True, slots=True)
class Listed:
    """A newsletter and its newest issues."""

    newsletter: NewsletterCount
    issues: Sequence[IssueCount]


def newest_of_each(catalog: Catalog) -> list[Listed]:
    """Return each newsletter with its newest issues, in total about as many as fit a page."""
    found = newsletters(catalog)
    return [Listed(each, newest(catalog, each.id, most=max(1, MOST // len(found)))) for each in found]


@issues.get("/issue/<newsletter>")
def of_newsletter(newsletter: str) -> ResponseReturnValue:
    """Redirect to the newest issues of a newsletter."""
    about = lookup.newsletter(catalog(), newsletter)
    return redirect(year_path(newsletter, next(iter(about.years))), HTTPStatus.FOUND)


@issues.get("/issue/<newsletter>/in/<year>")
def issues_of_year(newsletter: str, year: str) -> str:
    """Show the issues of a newsletter in a year, the newest first."""
    about = lookup.newsletter(catalog(), newsletter)
    years = sorted(about.years)
    if year not in years:
        raise NotFound(f"There is no issue of {newsletter} in {year}.")
    at = years.index(year)
    around = (years[at - 1] if at else None, years[at + 1] if at + 1 < len(years) else None)
    title, count = f"{about.name}, {year}", f"{about.years[year]} issues"
    found = newest(catalog(), newsletter, year)
    path = year_path(newsletter, year)
    return page("issues_of_year.html", title, count, path, found=found, newsletter=newsletter, around=around)
