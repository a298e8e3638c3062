"""Builds in a cluster: killed, busy, beside another build, and in indices of others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexer.engines.local import open_catalog
from indexer.engines.opensearch import bulk, health
from indexer.engines.opensearch.building import build, parse
from indexer.engines.opensearch.connection import Place, connect
from indexer.engines.opensearch.generations import ABOUT, current, opened
from indexer.engines.opensearch.sharing import Shared
from indexer.errors import BackissueError, IndexLocked, IndexMissing
from indexer.query.query import Query
from indexer.query.tree import Match
from indexer.sources.archive import Archive
from tests.archives import put_issue, small
from tests.bench import corpus
from tests.bench.writing import write
from tests.cluster.figures import write_to

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

pytestmark = pytest.mark.cluster
KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.engines.opensearch.building import build, parse
from indexer.engines.opensearch.connection import place_of
from indexer.sources.archive import Archive
def progress(done, total):
    if done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
archive = Archive(Path(sys.argv[1]), Path(sys.argv[2]))
build(archive, place_of(sys.argv[3]), progress)
"""


@pytest.fixture
def mine(place: Place, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Return the cluster with a unique index name. The indices are removed after the test."""
    made = replace(place, name=f"test-{abs(hash(request.node.name))}")
    yield made
    client = connect(made)
    for name in indices(client, made):
        client.indices.delete(index=name, ignore=404)


@pytest.fixture
def client(place: Place) -> OpenSearch:
    return connect(place)


def indices(client: OpenSearch, place: Place) -> set[str]:
    return set(client.indices.get(index=f"{place.name}*", params={"expand_wildcards": "all"}))


def titles(place: Place, text: str) -> list[str]:
    return [hit.record["title"] for hit in opened(connect(place), place).search(Query(text)).hits]


def another_generation(archive: Archive) -> None:
    """Change a table that every entry depends on."""
    with (archive.folder / "redirects.tsv").open("a", encoding="utf-8") as table:
        table.write("an/old/id\tbpf-updates/1/alpha\n")


def test_a_killed_build_changes_nothing_and_the_next_removes_what_it_left(
    tmp_path: Path, mine: Place, client: OpenSearch
) -> None:
    archive = small(tmp_path, "alpha", "beta", "gamma")
    build(archive, mine)
    before = current(client, mine)
    another_generation(archive)
    arguments = [sys.executable, "-c", KILLED, archive.folder, archive.data, ",".join(mine.urls)]
    done = subprocess.run(arguments, env=os.environ | {"BACKISSUE_ENGINE_INDEX": mine.name}, check=False, timeout=1_200)
    assert done.returncode == -signal.SIGKILL
    assert current(client, mine) == before
    left = indices(client, mine) - {before.entries, before.words, f"{mine.name}-lock"}
    assert len(left) == 2
    build(archive, mine)
    assert current(client, mine) != before
    assert not left & indices(client, mine)
    assert titles(mine, "beta") == ["beta"]


def test_the_lock_of_a_vanished_build_expires(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    archive = small(tmp_path, "alpha")
    build(archive, mine)
    lock = {"host": "elsewhere", "pid": 1, "until": time.time() + 3_600}
    client.index(index=f"{mine.name}-lock", id="build", body=lock)
    with pytest.raises(IndexLocked, match="elsewhere"):
        build(archive, mine)
    client.index(index=f"{mine.name}-lock", id="build", body=lock | {"until": time.time() - 1})
    assert build(archive, mine).issues == 1


def test_an_added_issue_is_written_into_the_generation(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    archive = small(tmp_path, *(f"alpha{n}" for n in range(9)))
    build(archive, mine)
    before = current(client, mine)
    put_issue(archive, 10, "omega")
    assert build(archive, mine).parsed == 1
    assert current(client, mine).entries == before.entries
    assert titles(mine, "omega") == ["omega"]


def test_requests_to_a_busy_cluster_are_repeated_until_all_is_written(
    tmp_path: Path, mine: Place, client: OpenSearch
) -> None:
    archive = small(tmp_path, "alpha " * 2_000, "beta", "gamma")
    limit = "network.breaker.inflight_requests.limit"
    ended = threading.Event()

    def recover() -> None:
        ended.wait(3)
        client.cluster.put_settings(body={"transient": {limit: None}})

    client.cluster.put_settings(body={"transient": {limit: "20kb"}})
    recovering = threading.Thread(target=recover)
    recovering.start()
    try:
        assert build(archive, mine).entries == 3
    finally:
        ended.set()
        recovering.join()
    assert titles(mine, "beta") == ["beta"]


def test_a_batch_that_is_too_large_for_nodes_is_divided(
    mine: Place, client: OpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 20_000_000)
    client.indices.create(index=mine.name, body={"mappings": {"enabled": False}})
    with closing(bulk.Bulk(client, mine)) as sending:
        for n in range(8):
            sending.put(mine.name, str(n), {"text": "x" * 900_000})
        sending.finish()
        client.indices.refresh(index=mine.name)
        assert client.count(index=mine.name)["count"] == 8
        sending.put(mine.name, "9", {"text": "x" * 6_000_000})
        with pytest.raises(BackissueError, match=r"Raise http.max_content_length on its nodes\.$"):
            sending.finish()


def test_an_index_of_another_program_is_not_changed(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    client.index(index=mine.name, id="1", body={"kept": "yes"}, params={"refresh": "true"})
    beside = f"{mine.name}-2031-other"  # looks like a generation
    client.index(index=beside, id="1", body={"kept": "yes"}, params={"refresh": "true"})
    with pytest.raises(BackissueError, match=mine.name):
        build(small(tmp_path, "alpha"), mine)
    client.indices.delete(index=mine.name)
    build(Archive(tmp_path / "archive", tmp_path / "data"), mine)
    assert client.get(index=beside, id="1")["_source"] == {"kept": "yes"}


def test_a_read_only_index_gives_one_message_and_stays_in_use(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    archive = small(tmp_path, *(f"alpha{n}" for n in range(9)))
    build(archive, mine)
    generation = current(client, mine)
    block = {"index.blocks.read_only_allow_delete": True}  # as nodes set it where their disks are full
    client.indices.put_settings(index=f"{generation.entries},{generation.words}", body=block)
    put_issue(archive, 10, "omega")
    with pytest.raises(BackissueError, match=r"is read-only.*\.$"):
        build(archive, mine)
    assert "read-only" in health.checked(mine)
    assert titles(mine, "alpha3") == ["alpha3"]


def test_a_generation_of_another_version_is_reported_and_replaced(
    tmp_path: Path, mine: Place, client: OpenSearch
) -> None:
    archive = small(tmp_path, "alpha")
    build(archive, mine)
    words = current(client, mine).words
    about = json.loads(client.get(index=words, id=ABOUT)["_source"]["about"]["parts"][0])
    parts = [json.dumps(about | {"layout": 0})]
    client.index(index=words, id=ABOUT, body={"about": {"parts": parts}}, params={"refresh": "true"})
    with pytest.raises(IndexMissing, match="another version"):
        opened(client, mine)
    build(archive, mine)
    assert titles(mine, "alpha") == ["alpha"]


def test_a_generation_that_lacks_entries_is_reported(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    build(small(tmp_path, "alpha", "beta"), mine)
    assert health.checked(mine).startswith("The index is intact: 2 entries of 2 issues")
    entries = current(client, mine).entries
    everything = {"query": {"term": {"title": "alpha"}}}
    client.delete_by_query(index=entries, body=everything, params={"refresh": "true"})
    with pytest.raises(IndexMissing, match="damaged"):
        health.checked(mine)


def test_terms_beyond_the_limit_of_the_cluster_are_found(tmp_path: Path, mine: Place) -> None:
    longest = "é" * 20_000  # 40,000 bytes; Lucene takes 32,766
    archive = corpus.shipped(tmp_path)
    issue = corpus.archive_issues(archive)[0]
    body = f"holds {longest} and {longest}z, one\u241ftwo\u2400three\u241bfour\u2404five, a\u2028b\u3000c"
    entry = replace(issue.entries[0], body=body, author=f"Somebody {longest}", section=(f"{longest} here",))
    issue = replace(issue, entries=(entry, *issue.entries[1:]))
    write(archive, [issue])
    write_to(mine, archive, [issue])
    catalog = opened(connect(mine), mine)
    with closing(open_catalog(archive.data)) as local:
        assert list(catalog.find()) == list(local.find())
        for field in ("title", "body", "identifier", "author", "section"):
            assert list(catalog.terms(field)) == list(local.terms(field))
        for field in ("identifier", "author", "section"):
            assert catalog.count(field, Match("kind", entry.kind)) == local.count(field, Match("kind", entry.kind))
        for text in ("two", '"two three"', '"three two"', "five", "a", '"b c"', "hold*", "éééé*"):
            assert catalog.search(Query(text)).total == local.search(Query(text)).total, text
        assert max(len(term.text) for term in local.terms("body")) > 20_000


def test_machines_parse_and_one_publishes(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    archive = small(tmp_path, "alpha", "beta", "gamma", "delta")
    build(archive, mine)
    expected = list(opened(client, mine).find())
    another_generation(archive)
    assert parse(archive, mine) == 4
    assert parse(archive, mine) == 0
    (archive.folder / "bpf-updates" / "04.md").write_text("\x00", encoding="utf-8")  # this one is read again
    built = build(archive, mine)
    assert (built.issues, len(built.problems)) == (3, 1)
    assert list(opened(client, mine).find()) == expected[:3]
    assert f"{mine.name}-parsed" not in indices(client, mine)


def test_the_claim_of_a_vanished_machine_expires(tmp_path: Path, mine: Place, client: OpenSearch) -> None:
    shared = Shared(client, mine, "tables")
    shared.begin()
    assert shared.claim("key")
    assert not shared.claim("key")
    client.index(index=shared.index, id="key", body={"host": "elsewhere", "until": time.time() - 1})
    assert shared.claim("key")
