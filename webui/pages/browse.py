"""The pages of what there is by itself: issues, versions, names, series, topics and authors; and the way to each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as UnknownAddress

from indexer.catalog.profiles import VersionsAbout
from indexer.catalog.protocol import Catalog
from indexer.errors import NotFound
from indexer.model import Label, label_of
from indexer.query.query import Query
from indexer.query.tree import Match
from indexer.views import lookup
from indexer.views.features import feature_named, is_feature
from indexer.views.first_releases import landings
from indexer.views.identifiers import NameAbout, name_of, nearest_names
from indexer.views.issues import IssueCount, NewsletterCount, newest, newsletters
from indexer.views.people import people, spellings
from indexer.views.series import all_series, of_several
from indexer.views.topics import topics
from indexer.views.versions import version_of, versions
from webui.live import catalog
from webui.pages.head import page_head
from webui.pages.rendering import (
    address,
    author_path,
    entry_path,
    issue_path,
    name_path,
    series_path,
    told,
    topic_path,
    version_path,
    year_path,
)

browse = Blueprint("browse", __name__)
MOST = 100  # issues or entries that a page lists; of more it says where they are
COMMIT = re.compile(r"[0-9a-f]{7,40}")


def page(template: str, title: str, description: str, path: str, **values: Any) -> str:
    """Return a page with what its head says."""
    head = page_head(title, description, path)
    return render_template(template, query=Query(), head=head, title=title, **values)


def labelled(text: str) -> Label:
    """Return the label that a part of an address writes; raises `NotFound` where it writes none."""
    try:
        return label_of(text)
    except ValueError as error:
        raise NotFound(str(error)) from error


@browse.get("/issue/<newsletter>/<path:label>")
def issue(newsletter: str, label: str) -> str:
    """Show an issue: its sections and entries in reading order."""
    found = lookup.issue(catalog(), newsletter, labelled(label))
    about = found.issue
    entries = catalog().find(Match("issue", about.id))
    texts = {entry.id: text for entry in entries if (text := told(entry))}
    path = issue_path(newsletter, about.number)
    return page("issue.html", about.title, f"{about.entries} entries, {about.date}", path, found=found, texts=texts)


@browse.get("/issue/<int:number>")
def numbered_issue(number: int) -> ResponseReturnValue:
    """Lead to the issue of a number, where only one newsletter has it."""
    path = to_issue(catalog(), str(number))
    if path is None:
        raise NotFound(f"not one issue alone has the number {number}")
    return redirect(path, HTTPStatus.FOUND)


@browse.get("/issue/")
def all_issues() -> str:
    """Show the newest issues of each newsletter, and the way to those before."""
    count = f"{len(catalog().about.issues)} issues"
    return page("issues.html", "Issues", count, "/issue/", listed=newest_of_each(catalog()))


@dataclass(frozen=True, slots=True)
class Listed:
    """A newsletter and its newest issues, of which there may be more."""

    newsletter: NewsletterCount
    issues: Sequence[IssueCount]


def newest_of_each(catalog: Catalog) -> list[Listed]:
    """Return each newsletter with its newest issues, all together about as many as a page lists."""
    found = newsletters(catalog)
    return [Listed(each, newest(catalog, each.id, most=max(1, MOST // len(found)))) for each in found]


@browse.get("/issue/<newsletter>")
def of_newsletter(newsletter: str) -> ResponseReturnValue:
    """Lead to the newest issues of a newsletter."""
    about = lookup.newsletter(catalog(), newsletter)
    return redirect(year_path(newsletter, next(iter(about.years))), HTTPStatus.FOUND)


@browse.get("/issue/<newsletter>/in/<year>")
def issues_of_year(newsletter: str, year: str) -> str:
    """Show the issues of a newsletter in a year, the newest first."""
    about = lookup.newsletter(catalog(), newsletter)
    years = sorted(about.years)
    if year not in years:
        raise NotFound(f"there is no issue of {newsletter} in {year}")
    at = years.index(year)
    around = (years[at - 1] if at else None, years[at + 1] if at + 1 < len(years) else None)
    title, count = f"{about.name}, {year}", f"{about.years[year]} issues"
    found = newest(catalog(), newsletter, year)
    path = year_path(newsletter, year)
    return page("issues_of_year.html", title, count, path, found=found, newsletter=newsletter, around=around)


@browse.get("/<facet>/<name:version>")
def version(facet: str, version: str) -> ResponseReturnValue:
    """Show what is new in a version of a facet, and what was said while it was in the making."""
    declared = facet_named(facet)
    found = lookup.version(catalog(), facet, version)
    if found.version != version:
        return redirect(version_path(facet, found.version), HTTPStatus.MOVED_PERMANENTLY)
    title = declared.title.format(version=found.version)
    about = declared.about.format(version=found.version)
    path = version_path(facet, version)
    return page("version.html", title, about, path, found=found, facet=declared)


@browse.get("/<facet>/", strict_slashes=False)
def all_versions(facet: str) -> ResponseReturnValue:
    """Show the versions of a facet that the archive reaches."""
    declared = facet_named(facet)
    path = f"/{facet}/"
    if request.path != path:
        return redirect(path, HTTPStatus.PERMANENT_REDIRECT)
    title, found = f"{declared.label}s", versions(catalog(), facet)
    return page("versions.html", title, "What is new per version", path, found=found, facet=declared)


def facet_named(facet: str) -> VersionsAbout:
    """Return the version facet of an address; an address that is none is not known."""
    declared = catalog().about.versions.get(facet)
    if declared is None:
        raise UnknownAddress
    return declared


@browse.get("/id/<name:text>")
def name(text: str) -> ResponseReturnValue:
    """Show what is known of a name in code, and every entry that mentions it."""
    found = name_of(catalog(), text)
    if found is None:
        return unknown_name(text)
    if found.name != text or is_feature(text):
        return redirect(name_path(found.name), HTTPStatus.MOVED_PERMANENTLY)
    return name_page(found)


@browse.get("/feature/<slug>")
def feature(slug: str) -> ResponseReturnValue:
    """Show when a feature that is no identifier appeared, and every entry that reports it."""
    named = feature_named(catalog(), slug)
    found = name_of(catalog(), named) if named else None
    return name_page(found) if found else unknown_name(slug)


def name_page(found: NameAbout) -> str:
    """Return the page of a name or a feature."""
    kind = f"{found.kind}, landed in {found.version}" if found.version else "a name in the archive"
    return page("name.html", found.name, f"{kind}; {len(found.mentions)} mentions", name_path(found.name), found=found)


def unknown_name(text: str) -> Response:
    """Return the page for a name that is not known, with those that are nearest."""
    near = nearest_names(catalog(), text)
    title = "No such name"
    return Response(
        page("no_name.html", title, "A name that is not known", name_path(text), text=text, near=near),
        HTTPStatus.NOT_FOUND,
        mimetype="text/html",
    )


@browse.get("/series/<name:series>")
def story(series: str) -> str:
    """Show the versions of a series of patches over the issues, and what became of it."""
    found = lookup.series(catalog(), series)
    versions = ", ".join(f"v{each.version}" for each in found.versions)
    about = f"{', '.join(found.people)}: {versions}"
    return page("series.html", found.subject, about, series_path(series), found=found)


@browse.get("/series/")
def every_series() -> str:
    """Show the series of several patches; the others stand with their authors."""
    several = sorted(of_several(catalog()), key=lambda each: (-len(each.versions), each.subject))
    total = len(all_series(catalog()))
    head = f"{total} series of patches"
    return page("all_series.html", "Series", head, "/series/", found=several, single=total - len(several))


@browse.get("/topic/")
def all_topics() -> str:
    """Show the topics, and how many entries each has."""
    found = topics(catalog())
    return page("topics.html", "Topics", f"{len(found)} topics", "/topic/", found=found)


@browse.get("/author/")
def all_authors() -> str:
    """Show the authors and speakers, those with most entries first."""
    found = people(catalog())
    return page("authors.html", "Authors and speakers", f"{len(found)} people", "/author/", found=found)


@browse.get("/topic/<name:topic>")
def of_topic(topic: str) -> str:
    """Show what there is of a topic."""
    found = lookup.topic(catalog(), topic, MOST)
    return page("topic.html", found.label, f"{found.entries} entries", topic_path(topic), found=found)


@browse.get("/author/<name:author>")
def by_author(author: str) -> ResponseReturnValue:
    """Show what there is by an author or speaker."""
    if several := spellings(catalog()).together(author):
        return redirect(address(Query(filters={"author": tuple(several)})), HTTPStatus.FOUND)
    found = lookup.person(catalog(), author)
    if found.person.name != author:
        return redirect(author_path(found.person.name), HTTPStatus.MOVED_PERMANENTLY)
    labels = {each.id: each.label for each in catalog().about.topics}
    count = f"{found.person.entries} entries"
    return page("author.html", author, count, author_path(author), found=found, labels=labels)


class Way(NamedTuple):
    """How a text is understood that says where to go, and the path that it leads to, None where it is none such."""

    what: str
    path: Callable[[Catalog, str], str | None]


def to_entry(catalog: Catalog, text: str) -> str | None:
    return entry_path(text) if catalog.get(text) else None


def to_issue(catalog: Catalog, text: str) -> str | None:
    matching = [each for key, each in catalog.about.issues.items() if text in (key, str(each.number))]
    return issue_path(matching[0].newsletter, matching[0].number) if len(matching) == 1 else None


def to_version(catalog: Catalog, text: str) -> str | None:
    found = ((facet, version_of(catalog, facet, text)) for facet in catalog.about.versions)
    return next((version_path(facet, each.version) for facet, each in found if each), None)


def to_name(catalog: Catalog, text: str) -> str | None:
    found = name_of(catalog, text)
    return name_path(found.name) if found else None


def to_commit(catalog: Catalog, text: str) -> str | None:
    """Return the page of the name that landed with a commit, given by some of its digits; None where none alone did."""
    wanted = text.lower()
    if not COMMIT.fullmatch(wanted):
        return None
    found = [
        landing.name
        for landing in landings(catalog).by_name.values()
        if (by := landing.commit) and (by.startswith(wanted) or wanted.startswith(by))
    ]
    return name_path(found[0]) if len(found) == 1 else None


WAYS = (
    Way("an entry's id", to_entry),
    Way("an issue, by its number or as newsletter/number", to_issue),
    Way("a version", to_version),
    Way("a name", to_name),
    Way("the commit with which one name landed", to_commit),
)


@browse.get("/go/<name:text>")
def go(text: str) -> ResponseReturnValue:
    """Lead to the page of what a text names; to a search for it where it names nothing."""
    paths = (way.path(catalog(), text.strip()) for way in WAYS)
    return redirect(next((path for path in paths if path), address(Query(text.strip(), fold=True))), HTTPStatus.FOUND)
