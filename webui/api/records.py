"""What is known of a thing as a JSON object, with the addresses of what it mentions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from indexer.views.briefs import Brief
from indexer.views.first_releases import Landing
from indexer.views.identifiers import NameAbout, NameCount
from indexer.views.issues import IssueAboutPage, IssueCount
from indexer.views.kernels import KernelAbout, KernelCount
from indexer.views.people import PersonCount
from indexer.views.series import SeriesAbout, SeriesCount, SeriesVersion
from indexer.views.topics import TopicAbout, TopicCount
from webui.api.addresses import (
    author_url,
    entry_url,
    identifier_url,
    issue_url,
    kernel_url,
    search_url,
    series_url,
    topic_url,
)
from webui.pages import rendering

Links = dict[str, str | None]


def record(value: Any) -> Any:
    """Return a value of the archive as JSON has it, each thing in it with its addresses."""
    if is_dataclass(value) and not isinstance(value, type):
        made = {field.name: record(getattr(value, field.name)) for field in fields(value)}
        return made | LINKS.get(type(value), no_links)(value)
    if isinstance(value, list | tuple):
        return [record(each) for each in value]
    if isinstance(value, Mapping):
        return {key: record(each) for key, each in value.items()}
    return value


def where(url: Callable[[str], str], name: str | None) -> str | None:
    """Return the address of what a name names, None where there is no name."""
    return url(name) if name else None


def first(people: Sequence[str]) -> str | None:
    """Return the first of some people, whose page `author_url` is; None where there is none."""
    return people[0] if people else None


def no_links(_: Any) -> Links:
    return {}


def of_brief(brief: Brief) -> Links:
    return {"issue_url": issue_url(brief.issue)} | of_entry(brief.id, brief.parent, brief.series, brief.people)


def of_entry(entry_id: str, parent: str | None, series: str | None, people: Sequence[str]) -> Links:
    """Return the addresses of an entry, and of what it is part of."""
    return {
        "entry_url": entry_url(entry_id),
        "parent_url": where(entry_url, parent),
        "series_url": where(series_url, series),
        "author_url": where(author_url, first(people)),
    }


def of_landing(landing: Landing) -> Links:
    return {"identifier_url": identifier_url(landing.name), "kernel_url": kernel_url(landing.version)}


def of_issue(issue: IssueCount) -> Links:
    return {
        "issue_url": issue_url(issue.id),
        "search_url": search_url(issue=issue.id),
        "page_url": rendering.issue_path(issue.newsletter, issue.number),
    }


def of_issue_page(page: IssueAboutPage) -> Links:
    return {"previous_url": where(issue_url, page.previous), "next_url": where(issue_url, page.next)}


def of_kernel(kernel: KernelCount | KernelAbout) -> Links:
    return {
        "kernel_url": kernel_url(kernel.version),
        "search_url": search_url(kernel=kernel.version),
        "page_url": rendering.kernel_path(kernel.version),
    }


def of_kernel_page(kernel: KernelAbout) -> Links:
    around: Links = {"previous_url": where(kernel_url, kernel.previous), "next_url": where(kernel_url, kernel.next)}
    return of_kernel(kernel) | around


def of_name(name: NameCount | NameAbout) -> Links:
    return {
        "identifier_url": identifier_url(name.name),
        "kernel_url": where(kernel_url, name.version),
        "search_url": search_url(q=name.name),
        "page_url": rendering.name_path(name.name),
    }


def of_series(series: SeriesCount | SeriesAbout) -> Links:
    return {
        "series_url": series_url(series.id),
        "search_url": search_url(q=f"series:{series.id}"),
        "page_url": rendering.series_path(series.id),
    }


def of_series_page(series: SeriesAbout) -> Links:
    return of_series(series) | {"author_url": where(author_url, first(series.people))}


def of_posting(version: SeriesVersion) -> Links:
    return {"issue_url": issue_url(version.issue)}


def of_topic(topic: TopicCount | TopicAbout) -> Links:
    return {
        "topic_url": topic_url(topic.id),
        "search_url": search_url(topic=topic.id),
        "page_url": rendering.topic_path(topic.id),
    }


def of_person(person: PersonCount) -> Links:
    return {
        "author_url": author_url(person.name),
        "search_url": search_url(author=person.name),
        "page_url": rendering.author_path(person.name),
    }


LINKS: dict[type, Callable[[Any], Links]] = {
    Brief: of_brief,
    Landing: of_landing,
    IssueCount: of_issue,
    IssueAboutPage: of_issue_page,
    KernelCount: of_kernel,
    KernelAbout: of_kernel_page,
    NameCount: of_name,
    NameAbout: of_name,
    SeriesCount: of_series,
    SeriesAbout: of_series_page,
    SeriesVersion: of_posting,
    TopicCount: of_topic,
    TopicAbout: of_topic,
    PersonCount: of_person,
}
