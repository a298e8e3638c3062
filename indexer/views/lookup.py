"""Look up a view by name; raise `NotFound` with the nearest names if it does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from indexer.catalog.protocol import Catalog
from indexer.errors import NotFound
from indexer.model import Entry, Label
from indexer.query.nearest import LONGEST, MOST, nearest
from indexer.query.tree import Match
from indexer.query.versions import nearest_versions
from indexer.views.identifiers import NameAbout, name_of, nearest_names
from indexer.views.issues import IssueAboutPage, NewsletterCount, issue_of, newsletters
from indexer.views.people import WHOLE, EntriesPart, PersonAbout, person_of
from indexer.views.series import SeriesAbout, series_of
from indexer.views.topics import TopicAbout, topic_of
from indexer.views.versions import VersionAbout, version_of

MOST_COMPARED = 2_000


def entry(catalog: Catalog, entry_id: str) -> Entry:
    """Return the entry with an id. Raises `NotFound`."""
    if found := catalog.get(entry_id):
        return found
    if entry_id in catalog.about.issues:
        first = tuple(each.id for each in catalog.find(Match("issue", entry_id), limit=MOST))
        raise NotFound(f"{entry_id} is an issue, not an entry.", first)
    raise NotFound(f"There is no entry {short(entry_id)}.", nearest_ids(catalog, entry_id))


def nearest_ids(catalog: Catalog, entry_id: str) -> tuple[str, ...]:
    """Return the ids nearest to an unknown one, among the entries of the issue that it seems to name.

    Comparing it with all ids would be slow in a large archive.
    """
    issue_part = entry_id[:LONGEST].rpartition("/")[0]
    key = issue_part if "/" in issue_part else entry_id[:LONGEST]
    issues = (key,) if key in catalog.about.issues else nearest(key, catalog.about.issues, most=1)
    terms = [term for issue in issues for term in catalog.terms("id", f"{issue}/", MOST_COMPARED)]
    return nearest(entry_id, (term.text for term in terms))


def issue(catalog: Catalog, newsletter: str, label: Label) -> IssueAboutPage:
    """Return an issue with its contents. Raises `NotFound`."""
    found = issue_of(catalog, newsletter, label)
    return found or missing("There is no issue {}.", f"{newsletter}/{label}", catalog.about.issues)


def newsletter(catalog: Catalog, name: str) -> NewsletterCount:
    """Return a newsletter that has issues. Raises `NotFound`."""
    held = {each.id: each for each in newsletters(catalog)}
    return held.get(name) or missing("There is no newsletter {}.", name, held)


def version(catalog: Catalog, facet: str, version: str, most: int | None = None) -> VersionAbout:
    """Return what is known about a version of a facet, with up to `most` items a list. Raises `NotFound`."""
    if facet not in catalog.about.versions:
        of_facet = f" of {short(facet)}" if facet else ""
        raise NotFound(f"The archive has no versions{of_facet}.", nearest(facet, catalog.about.versions))
    versions = dict.fromkeys((*values(catalog, facet), *catalog.about.versions[facet].releases))
    found = version_of(catalog, facet, version, most)
    if found is None:
        near = tuple(nearest_versions(version[:LONGEST], versions))
        raise NotFound(f"Nothing is known about {facet} {short(version)}.", near)
    return found


def name(catalog: Catalog, text: str, skip: int = 0, limit: int | None = None) -> NameAbout:
    """Return what is known about an identifier, with some of its mentions. Raises `NotFound`."""
    found = name_of(catalog, text, skip, limit)
    if found is None:
        raise NotFound(f"There is no identifier {short(text)}.", nearest_names(catalog, text, MOST))
    return found


def series(catalog: Catalog, series_id: str) -> SeriesAbout:
    """Return a series with its versions. Raises `NotFound`."""
    return series_of(catalog, series_id) or missing("There is no series {}.", series_id, values(catalog, "series"))


def topic(catalog: Catalog, topic_id: str, most: int | None = None) -> TopicAbout:
    """Return a topic with up to `most` of its reports. Raises `NotFound`."""
    found = topic_of(catalog, topic_id, most)
    return found or missing("There is no topic {}.", topic_id, values(catalog, "topic"))


def person(catalog: Catalog, name: str, part: EntriesPart = WHOLE, most_series: int | None = None) -> PersonAbout:
    """Return a person with a part of their entries, and up to `most_series` of their series. Raises `NotFound`."""
    return person_of(catalog, name, part, most_series) or missing(
        "There is no entry by {}.", name, values(catalog, "author")
    )


def values(catalog: Catalog, field: str) -> Iterable[str]:
    """Return the sorted values of a field, for the nearest names of a failed lookup."""
    return (term.text for term in catalog.terms(field))


def missing(message: str, text: str, names: Iterable[str]) -> NoReturn:
    """Raise `NotFound` for a text, with the nearest of the given names."""
    raise NotFound(message.format(short(text)), nearest(text, names))


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
