"""What is asked for by its name, or the error that says it is not known and what is nearest to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from indexer.catalog.facets import nearest_versions
from indexer.errors import NotFound
from indexer.model import Entry
from indexer.query.nearest import LONGEST, MOST, nearest
from indexer.storage.index import Index
from indexer.views.identifiers import NameAbout, name_of, nearest_names
from indexer.views.issues import IssueAboutPage, NewsletterCount, issue_of, newsletters
from indexer.views.kernels import KernelAbout, kernel_of
from indexer.views.people import PersonAbout, person_of
from indexer.views.series import SeriesAbout, series_of
from indexer.views.topics import TopicAbout, topic_of


def entry(index: Index, entry_id: str) -> tuple[Entry, str]:
    """Return the entry with an id and its edition; raises `NotFound`."""
    try:
        return index.entry(entry_id)
    except NotFound as error:
        if entry_id in index.issues:
            raise NotFound(f"{entry_id} is an issue and no entry", tuple(index.entry_ids(entry_id)[:MOST])) from error
        near = nearest(entry_id, index.values("id").names)
        raise NotFound(f"no entry has the id {short(entry_id)}", near) from error


def issue(index: Index, newsletter: str, number: int) -> IssueAboutPage:
    """Return an issue with its contents; raises `NotFound`."""
    found = issue_of(index, newsletter, number)
    return found or missing("there is no issue {}", f"{newsletter}/{number}", index.issues)


def newsletter(index: Index, name: str) -> NewsletterCount:
    """Return a newsletter that there are issues of; raises `NotFound`."""
    held = {each.id: each for each in newsletters(index)}
    return held.get(name) or missing("there is no newsletter {}", name, held)


def kernel(index: Index, version: str) -> KernelAbout:
    """Return what is known of a kernel version; raises `NotFound`."""
    versions = dict.fromkeys((*index.values("version").names, *(row[0] for row in index.about["releases"])))
    found = kernel_of(index, version[:LONGEST])
    if found is None:
        near = tuple(nearest_versions(version[:LONGEST], versions))
        raise NotFound(f"nothing is known of a kernel {short(version)}", near)
    return found


def name(index: Index, text: str) -> NameAbout:
    """Return what is known of a name of the kernel; raises `NotFound`."""
    found = name_of(index, text)
    if found is None:
        raise NotFound(f"no name is known that is written {short(text)}", nearest_names(index, text, MOST))
    return found


def series(index: Index, series_id: str) -> SeriesAbout:
    """Return the story of a series; raises `NotFound`."""
    return series_of(index, series_id) or missing("there is no series {}", series_id, index.values("series").names)


def topic(index: Index, topic_id: str, most: int | None = None) -> TopicAbout:
    """Return what there is of a topic, no more than `most` of its reports; raises `NotFound`."""
    found = topic_of(index, topic_id, most)
    return found or missing("no entry is of a topic {}", topic_id, index.values("topic").names)


def person(index: Index, name: str) -> PersonAbout:
    """Return what there is by a person; raises `NotFound`."""
    return person_of(index, name) or missing("no entry is by {}", name, index.values("person").names)


def missing(message: str, text: str, names: Iterable[str]) -> NoReturn:
    """Raise the error for a text that is none of some names."""
    raise NotFound(message.format(short(text)), nearest(text, names))


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
