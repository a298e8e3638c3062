"""Build the index of an archive in a cluster: a new generation, or changes to the current one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import indexer
from indexer.build.about import about_index
from indexer.build.builder import NONE_PARSED, Builder, Built, Parsed, Progress, rare_collections
from indexer.build.fingerprint import Row, digest_of_tables, row_key
from indexer.engines.opensearch import generations
from indexer.engines.opensearch.bulk import Bulk
from indexer.engines.opensearch.catalog import ClusterCatalog
from indexer.engines.opensearch.connection import BadEngine, Place, client_errors, connect
from indexer.engines.opensearch.generations import ABOUT, WORDS
from indexer.engines.opensearch.lease import building
from indexer.engines.opensearch.mapping import entries_index, words_index
from indexer.engines.opensearch.requests import ALL
from indexer.engines.opensearch.retrying import with_retries
from indexer.engines.opensearch.sharing import Shared, parse_some
from indexer.engines.opensearch.writer import ClusterWriter, places_of
from indexer.errors import EngineUnreachable, IndexMissing
from indexer.model import Entry
from indexer.query.tree import Match
from indexer.sources.archive import Archive, Source

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

FEW = 0.2  # share of changed issues above which a new generation is built
READY = "60s"  # wait for the copies of a new index; after that it is written without them
WEIGHING = ("search/scoring.py", "engines/opensearch/mapping.py", "engines/opensearch/ready.py")


class Before:
    """The current generation, from which a build takes unchanged issues."""

    def __init__(self, catalog: ClusterCatalog) -> None:
        self.catalog = catalog
        self.metadata: dict[str, Any] = catalog.index.metadata

    def entries_of(self, issue: str) -> tuple[Entry, ...]:
        """Return the entries of an issue (newsletter/label), in reading order."""
        return tuple(self.catalog.find(Match("issue", issue)))


def build(
    archive: Archive, place: Place, progress: Progress = lambda done, total: None,
    prepare: Callable[[], None] = lambda: None, parsed: Parsed = NONE_PARSED,
) -> Built:  # fmt: skip
    """Bring the index of an archive in a cluster up to date. Readers see the change at the end, all at once.

    Raises `IndexLocked`, `BadArchive`, `BadEngine` and `EngineUnreachable`.
    """
    start = time.perf_counter()
    client = connect(place)
    with_retries(partial(generations.check_name, client, place))
    with building(client, place), rare_collections():
        archive.recover()
        prepare()
        sources = archive.sources()
        tables = digest(archive)
        with_retries(partial(generations.sweep, client, place))
        bulk, shared = Bulk(client, place), Shared(client, place, tables, parsed)
        try:
            before = with_retries(partial(usable, client, place, tables))
            places = before and places_of([str(each.key) for each in sources], known_places(before))
            if before and places and is_little(before, archive, sources):
                builder = change(archive, bulk, before, sources, places, progress, tables, shared)
            else:
                builder = make(archive, client, bulk, sources, progress, tables, shared)
        finally:
            bulk.close()
        progress(len(sources), len(sources))
        with_retries(partial(generations.sweep, client, place))
        with_retries(shared.end)
    return builder.built(start)


def usable(client: OpenSearch, place: Place, tables: str) -> ClusterCatalog | None:
    """Return the current generation, if this code built it from these tables; otherwise None."""
    try:
        found = generations.opened(client, place)
    except IndexMissing as error:
        if isinstance(error, EngineUnreachable):
            raise
        return None
    return found if found.about.record["tables"] == tables else None


def known_places(before: ClusterCatalog) -> dict[str, float]:
    """Return the rank of each issue of a generation."""
    return {row_key(row): row["place"] for row in before.about.record["issues"]}


def is_little(before: ClusterCatalog, archive: Archive, sources: list[Source]) -> bool:
    """Return whether only few issues have changed."""
    builder = Builder(archive, ClusterWriter.__new__(ClusterWriter), Before(before), sources)
    gone = before.about.issues.keys() - {str(source.key) for source in sources}
    return len(builder.unread) + len(gone) <= FEW * max(1, len(sources))


def make(
    archive: Archive, client: OpenSearch, bulk: Bulk, sources: list[Source], progress: Progress, tables: str,
    shared: Shared,
) -> Builder:  # fmt: skip
    """Build a new generation of all issues, check that it is complete, and publish it."""
    name = begin(archive, client, bulk.place)
    places = {str(source.key): float(n) for n, source in enumerate(sources, 1)}
    writer = ClusterWriter(bulk, name, places, None, archive)
    builder = Builder(archive, writer, None, sources)
    builder.take_all(progress, shared.parsed(builder))
    complete(archive, client, bulk, writer, builder.rows, tables)
    return builder


def begin(archive: Archive, client: OpenSearch, place: Place) -> str:
    """Create the indices of a new generation, and return its name."""
    name = generations.new_name(place)
    bodies = {
        name: entries_index(place.shards, place.replicas, archive.version_facets),
        name + WORDS: words_index(place.replicas),
    }
    for index, body in bodies.items():
        with_retries(partial(create, client, place, index, body))
    with client_errors(place):
        status = {"wait_for_status": "green", "timeout": READY}
        client.cluster.health(index=f"{name},{name}{WORDS}", params=status, ignore=408, request_timeout=90)
    return name


def create(client: OpenSearch, place: Place, index: str, body: dict[str, Any]) -> None:
    """Create an index, unless an earlier request whose response was lost has done so."""
    with client_errors(place):
        if not client.indices.exists(index=index):
            client.indices.create(index=index, body=body)


def complete(
    archive: Archive, client: OpenSearch, bulk: Bulk, writer: ClusterWriter, rows: list[Row], tables: str
) -> None:
    """Write the terms of a new generation after its entries, check it, and publish it."""
    place, words = bulk.place, writer.entries + WORDS
    writer.finish()
    terms = writer.write_terms(words)
    publish(archive, bulk, rows, writer, tables, changed=False)
    number = with_retries(partial(count, client, place, words, {"exists": {"field": "term"}}))
    if number != terms:
        raise BadEngine(f"The cluster at {place.shown} has {number:,} of {terms:,} terms. Run backissue index again.")
    with_retries(partial(generations.publish, client, place, writer.entries))


def change(
    archive: Archive, bulk: Bulk, before: ClusterCatalog, sources: list[Source], places: dict[str, float],
    progress: Progress, tables: str, shared: Shared,
) -> Builder:  # fmt: skip
    """Write the changed issues to the current generation. They are visible once all are written."""
    entries = before.requests.entries
    with client_errors(bulk.place):
        bulk.client.indices.refresh(index=entries)  # show what a killed build left behind
    writer = ClusterWriter(bulk, entries, places, before, archive)
    for issue in before.requests.values("issue", ALL).keys() - before.about.issues.keys():
        writer.remove(issue)
    builder = Builder(archive, writer, Before(before), sources)
    builder.take_all(progress, shared.parsed(builder))
    if not builder.unread and not writer.removed and not writer.terms:
        return builder
    writer.finish()
    writer.add_terms(before.requests.words)
    publish(archive, bulk, builder.rows, writer, tables, changed=True)
    return builder


def publish(
    archive: Archive, bulk: Bulk, found: list[Row], writer: ClusterWriter, tables: str, *, changed: bool
) -> None:
    """Make the changes visible, check their number, and write the generation's metadata."""
    place, words = bulk.place, writer.entries + WORDS
    bulk.finish()
    with_retries(partial(refresh, bulk.client, place, f"{writer.entries},{words}"))
    number = with_retries(partial(count, bulk.client, place, writer.entries, {"match_all": {}}))
    wanted = sum(row["entries"] for row in found)
    if number != wanted:
        raise BadEngine(
            f"The cluster at {place.shown} has {number:,} of {wanted:,} entries. Run backissue index again."
        )
    rows = [row | {"place": writer.places[row_key(row)]} for row in found]
    parts = generations.metadata_parts(about_index(archive, tables, rows), changed=changed)
    for key in sorted(parts, key=ABOUT.__eq__):  # that one last, because readers watch it
        if key == ABOUT:
            bulk.finish()
        bulk.put(words, key, {"about": {"parts": parts[key]}})
    bulk.finish()


