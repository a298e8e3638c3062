"""Manage the generations of an archive in a cluster: find the current one, publish a new one, remove old ones."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.engines.opensearch.catalog import ClusterCatalog
from indexer.engines.opensearch.connection import BadEngine, Place, client_errors
from indexer.engines.opensearch.index import ClusterIndex
from indexer.engines.opensearch.mapping import LAYOUT
from indexer.engines.opensearch.requests import Requests
from indexer.errors import EngineUnreachable, IndexMissing
from indexer.storage.schema import FORMAT

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

WORDS = "-words"
ABOUT = "about"
PART = 10_000_000  # maximum size of a metadata document, in characters
LATER = ("landings",)
KEPT = 1  # previous generations to keep, for readers that still use them


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation: the name of its index of entries, and the state of its metadata."""

    entries: str
    state: int

    @property
    def words(self) -> str:
        """The index of its terms."""
        return self.entries + WORDS


def new_name(place: Place) -> str:
    """Return the name of a new generation. Names sort by age."""
    return f"{place.name}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"


def current(client: OpenSearch, place: Place) -> Generation:
    """Return the current generation. Raises `IndexMissing` if there is none, `BadEngine` if it is not backissue's."""
    with client_errors(place):
        aliases = client.indices.get_alias(name=place.name, params={"ignore_unavailable": "true"}, ignore=404)
        if "error" in aliases:
            aliases = {}
        if not aliases and client.indices.exists(index=place.name):
            raise BadEngine(taken(place))
        ours = [name for name in aliases if is_ours(client, name)]
        if aliases and not ours:
            raise BadEngine(taken(place))
        if not ours:
            raise IndexMissing(
                f"The cluster at {place.shown} has no index {place.name} yet. Run backissue index with this engine."
            )
        about = client.get(index=ours[0] + WORDS, id=ABOUT, params={"_source": "false"}, ignore=404)
    return Generation(ours[0], int(about.get("_seq_no", -1)))


def check_name(client: OpenSearch, place: Place) -> None:
    """Raise `BadEngine` if the alias names an index that backissue did not create."""
    try:
        current(client, place)
    except EngineUnreachable:
        raise
    except IndexMissing:
        pass  # the first build creates it


def taken(place: Place) -> str:
    return (
        f"The index {place.name} of the cluster at {place.shown} was not created by backissue. Choose another name "
        "with BACKISSUE_ENGINE_INDEX."
    )


def is_ours(client: OpenSearch, name: str) -> bool:
    """Return whether backissue created an index."""
    found: Mapping[str, Any] = client.indices.get_mapping(index=name)
    return all("backissue" in each["mappings"].get("_meta", {}) for each in found.values())


def opened(client: OpenSearch, place: Place, generation: Generation | None = None) -> ClusterCatalog:
    """Return the catalog of the current generation. Raises `IndexMissing` if it has another version."""
    found = generation or current(client, place)
    with client_errors(place):
        settings = client.indices.get_settings(index=found.entries)[found.entries]["settings"]["index"]
    requests = Requests(client, place, found.entries, found.words, int(settings["number_of_shards"]))
    metadata = read(client, place, found, ABOUT)
    if metadata.get("format") != FORMAT or metadata.get("layout") != LAYOUT:
        raise IndexMissing(
            f"The index {place.name} of the cluster at {place.shown} is of another version of backissue. "
            "Run backissue index with this engine."
        )
    index = ClusterIndex(requests, metadata, lambda: read(client, place, found, "more"))
    return ClusterCatalog(index, f"{found.entries}.{found.state}")


def metadata_parts(about: Mapping[str, Any], **more: Any) -> dict[str, list[str]]:
    """Return the metadata of a generation by document id, split into parts of limited size."""
    later = {key: about[key] for key in LATER}
    first = {key: value for key, value in about.items() if key not in LATER} | {"layout": LAYOUT} | more
    texts = {ABOUT: json.dumps(first, ensure_ascii=False), "more": json.dumps(later, ensure_ascii=False)}
    return {name: [text[at : at + PART] for at in range(0, len(text), PART)] for name, text in texts.items()}


def read(client: OpenSearch, place: Place, generation: Generation, name: str) -> dict[str, Any]:
    """Return the metadata of a generation. Raises `IndexMissing` if it has none."""
    with client_errors(place):
        found = client.get(index=generation.words, id=name, ignore=404)
    if not found.get("found"):
        raise damaged(place, generation)
    return dict(json.loads("".join(found["_source"]["about"]["parts"])))


def damaged(place: Place, generation: Generation) -> IndexMissing:
    return IndexMissing(
        f"The index {generation.entries} of the cluster at {place.shown} is damaged. Run backissue index "
        "with this engine."
    )


def publish(client: OpenSearch, place: Place, name: str) -> None:
    """Make a generation the current one by one atomic change of the alias."""
    with client_errors(place):
        aliases = client.indices.get_alias(name=place.name, ignore=404)
        before = [each for each in aliases if "error" not in aliases]
        actions = [{"remove": {"index": each, "alias": place.name}} for each in before]
        client.indices.update_aliases(body={"actions": [*actions, {"add": {"index": name, "alias": place.name}}]})


def sweep(client: OpenSearch, place: Place, *, keep: int = KEPT) -> None:
    """Remove generations that no reader uses any more, and those left by killed builds."""
    with client_errors(place):
        pattern = f"{place.name}-2*"
        found = client.indices.get_mapping(
            index=pattern, params={"allow_no_indices": "true", "expand_wildcards": "open"}
        )
        ours = {name for name, each in found.items() if "backissue" in each["mappings"].get("_meta", {})}
        aliases = client.indices.get_alias(name=place.name, ignore=404)
        now = {name for name in aliases if "error" not in aliases}
        finished = sorted(
            name for name in ours if name + WORDS in ours and is_finished(client, name) and name not in now
        )
        kept = now | set(finished[len(finished) - keep :] if keep else ())
        for name in sorted(ours):
            if name.removesuffix(WORDS) not in kept:
                client.indices.delete(index=name, ignore=404)


def is_finished(client: OpenSearch, name: str) -> bool:
    """Return whether a generation was completed, which its metadata shows."""
    return bool(client.exists(index=name + WORDS, id=ABOUT))
