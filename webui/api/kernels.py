"""The kernel versions, and what is known of each."""

from __future__ import annotations

from typing import Literal

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.kernels import kernels
from webui.api.blueprint import api, listing, resource
from webui.api.models import Brief, Landing, Mention
from webui.api.paging import ListArgs, MostArgs, Paged, paged, shortened
from webui.api.records import record
from webui.live import catalog


class Kernel(BaseModel):
    """A kernel version, how many entries are of it, in all and by how that is known, and how many names landed."""

    version: str
    rc1: str | None = Field(description="The day on which its merge window closed, YYYY-MM-DD.")
    released: str | None
    entries: int
    stated: int
    landed: int
    merged: int
    issue: int
    names: int
    kernel_url: str
    search_url: str
    page_url: str


class Landed(BaseModel):
    """A name that landed in a version, and the entries that mention it."""

    landing: Landing
    mentions: list[Mention]


class LandedKind(BaseModel):
    """What landed of one kind: helper, program type, map type or other."""

    kind: str
    names: list[Landed]


class OfKind(BaseModel):
    """Entries of one kind, in reading order."""

    kind: str
    entries: list[Brief]


class Known(BaseModel):
    """The entries whose version is known in one way; each stands under the surest way alone."""

    how: Literal["stated", "landed", "merged", "issue"]
    count: int = Field(description="How many a search for this version and this way finds.")
    above: int = Field(description="How many of them stand under a surer way; with all that follow they are `count`.")
    reports: list[OfKind] = Field(description="All but patches.")
    fixes: list[Brief] = Field(description="The patches that are fixes.")
    patches: list[str] = Field(description="The ids of the other patches.")


class KernelsAnswer(Paged):
    """The versions that the archive reaches, the newest first."""

    kernels: list[Kernel]


class KernelAnswer(BaseModel):
    """What is known of a kernel version; days are YYYY-MM-DD."""

    version: str
    url: str = Field(description="Its tag in the kernel's repository.")
    opened: str | None = Field(description="The day on which its merge window opened.")
    rc1: str | None = Field(description="The day on which it closed.")
    released: str | None
    previous: str | None
    next: str | None
    landed: list[LandedKind]
    known: list[Known] = Field(description="How entries are known to be of it, the surest first.")
    talks: list[Brief]
    kernel_url: str
    previous_url: str | None
    next_url: str | None
    search_url: str
    page_url: str


class KernelPath(BaseModel):
    """A kernel version, with or without its v."""

    version: str = Field(description="A kernel version, with or without its v.", json_schema_extra={"example": "v4.15"})


@api.get("/kernels", summary="All kernel versions", **listing(KernelsAnswer))
def all_kernels(query: ListArgs) -> Response:
    """Answer with the kernel versions that the archive reaches, the newest first."""
    return jsonify(paged("kernels", kernels(catalog()), query))


@api.get("/kernels/<name:version>", summary="One kernel version", **resource(KernelAnswer))
def kernel(path: KernelPath, query: MostArgs) -> Response:
    """Answer with what landed in a kernel version, and the entries that are of it."""
    return jsonify(shortened(record(lookup.kernel(catalog(), path.version)), query.limit))
