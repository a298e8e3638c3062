"""Metadata of an archive: issues, newsletters, topics and tables of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from indexer.model import Edition, Label


@dataclass(frozen=True, slots=True)
class IssueAbout:
    """An issue without its entries; `problems` is the number of problems found in it."""

    newsletter: str
    number: Label
    title: str
    date: str
    url: str | None
    edition: Edition
    entries: int
    problems: int

    @property
    def key(self) -> str:
        """The key of the issue in conditions and URLs: newsletter/label."""
        return f"{self.newsletter}/{self.number}"

    @property
    def appeared(self) -> str:
        """The day of the issue, such as 2017-11-20, or "undated"."""
        return self.date[:10] or "undated"


@dataclass(frozen=True, slots=True)
class NewsletterAbout:
    """A newsletter; `page_first` prefers its pages over its source lines as links."""

    name: str
    home: str = ""
    author: str = ""
    licence: str = ""
    page_first: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, its label and its description."""

    id: str
    label: str
    covers: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as an issue writes it, the kernel's name for the same thing (or ""), and why they are the same."""

    written: str
    canonical: str
    why: str


@dataclass(frozen=True, slots=True)
class Release:
    """A kernel release: its day, and the day of its -rc1."""

    version: str
    released: str
    rc1: str


@dataclass(frozen=True)
class About:
    """The metadata of an archive, decoded on demand from the JSON object that a build wrote."""

    record: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version of backissue that built the archive's index."""
        return str(self.record["version"])

    @property
    def archive(self) -> str:
        """The folder of the archive."""
        return str(self.record["archive"])

    @cached_property
    def entries(self) -> int:
        """The number of entries."""
        return sum(issue.entries for issue in self.issues.values())

    @cached_property
    def issues(self) -> Mapping[str, IssueAbout]:
        """The issues by newsletter/label, in reading order."""
        names = IssueAbout.__dataclass_fields__
        rows = (row | {"problems": len(row["problems"])} for row in self.record["issues"])
        made = (IssueAbout(**{name: row[name] for name in names}) for row in rows)
        return {issue.key: issue for issue in made}

    @cached_property
    def newest(self) -> str:
        """The day of the newest issue, or ""."""
        return max((issue.date[:10] for issue in self.issues.values()), default="")

    @cached_property
    def served(self) -> tuple[str, ...]:
        """The sorted ids of the newsletters that have entries."""
        return tuple(sorted({issue.newsletter for issue in self.issues.values() if issue.entries}))

    @cached_property
    def newsletters(self) -> Mapping[str, NewsletterAbout]:
        """The newsletters in the archive's tables, by id."""
        return {name: NewsletterAbout(**row) for name, row in self.record["newsletters"].items()}

    def newsletter(self, name: str) -> NewsletterAbout:
        """Return a newsletter; without a table, its id is its name."""
        return self.newsletters.get(name) or NewsletterAbout(name)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The topics, in the order of their table."""
        return tuple(Topic(row["id"], row["label"], row["covers"]) for row in self.record["topics"])

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """The names that issues spell differently."""
        return tuple(Alias(row["written"], row["canonical"], row["why"]) for row in self.record["aliases"])

    @property
    def redirects(self) -> Mapping[str, str]:
        """The new ids of renamed entries by their old ids."""
        redirects: Mapping[str, str] = self.record["redirects"]
        return redirects

    @cached_property
    def releases(self) -> Mapping[str, Release]:
        """The releases of the kernel by version, the oldest first."""
        return {row[0]: Release(*row) for row in self.record["releases"]}