def refresh(client: OpenSearch, place: Place, indices: str) -> None:
    """Make all changes searchable. Raises `EngineUnreachable` if a shard does not answer."""
    with client_errors(place):
        done = client.indices.refresh(index=indices, request_timeout=600)["_shards"]
    if done["failed"]:
        raise EngineUnreachable(f"The cluster at {place.shown} has a shard that does not answer. Start all its nodes.")


def count(client: OpenSearch, place: Place, index: str, query: dict[str, Any]) -> int:
    """Count the documents of an index that match a query, in all shards."""
    with client_errors(place):
        answer = client.count(index=index, body={"query": query})
    if answer["_shards"]["failed"]:
        raise EngineUnreachable(f"The cluster at {place.shown} has a shard that does not answer. Start all its nodes.")
    return int(answer["count"])


def digest(archive: Archive) -> str:
    """Return a digest of what a generation depends on apart from the issues, including the code for entries."""
    found = hashlib.sha256(digest_of_tables(archive).encode())
    for name in WEIGHING:
        found.update((Path(indexer.__file__).parent / name).read_bytes())
    return found.hexdigest()


def parse(archive: Archive, place: Place, progress: Progress = lambda done, total: None) -> int:
    """Parse issues for a build on another machine, except those that others have claimed. Return their number."""
    client, tables, sources = connect(place), digest(archive), archive.sources()
    before = with_retries(partial(usable, client, place, tables))
    if before and not is_little(before, archive, sources):
        before = None  # the build will parse all
    writer = ClusterWriter.__new__(ClusterWriter)
    builder = Builder(archive, writer, Before(before) if before else None, sources)
    return parse_some(builder, Shared(client, place, tables), archive, progress)
