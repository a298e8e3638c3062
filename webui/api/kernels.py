"""The kernel versions, and what is known of each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.kernels import KernelAbout, KernelCount, kernels
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, MostArgs, paged, shortened
from webui.api.records import record
from webui.api.schema import listing_of, model_of
from webui.live import catalog

KernelsAnswer = listing_of("kernels", KernelCount, "KernelsAnswer", "The versions in the archive, the newest first.")


class KernelPath(BaseModel):
    """A kernel version, with or without its v."""

    version: str = Field(description="A kernel version, with or without its v.", json_schema_extra={"example": "v4.15"})


@api.get("/kernels", summary="All kernel versions", **listing(KernelsAnswer))
def all_kernels(query: ListArgs) -> Response:
    """Answer with the kernel versions that the archive reaches, the newest first."""
    return jsonify(paged("kernels", kernels(catalog()), query))


@api.get("/kernels/<name:version>", summary="One kernel version", **resource(model_of(KernelAbout)))
def kernel(path: KernelPath, query: MostArgs) -> Response:
    """Answer with what landed in a kernel version, and the entries that are of it."""
    return jsonify(shortened(record(lookup.kernel(catalog(), path.version)), query.limit))
