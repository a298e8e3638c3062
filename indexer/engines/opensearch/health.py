"""Report the state of an index in a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.engines.opensearch.connection import Place, client_errors, connect
from indexer.engines.opensearch.generations import Generation, current, damaged, opened
from indexer.errors import EngineUnreachable

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

MEGABYTE = 1_000_000
READ_ONLY = ("read_only", "read_only_allow_delete", "write")


def checked(place: Place) -> str:
    """Return a report on the current generation: its size, and any problems.

    Raises `IndexMissing` if it has another version or lacks entries, `EngineUnreachable` if parts are unavailable.
    """
    client = connect(place)
    try:
        found = current(client, place)
    except EngineUnreachable as error:
        if status(client, place, f"{place.name}-2*")["status"] != "red":
            raise
        raise red(place) from error
    both = f"{found.entries},{found.words}"
    health = status(client, place, both)
    if health["status"] == "red":
        raise red(place)
    about = opened(client, place, found).about
    with client_errors(place):
        number = client.count(index=found.entries)["count"]
        store = client.indices.stats(index=both, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    if number != about.entries:
        raise damaged(place, found)
    whole = (
        f"The index is intact: {number:,} entries of {len(about.issues):,} issues, {store / MEGABYTE:,.1f} MB per copy."
    )
    return " ".join((whole, *warnings(client, place, found, health)))


def status(client: OpenSearch, place: Place, indices: str) -> dict[str, Any]:
    """Return the cluster's report on some indices."""
    with client_errors(place):
        return dict(client.cluster.health(index=indices))


def red(place: Place) -> EngineUnreachable:
    return EngineUnreachable(
        f"Parts of the index {place.name} are on no running node of the cluster at {place.shown} (red). Start "
        "the missing nodes, or run backissue index with this engine."
    )


def warnings(client: OpenSearch, place: Place, found: Generation, health: dict[str, Any]) -> list[str]:
    """Return a sentence for each problem that is not serious yet."""
    sentences = []
    if health["status"] == "yellow":
        sentences.append(
            f"Copies of {health['unassigned_shards']} shards are missing (yellow). If a node fails now, searches may "
            "fail. Start the missing nodes."
        )
    with client_errors(place):
        settings = client.indices.get_settings(index=f"{found.entries},{found.words}")
    blocks = [each["settings"]["index"].get("blocks", {}) for each in settings.values()]
    if any(str(each.get(name)) == "true" for each in blocks for name in READ_ONLY):
        sentences.append(
            "The index is read-only. Free some space on the disks of the nodes before the next backissue index."
        )
    return sentences
