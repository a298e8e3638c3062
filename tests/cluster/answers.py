"""The parts of an answer that must be equal in every engine, and the compared queries."""

from __future__ import annotations

from indexer.catalog.answers import Page

QUERIES = (
    "", "bpf_getsockops", "sokmap", "verifier", "XDP redirect", '"error injection"', "did the arm jit land",
    "map NOT patch", "redirec*", "sockmap OR devmap", "what was new in v4.14 for XDP", "kernel/bpf/devmap.c",
    "yonghong llvm september 2017", "kfunc", "limit what an unprivileged user may load",
)  # fmt: skip


def counts(page: Page) -> dict[str, list[tuple[str, int]]]:
    """Return the values of each facet with their counts."""
    return {name: [(each.value, each.count) for each in values] for name, values in page.facets.items()}


def first(page: Page) -> list[str]:
    """Return the id of the first hit, if there is one."""
    return [hit.record["id"] for hit in page.hits[:1]]


def numbers(page: Page) -> tuple[object, ...]:
    """Return everything in an answer except the order of hits."""
    return page.total, page.results, page.closest, page.corrected, page.notices, counts(page)
