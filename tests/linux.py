"""The shipped archive's fields, facets and kinds, and its query language with them."""

from __future__ import annotations

from functools import partial

from indexer.catalog.facets import facets_of, version_facet
from indexer.query.address import from_args as from_args_of
from indexer.query.fields import Fields, VersionForm
from indexer.query.parser import parse as parse_of
from indexer.query.query import query_of as query_of_fields

LINUX = Fields((VersionForm("kernel", "v", 2),), patches=True)
FILTERS, FIELDS, SORTS = LINUX.filters, LINUX.names, LINUX.sorts
KINDS = ("helper", "feature", "talk", "project", "article", "patch", "note", "commentary")
KERNEL = version_facet("kernel", "Kernel version", "kernel version", ("v4.15", "v4.13..v4.15", ">=4.14"))
FACETS = facets_of(LINUX, [KERNEL], KINDS, "bpf-updates/13")
BY_NAME = {facet.name: facet for facet in FACETS}
parse = partial(parse_of, fields=LINUX)
from_args = partial(from_args_of, fields=LINUX)
query_of = partial(query_of_fields, fields=LINUX)
normal = LINUX.normal
