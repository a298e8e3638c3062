"""The state of an index in a cluster, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.engines.opensearch.connection import Place, client, told
from indexer.engines.opensearch.generations import Generation, current, damaged, opened
from indexer.errors import EngineUnreachable

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

MEGABYTE = 1_000_000
READ_ONLY = ("read_only", "read_only_allow_delete", "write")


def checked(place: Place) -> str:
    """Return sentences on the current generation: how much it holds, and what is amiss with it.

    Raises `IndexMissing` where it is of another version or lacks entries, `EngineUnreachable` where parts are away.
    """
    asked = client(place)
    found = current(asked, place)
    both = f"{found.entries},{found.words}"
    with told(place):
        health: dict[str, Any] = asked.cluster.health(index=both)
    if health["status"] == "red":
        raise EngineUnreachable(
            f"Parts of the index {place.name} are on no node of the cluster at {place.shown} that runs (red). Start "
            "the nodes that hold them, or run backissue index with this engine."
        )
    about = opened(asked, place, found).about
    with told(place):
        held = asked.count(index=found.entries)["count"]
        store = asked.indices.stats(index=both, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    if held != about.entries:
        raise damaged(place, found)
    whole = f"The index is whole: {held:,} entries of {len(about.issues):,} issues, {store / MEGABYTE:,.1f} MB a copy."
    return " ".join((whole, *amiss(asked, place, found, health)))


def amiss(asked: OpenSearch, place: Place, found: Generation, health: dict[str, Any]) -> list[str]:
    """Return a sentence for each thing that does no harm yet."""
    said = []
    if health["status"] == "yellow":
        said.append(
            f"Copies of {health['unassigned_shards']} shards are missing (yellow): if a node fails now, searches may "
            "fail with it. Start the nodes that are away."
        )
    with told(place):
        settings = asked.indices.get_settings(index=f"{found.entries},{found.words}")
    blocks = [each["settings"]["index"].get("blocks", {}) for each in settings.values()]
    if any(str(each.get(name)) == "true" for each in blocks for name in READ_ONLY):
        said.append("The index is read-only: make room on the disks of the nodes before the next backissue index.")
    return said
