"""An archive to a generation in a cluster: a new one made and swapped in, or what changed written into the current."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import indexer
from indexer.build.about import about_index
from indexer.build.builder import Builder, Built, Progress, collecting_seldom
from indexer.build.fingerprint import Row, digest_of_tables, row_key
from indexer.engines.opensearch import generations
from indexer.engines.opensearch.asking import ALL
from indexer.engines.opensearch.bulk import Bulk
from indexer.engines.opensearch.catalog import ClusterCatalog
from indexer.engines.opensearch.connection import BadEngine, Place, client, told
from indexer.engines.opensearch.generations import ABOUT, WORDS
from indexer.engines.opensearch.lease import building
from indexer.engines.opensearch.mapping import entries_index, words_index
from indexer.engines.opensearch.retrying import patiently
from indexer.engines.opensearch.writer import ClusterWriter, places_of
from indexer.errors import EngineUnreachable, IndexMissing
from indexer.model import Entry
from indexer.query.tree import Match
from indexer.sources.archive import Archive, Source

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

FEW = 0.2  # of the issues; where more changed, a new generation is made
READY = "60s"  # that a new index may take until its copies are there; without them it is written all the same
WEIGHING = ("search/scoring.py", "engines/opensearch/mapping.py", "engines/opensearch/ready.py")


class Before:
    """The current generation, as a build takes issues over from it."""

    def __init__(self, catalog: ClusterCatalog) -> None:
        self.catalog = catalog
        self.about: dict[str, Any] = catalog.index.about

    def entries_of(self, issue: str) -> tuple[Entry, ...]:
        """Return the entries of an issue (newsletter/label), in reading order."""
        return tuple(self.catalog.find(Match("issue", issue)))


def build(
    archive: Archive, place: Place, progress: Progress = lambda done, total: None,
    prepare: Callable[[], None] = lambda: None,
) -> Built:  # fmt: skip
    """Bring the index of an archive in a cluster up to date; what is searched changes at once, and only at the end.

    Raises `IndexLocked`, `BadArchive`, `BadEngine` and `EngineUnreachable`.
    """
    start = time.perf_counter()
    asked = client(place)
    patiently(partial(generations.check_name, asked, place))
    with building(asked, place) as lease, collecting_seldom():
        archive.settle()
        prepare()
        sources = archive.sources()
        tables = digest(archive)
        patiently(partial(generations.sweep, asked, place))
        bulk = Bulk(asked, place, lease.renew)
        try:
            before = patiently(partial(usable, asked, place, tables))
            places = before and places_of([str(each.key) for each in sources], known_places(before))
            if before and places and is_little(before, archive, sources):
                builder = change(archive, bulk, before, sources, places, progress, tables)
            else:
                builder = make(archive, asked, bulk, sources, progress, tables)
        finally:
            bulk.close()
        progress(len(sources), len(sources))
        patiently(partial(generations.sweep, asked, place))
    return builder.built(start)


def usable(asked: OpenSearch, place: Place, tables: str) -> ClusterCatalog | None:
    """Return the current generation, where it was made by this code from these tables; None where there is none."""
    try:
        found = generations.opened(asked, place)
    except IndexMissing as error:
        if isinstance(error, EngineUnreachable):
            raise
        return None
    return found if found.about.record["tables"] == tables else None


def known_places(before: ClusterCatalog) -> dict[str, float]:
    """Return the place of each issue of a generation."""
    return {row_key(row): row["place"] for row in before.about.record["issues"]}


def is_little(before: ClusterCatalog, archive: Archive, sources: list[Source]) -> bool:
    """Return whether few of the issues changed."""
    builder = Builder(archive, ClusterWriter.__new__(ClusterWriter), Before(before), sources)
    gone = before.about.issues.keys() - {str(source.key) for source in sources}
    return len(builder.unread) + len(gone) <= FEW * max(1, len(sources))


def make(
    archive: Archive, asked: OpenSearch, bulk: Bulk, sources: list[Source], progress: Progress, tables: str
) -> Builder:
    """Make a new generation of all issues, check that all of it is there, and swap it in."""
    name = begin(archive, asked, bulk.place)
    places = {str(source.key): float(n) for n, source in enumerate(sources, 1)}
    writer = ClusterWriter(bulk, name, places, None, archive)
    builder = Builder(archive, writer, None, sources)
    builder.take_all(progress)
    complete(archive, asked, bulk, writer, builder.rows, tables)
    return builder


def begin(archive: Archive, asked: OpenSearch, place: Place) -> str:
    """Create the indices of a new generation, and return its name."""
    name = generations.new_name(place)
    bodies = {
        name: entries_index(place.shards, place.replicas, archive.version_facets),
        name + WORDS: words_index(place.replicas),
    }
    for index, body in bodies.items():
        patiently(partial(create, asked, place, index, body))
    with told(place):
        status = {"wait_for_status": "green", "timeout": READY}
        asked.cluster.health(index=f"{name},{name}{WORDS}", params=status, ignore=408, request_timeout=90)
    return name


def create(asked: OpenSearch, place: Place, index: str, body: dict[str, Any]) -> None:
    """Create an index, unless an earlier request did whose answer was lost."""
    with told(place):
        if not asked.indices.exists(index=index):
            asked.indices.create(index=index, body=body)


def complete(
    archive: Archive, asked: OpenSearch, bulk: Bulk, writer: ClusterWriter, rows: list[Row], tables: str
) -> None:
    """Write the terms of a new generation whose entries are written, check it, and make it the current one."""
    place, words = bulk.place, writer.entries + WORDS
    writer.finish()
    terms = writer.write_terms(words)
    publish(archive, bulk, rows, writer, tables, changed=False)
    held = patiently(partial(count, asked, place, words, {"exists": {"field": "term"}}))
    if held != terms:
        raise BadEngine(f"The cluster at {place.shown} has {held:,} of {terms:,} terms. Run backissue index again.")
    patiently(partial(generations.swap_in, asked, place, writer.entries))


def change(
    archive: Archive, bulk: Bulk, before: ClusterCatalog, sources: list[Source], places: dict[str, float],
    progress: Progress, tables: str,
) -> Builder:  # fmt: skip
    """Write the issues that changed into the current generation; they are searched once all are there."""
    entries = before.asking.entries
    with told(bulk.place):
        bulk.client.indices.refresh(index=entries)  # what a build that was killed left is to be seen
    writer = ClusterWriter(bulk, entries, places, before, archive)
    for issue in before.asking.values("issue", ALL).keys() - before.about.issues.keys():
        writer.remove(issue)
    builder = Builder(archive, writer, Before(before), sources)
    builder.take_all(progress)
    if not builder.unread and not writer.removed and not writer.terms:
        return builder
    writer.finish()
    writer.add_terms(before.asking.words)
    publish(archive, bulk, builder.rows, writer, tables, changed=True)
    return builder


def publish(
    archive: Archive, bulk: Bulk, found: list[Row], writer: ClusterWriter, tables: str, *, changed: bool
) -> None:
    """Have what was written be seen, check how much it is, and write what the generation says of itself."""
    place, words = bulk.place, writer.entries + WORDS
    bulk.finish()
    patiently(partial(refresh, bulk.client, place, f"{writer.entries},{words}"))
    held = patiently(partial(count, bulk.client, place, writer.entries, {"match_all": {}}))
    wanted = sum(row["entries"] for row in found)
    if held != wanted:
        raise BadEngine(f"The cluster at {place.shown} has {held:,} of {wanted:,} entries. Run backissue index again.")
    rows = [row | {"place": writer.places[row_key(row)]} for row in found]
    for key, parts in generations.say(about_index(archive, tables, rows), changed=changed).items():
        if key != ABOUT:
            bulk.put(words, key, {"about": {"parts": parts}})
    bulk.finish()
    for key, parts in generations.say(about_index(archive, tables, rows), changed=changed).items():
        if key == ABOUT:  # last: readers look whether it changed
            bulk.put(words, key, {"about": {"parts": parts}})
    bulk.finish()


def refresh(asked: OpenSearch, place: Place, indices: str) -> None:
    """Have all that was written be found; raise `EngineUnreachable` where a shard did not take part."""
    with told(place):
        done = asked.indices.refresh(index=indices, request_timeout=600)["_shards"]
    if done["failed"]:
        raise EngineUnreachable(f"The cluster at {place.shown} has a shard that does not answer.")


def count(asked: OpenSearch, place: Place, index: str, query: dict[str, Any]) -> int:
    """Return how many documents of an index meet a query, of all its shards."""
    with told(place):
        answer = asked.count(index=index, body={"query": query})
    if answer["_shards"]["failed"]:
        raise EngineUnreachable(f"The cluster at {place.shown} has a shard that does not answer.")
    return int(answer["count"])


def digest(archive: Archive) -> str:
    """Return a digest of what a generation depends on besides the issues: also of what is computed with each entry."""
    found = hashlib.sha256(digest_of_tables(archive).encode())
    for name in WEIGHING:
        found.update((Path(indexer.__file__).parent / name).read_bytes())
    return found.hexdigest()


def is_current(archive: Archive, place: Place) -> bool:
    """Return whether the cluster has an index, made by this code from the archive as it is now."""
    before = usable(client(place), place, digest(archive))
    if before is None:
        return False
    builder = Builder(archive, ClusterWriter.__new__(ClusterWriter), Before(before), archive.sources())
    return not builder.unread and len(builder.known) == len(archive.sources())
