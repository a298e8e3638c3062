"""The parts that the API's answers have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from indexer.model import KINDS

Edition = Literal["retold", "original"]
Author = Annotated[str | None, Field(description="As the newsletter writes it.")]
People = Annotated[list[str], Field(description="Whom the author names, each by one name in all entries.")]


class Brief(BaseModel):
    """An entry in brief, as lists have it."""

    id: str
    title: str
    kind: str = Field(description=f"One of {', '.join(KINDS)}.")
    issue: str = Field(description="The issue, newsletter/number.")
    date: str = Field(description="The day of the issue, YYYY-MM-DD.")
    section: list[str] = Field(description="The headings above it, outermost first.")
    author: Author
    people: People
    url: str | None = Field(description="What the entry links to.")
    parent: str | None = Field(description="The id of the cover letter that a patch is below.")
    tree: str | None = Field(description="The tree that a patch is for.")
    series: str | None = Field(description="The id of the series that a patch is of.")
    version: int | None = Field(description="Which version of the series.")
    original_url: str | None = Field(description="Its text in the page of the issue.")
    source_url: str | None = Field(description="Its line in the source of the issue.")
    entry_url: str
    issue_url: str
    parent_url: str | None
    series_url: str | None
    author_url: str | None = Field(description="Of the first of its people.")


class KernelVersion(BaseModel):
    """A kernel version of an entry, and how it is known."""

    version: str
    how: Literal["stated", "landed", "merged", "issue"] = Field(
        description="Named by the entry, first release of what it introduces, release of the patch, or in development."
    )
    evidence: str = Field(description="How that is known, in words.")
    url: str | None = Field(description="The commit or release behind it.")
    kernel_url: str


class PatchOutcome(BaseModel):
    """What became of a patch."""

    outcome: Literal["merged", "superseded", "not merged", "unknown"]
    commit: str | None = Field(description="The commit, where it is known; that of the later version if superseded.")
    repository: str | None = Field(description="The repository, such as linux or iproute2.")
    release: str | None = Field(description="The first release of the repository that holds the commit.")
    source: str | None = Field(description="How that is known, in words.")
    grade: str | None = Field(description="How well it is known, in a word.")
    commit_url: str | None


class Name(BaseModel):
    """A name as an issue writes it, the kernel's name for the same thing, and why they are one."""

    written: str
    canonical: str
    reason: str
    identifier_url: str


class Claim(BaseModel):
    """What one source says of where a name landed."""

    source: str
    version: str
    commit: str
    differs: Literal["version", "commit", ""] = Field(description="In what it is not what was settled on.")


class Landing(BaseModel):
    """The first release that holds a name."""

    name: str
    kind: str
    version: str
    commit: str
    commit_url: str
    claims: list[Claim]
    disputed: bool = Field(description="Whether a source gives another version.")
    note: str
    checked: bool = Field(description="Whether it was settled against kernel headers.")
    identifier_url: str
    kernel_url: str


class Mention(BaseModel):
    """An entry that mentions a name, and the form in which it writes it."""

    entry: Brief
    written: str
