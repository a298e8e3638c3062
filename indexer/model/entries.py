"""Entries and issues, and the facts about an entry: versions, outcome, names, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from indexer.model.blocks import Block, Division, Problem
from indexer.model.keys import IssueKey, Label
from indexer.model.terms import OF_SERIES, REVERTED, Edition, How

# How the source of an outcome tells of a release that is only a bound, and of a revert.
LATEST = re.compile(r"\bin (?P<release>[^\s;]{1,40}) at the latest(?=;|$)")
REVERTED_BY = re.compile(r"\breverted by (?P<commit>[0-9a-f]{8,64})(?: in (?P<release>[^\s;]{1,40}))?(?=;|$)")


@dataclass(frozen=True, slots=True)
class Version:
    """A version that an entry belongs to, how that is known, and the evidence in words.

    `how` is `stated` (the entry names it), `landed` (an identifier that the entry introduces was first
    released in it), `merged` (the patch is known to be in it) or `issue` (derived from the tree and the date of
    the issue). `url` is the commit or release that proves it, if any.
    """

    version: str
    how: How
    evidence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """The period in which the contents of an issue were posted: from the previous issue to this one."""

    since: date
    day: date


@dataclass(frozen=True, slots=True)
class Revert:
    """The commit that reverted a merged patch, and its release, "" if it has none yet; `said` is that in words."""

    commit: str
    release: str
    said: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a patch; `outcome` is one of `OUTCOMES`.

    `commit` and `release` are "" if unknown. `release` is a release of `repository`, such as iproute2.
    `source` is where the outcome was found, `grade` how certain it is. A superseded patch has the commit and
    release of the version that was merged.
    """

    entry: str
    outcome: str
    commit: str = ""
    repository: str = ""
    release: str = ""
    source: str = ""
    grade: str = ""
    commit_url: str = ""

    @property
    def reverted(self) -> Revert | None:
        """The commit that reverted the patch, as `source` tells; None if it was not merged, or not reverted."""
        match = REVERTED_BY.search(self.source) if self.outcome == "merged" else None
        if match is None:
            return None
        release = match["release"] or ""
        when = f" in {release}" if release else ", not yet in a release"
        return Revert(match["commit"], release, f"reverted{' before the release' if release == self.release else when}")

    @property
    def latest(self) -> str:
        """A release that contains the commit, as `source` tells, if the first one is not known; or else ""."""
        match = None if self.release else LATEST.search(self.source)
        return match["release"] if match else ""

    @property
    def where(self) -> str:
        """The release in words, such as "in iproute2 v4.14.0" or "in llvm 6.0.0 at the latest"; "" if unknown."""
        bound = " at the latest" if self.latest else ""
        return f"in {self.repository} {self.release or self.latest}{bound}" if self.release or self.latest else ""

    @property
    def settled(self) -> bool:
        """Whether the release of the patch is known, or that it has none, so that dates say nothing about it."""
        return self.outcome in ("superseded", "not merged") or (self.outcome == "merged" and self.where != "")

    @property
    def values(self) -> tuple[str, ...]:
        """The values by which the filter finds the patch: its outcome, and `REVERTED` if it was."""
        return (self.outcome, REVERTED) if self.reverted else (self.outcome,)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as an issue writes it, the usual name of the same thing, and the reason why they are the same."""

    written: str
    canonical: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of an entry that was corrected by hand: its value before, the reason, and the URL of a source."""

    field: str
    before: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an entry: its URL as written, its current URL, and its archived copy.

    `issue` is newsletter/label if the link leads to an issue of the archive.
    """

    url: str
    current_url: str
    archived_url: str
    issue: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The smallest part of an issue that a reader would look for, link to and cite.

    `author` is as written in the issue; `people` are the same authors, each in one spelling for all entries.
    `versions` belong to the version facet `facet` of the newsletter's profile, "" if it has none.
    For a patch, `tree` is its target tree, `series` the id of its series, and `version` its version in the series.
    """

    newsletter: str
    issue: Label
    n: int
    id: str
    locator: str
    kind: str
    title: str
    body: str
    url: str | None = None
    author: str | None = None
    people: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    parent: str | None = None
    tree: str | None = None
    identifiers: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    facet: str = ""
    versions: tuple[Version, ...] = ()
    outcome: Outcome | None = None
    corrections: tuple[Correction, ...] = ()
    topics: tuple[str, ...] = ()
    series: str | None = None
    version: int | None = None
    links: tuple[Link, ...] = ()
    blocks: tuple[Block, ...] = ()
    line: int = 0
    original_url: str | None = None
    source_url: str | None = None
    archived_url: str | None = None

    @property
    def own_outcome(self) -> Outcome | None:
        """The outcome of a patch unless it is known from its series alone."""
        return self.outcome if self.outcome and self.outcome.grade != OF_SERIES else None

    @property
    def issue_key(self) -> IssueKey:
        """The key of the entry's issue."""
        return IssueKey(self.newsletter, self.issue)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The people whose names `author` spells differently."""
        author = self.author or ""
        return tuple(name for name in self.people if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", author))


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a newsletter, divided into entries; `date` is None if unknown.

    `digest` identifies the text it was read from.
    """

    newsletter: str
    label: Label
    title: str
    date: datetime | None
    url: str | None
    edition: Edition
    entries: tuple[Entry, ...]
    division: Division
    problems: tuple[Problem, ...] = ()
    digest: str = ""

    @property
    def key(self) -> IssueKey:
        """Newsletter and label."""
        return IssueKey(self.newsletter, self.label)
