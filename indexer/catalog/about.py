"""What an archive says of itself: its issues, newsletters and topics, and the tables of facts behind its entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from indexer.model import Edition, Label


@dataclass(frozen=True, slots=True)
class IssueAbout:
    """An issue without its entries; `problems` counts the parts of it that were not understood."""

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
        """The name of the issue in conditions and addresses: newsletter/number."""
        return f"{self.newsletter}/{self.number}"

    @property
    def appeared(self) -> str:
        """The day of the issue in words: 2017-11-20, or undated."""
        return self.date[:10] or "undated"


@dataclass(frozen=True, slots=True)
class NewsletterAbout:
    """A newsletter; `page_first` says whether its page is preferred to the line of its source."""

    name: str
    home: str = ""
    author: str = ""
    licence: str = ""
    page_first: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, its label, and what it covers in words."""

    id: str
    label: str
    covers: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as an issue writes it, the kernel's name for the same thing ("" for none), and why they are one."""

    written: str
    canonical: str
    why: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the kernel: the day it appeared, and the day of its -rc1."""

    version: str
    released: str
    rc1: str


@dataclass(frozen=True)
class About:
    """What an archive says of itself, decoded where it is asked for from the JSON object that a build wrote."""

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
        """The issues by newsletter/number, in reading order."""
        names = IssueAbout.__dataclass_fields__
        rows = (row | {"problems": len(row["problems"])} for row in self.record["issues"])
        made = (IssueAbout(**{name: row[name] for name in names}) for row in rows)
        return {issue.key: issue for issue in made}

    @cached_property
    def newest(self) -> str:
        """The day of the newest issue, "" where there is none."""
        return max((issue.date[:10] for issue in self.issues.values()), default="")

    @cached_property
    def served(self) -> tuple[str, ...]:
        """The ids of the newsletters that there are entries of, sorted."""
        return tuple(sorted({issue.newsletter for issue in self.issues.values() if issue.entries}))

    @cached_property
    def newsletters(self) -> Mapping[str, NewsletterAbout]:
        """The newsletters that the archive's tables know, by id."""
        return {name: NewsletterAbout(**row) for name, row in self.record["newsletters"].items()}

    def newsletter(self, name: str) -> NewsletterAbout:
        """Return a newsletter; of one that no table knows, its id is the name."""
        return self.newsletters.get(name) or NewsletterAbout(name)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The topics, in the order of their table."""
        return tuple(Topic(row["id"], row["label"], row["covers"]) for row in self.record["topics"])

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """The names that issues write in a way of their own."""
        return tuple(Alias(row["written"], row["canonical"], row["why"]) for row in self.record["aliases"])

    @property
    def redirects(self) -> Mapping[str, str]:
        """What became of the ids of entries that have another one now."""
        redirects: Mapping[str, str] = self.record["redirects"]
        return redirects

    @cached_property
    def releases(self) -> Mapping[str, Release]:
        """The releases of the kernel by version, the oldest first."""
        return {row[0]: Release(*row) for row in self.record["releases"]}
