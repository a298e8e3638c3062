"""Models that several answers of the API contain."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Edition = Literal["retold", "original"]
Author = Annotated[str | None, Field(description="As the newsletter writes the name.")]
People = Annotated[
    list[str], Field(description="The people that the author field names, each with the same spelling in all entries.")
]


class FacetEntryVersion(BaseModel):
    """A version of an entry, with the evidence for it."""

    version: str
    how: Literal["stated", "landed", "merged", "issue"] = Field(
        description="`stated` by the entry, `landed` (first release of what it introduces), "
        "`merged` (release of the patch), or `issue` (in development at the time)."
    )
    evidence: str = Field(description="The evidence in words.")
    url: str | None = Field(description="The commit or release that proves it.")
    facet_url: str


class PatchRevert(BaseModel):
    """The commit that reverted a merged patch."""

    commit: str
    release: str = Field(description="The first release that holds it, empty if there is none yet.")
    said: str = Field(description="That in words, such as: reverted in v4.15.")


class PatchOutcome(BaseModel):
    """The outcome of a patch."""

    outcome: Literal["merged", "superseded", "not merged", "unknown"]
    commit: str | None = Field(
        description="The commit if it is known. For a superseded patch, that of the later version."
    )
    repository: str | None = Field(description="The repository, such as iproute2.")
    release: str | None = Field(description="The first release that contains the commit.")
    latest: str | None = Field(
        default=None, description="A release that contains the commit, if the first one is not known."
    )
    source: str | None = Field(description="The source of the outcome.")
    grade: str | None = Field(description="The quality of the source, in a word.")
    commit_url: str | None
    reverted: PatchRevert | None


class FieldCorrection(BaseModel):
    """A field of an entry that was corrected by hand."""

    field: str
    before: str = Field(description="Its original value.")
    reason: str
    source: str | None = Field(description="A page that proves the correction.")


class Name(BaseModel):
    """A name as an issue spells it, its usual spelling, and the reason why they are the same."""

    written: str
    canonical: str
    reason: str
    identifier_url: str
