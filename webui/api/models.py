"""Models that are parts of several answers of the API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Edition = Literal["retold", "original"]
Author = Annotated[str | None, Field(description="As the newsletter writes the name.")]
People = Annotated[
    list[str], Field(description="The people in the author field. Each is spelled the same in all entries.")
]


class FacetEntryVersion(BaseModel):
    """A version of an entry, with the evidence for it."""

    version: str
    how: Literal["stated", "landed", "merged", "issue"] = Field(
        description="How the version is known: `stated` (by the entry), `landed` (the first release of what the entry "
        "introduces), `merged` (the release of the patch), or `issue` (in development on the date of the issue)."
    )
    evidence: str = Field(description="The evidence in words.")
    url: str | None = Field(description="The URL of the commit or release that proves it.")
    facet_url: str


class PatchRevert(BaseModel):
    """The commit that reverted a merged patch."""

    commit: str
    release: str = Field(description="The first release that contains the commit. Empty if there is none yet.")
    said: str = Field(description="The revert in words, such as: reverted in v4.15.")


class PatchOutcome(BaseModel):
    """The outcome of a patch."""

    outcome: Literal["merged", "superseded", "not merged", "unknown"]
    commit: str | None = Field(
        description="The commit, if it is known. For a superseded patch, the commit of the later version."
    )
    repository: str | None = Field(description="The repository, such as iproute2.")
    release: str | None = Field(description="The first release that contains the commit.")
    latest: str | None = Field(
        default=None, description="A release that contains the commit, if the first one is not known."
    )
    source: str | None = Field(description="The source of the outcome.")
    grade: str | None = Field(description="How the outcome is known, such as `commit` or `of the series`.")
    commit_url: str | None
    reverted: PatchRevert | None


class FieldCorrection(BaseModel):
    """A field of an entry that was corrected by hand."""

    field: str
    before: str = Field(description="Its original value.")
    reason: str
    source: str | None = Field(description="A page that proves the correction.")


class Name(BaseModel):
    """An identifier as the issue writes it, its usual spelling, and the reason why both are the same."""

    written: str
    canonical: str
    reason: str
    identifier_url: str
