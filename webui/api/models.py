"""The parts that the API's answers have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Edition = Literal["retold", "original"]
Author = Annotated[str | None, Field(description="As the newsletter writes it.")]
People = Annotated[list[str], Field(description="Whom the author names, each by one name in all entries.")]


class FacetEntryVersion(BaseModel):
    """A version of an entry, and how it is known."""

    version: str
    how: Literal["stated", "landed", "merged", "issue"] = Field(
        description="Named by the entry, first release of what it introduces, release of the patch, or in development."
    )
    evidence: str = Field(description="How that is known, in words.")
    url: str | None = Field(description="The commit or release behind it.")
    facet_url: str


class PatchRevert(BaseModel):
    """The commit that reverted a merged patch."""

    commit: str
    release: str = Field(description="The first release that holds it, empty if there is none yet.")
    said: str = Field(description="That in words, such as: reverted in v4.15.")


class PatchOutcome(BaseModel):
    """What became of a patch."""

    outcome: Literal["merged", "superseded", "not merged", "unknown"]
    commit: str | None = Field(description="The commit, where it is known; that of the later version if superseded.")
    repository: str | None = Field(description="The repository, such as iproute2.")
    release: str | None = Field(description="The first release of the repository that holds the commit.")
    source: str | None = Field(description="How that is known, in words.")
    grade: str | None = Field(description="How well it is known, in a word.")
    commit_url: str | None
    reverted: PatchRevert | None


class FieldCorrection(BaseModel):
    """A field of an entry that was corrected by hand."""

    field: str
    before: str = Field(description="Its value before.")
    reason: str
    source: str | None = Field(description="A page that shows that the correction is right.")


class Name(BaseModel):
    """A name as an issue writes it, the usual name of the same thing, and why they are one."""

    written: str
    canonical: str
    reason: str
    identifier_url: str
