"""Values as JSON objects, with the URLs of the resources that they mention."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from indexer.model import Landing
from indexer.views.briefs import Brief
from indexer.views.identifiers import NameAbout, NameCount
from indexer.views.issues import IssueAboutPage, IssueCount
from indexer.views.merged_series import MergedSeries
from indexer.views.people import PersonCount
from indexer.views.reported_series import ReportedSeries
from indexer.views.series import SeriesAbout, SeriesCount, SeriesVersion
from indexer.views.topics import TopicAbout, TopicCount
from indexer.views.versions import VersionAbout, VersionCount
from webui.api.addresses import (
    author_url,
    entry_url,
    identifier_url,
    issue_url,
    search_url,
    series_url,
    topic_url,
    version_url,
)
from webui.live import catalog
from webui.pages import rendering


class Address(NamedTuple):
    """A URL that is added to a value. An `optional` one is None if the value has no such resource.

    `url` is called with the name that `of` returns. If `of_facet` is set, the id of a version facet comes first.
    """

    url: Callable[..., str]
    of: Callable[[Any], str | None]
    optional: bool = False
    text: str = ""
    of_facet: bool = False

    def __call__(self, value: Any, facet: str) -> str | None:
        """Return the URL for a value with versions of a facet."""
        name = self.of(value)
        if not self.of_facet:
            return where(self.url, name)
        return self.url(facet, name) if name else None


def record(value: Any, facet: str | None = None, most: int | None = None) -> Any:
    """Return a value as JSON, with the URLs of its resources.

    `facet` is the version facet of its versions, by default that of the tables of facts. Each list, at any depth, has
    at most `most` items.
    """
    return recorded(value, catalog().about.facts_facet if facet is None else facet, most)


def recorded(value: Any, facet: str, most: int | None) -> Any:
    if names := keys_of(value.__class__):
        held = [(name, getattr(value, name)) for name in names]
        made = {name: each if each.__class__ in PLAIN else recorded(each, facet, most) for name, each in held}
        return made | dict(addresses(value, facet))
    if isinstance(value, list | tuple):
        return [recorded(each, facet, most) for each in value[:most]]
    if isinstance(value, Mapping):
        return {key: recorded(each, facet, most) for key, each in value.items()}
    return value


@cache
def keys_of(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass; none for other types."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def addresses(value: Any, facet: str) -> Iterator[tuple[str, str | None]]:
    """Yield the keys and URLs to add to a value. The id of the facet replaces `facet` in a key."""
    for name, address in ADDRESSES.get(type(value), {}).items():
        if name != FACET_URL:
            yield name, address(value, facet)
        elif facet:
            yield f"{facet}_url", address(value, facet)


def where(url: Callable[[str], str], name: str | None) -> str | None:
    """Return the URL for a name, or None if there is no name."""
    return url(name) if name else None


def first(people: Sequence[str]) -> str | None:
    """Return the first person, whose page is `author_url`, or None if there is nobody."""
    return people[0] if people else None


def first_person(value: Any) -> str | None:
    return first(value.people)


def of_entry(entry_id: str, parent: str | None, series: str | None, people: Sequence[str]) -> dict[str, str | None]:
    """Return the URLs of an entry, its parent, series and author."""
    return {
        "entry_url": entry_url(entry_id),
        "parent_url": where(entry_url, parent),
        "series_url": where(series_url, series),
        "author_url": where(author_url, first(people)),
    }


def issue_page(issue: IssueCount) -> str:
    """Return the path of an issue's page."""
    return rendering.issue_path(issue.newsletter, issue.number)


PLAIN = (str, int, float, bool, type(None))  # types of values that are written as they are
ID, NAME, VERSION = attrgetter("id"), attrgetter("name"), attrgetter("version")
FIRST_PERSON = Address(author_url, first_person, optional=True, text="The URL of the first person in `people`.")
FACET_URL = "facet_url"
OF_VERSION = {
    FACET_URL: Address(version_url, VERSION, of_facet=True),
    "search_url": Address(lambda facet, version: search_url(**{facet: version}), VERSION, of_facet=True),
    "page_url": Address(rendering.version_path, VERSION, of_facet=True),
}
IDENTIFIER = {
    "identifier_url": Address(identifier_url, NAME),
    FACET_URL: Address(version_url, VERSION, optional=True, of_facet=True),
    "search_url": Address(lambda name: search_url(q=name), NAME),
    "page_url": Address(rendering.name_path, NAME),
}
SERIES = {
    "series_url": Address(series_url, ID),
    "search_url": Address(lambda series: search_url(q=f"series:{series}"), ID),
    "page_url": Address(rendering.series_path, ID),
}
TOPIC = {
    "topic_url": Address(topic_url, ID),
    "search_url": Address(lambda topic: search_url(topic=topic), ID),
    "page_url": Address(rendering.topic_path, ID),
}
# The URLs to add to each type of value, by their JSON keys.
ADDRESSES: dict[type, dict[str, Address]] = {
    Brief: {
        "entry_url": Address(entry_url, ID),
        "issue_url": Address(issue_url, attrgetter("issue")),
        "parent_url": Address(entry_url, attrgetter("parent"), optional=True),
        "series_url": Address(series_url, attrgetter("series"), optional=True),
        "author_url": FIRST_PERSON,
    },
    Landing: {"identifier_url": Address(identifier_url, NAME), FACET_URL: Address(version_url, VERSION, of_facet=True)},
    IssueCount: {
        "issue_url": Address(issue_url, ID),
        "search_url": Address(lambda key: search_url(issue=key), ID),
        "page_url": Address(str, issue_page),
    },
    IssueAboutPage: {
        "previous_url": Address(issue_url, attrgetter("previous"), optional=True),
        "next_url": Address(issue_url, attrgetter("next"), optional=True),
    },
    VersionCount: OF_VERSION,
    VersionAbout: OF_VERSION
    | {
        "previous_url": Address(version_url, attrgetter("previous"), optional=True, of_facet=True),
        "next_url": Address(version_url, attrgetter("next"), optional=True, of_facet=True),
    },
    NameCount: IDENTIFIER,
    NameAbout: IDENTIFIER,
    SeriesCount: SERIES,
    SeriesAbout: SERIES | {"author_url": FIRST_PERSON},
    ReportedSeries: SERIES,
    MergedSeries: SERIES | {"author_url": FIRST_PERSON},
    SeriesVersion: {"issue_url": Address(issue_url, attrgetter("issue"))},
    TopicCount: TOPIC,
    TopicAbout: TOPIC,
    PersonCount: {
        "author_url": Address(author_url, NAME),
        "search_url": Address(lambda name: search_url(author=name), NAME),
        "page_url": Address(rendering.author_path, NAME),
    },
}
