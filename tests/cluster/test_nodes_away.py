"""Nodes that are killed during indexing and searches, and a cluster that is unreachable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from indexer.catalog.protocol import Catalog, total
from indexer.engines.opensearch import health
from indexer.engines.opensearch.building import build
from indexer.engines.opensearch.connection import Place, connect
from indexer.engines.opensearch.generations import opened
from indexer.errors import BackissueError, EngineUnreachable
from indexer.query.query import Query
from indexer.sources.archive import Archive
from tests.cluster.answers import QUERIES, first, numbers
from tests.cluster.nodes import Nodes
from tests.linux import query_of
from webui.app import NO_ANSWER, create_app

pytestmark = pytest.mark.cluster
KILLED = 1
READERS = 4
PATIENCE = 300  # seconds; a bound against hangs


@dataclass
class Load:
    """Searches by several readers until stopped, and their errors."""

    cluster: Catalog
    local: Catalog
    answered: int = 0
    wrong: list[Query] = field(default_factory=list)
    failed: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        while not self.stopped.is_set():
            for query in (query_of(text, {}) for text in QUERIES):
                try:
                    found, expected = self.cluster.search(query), self.local.search(query)
                except EngineUnreachable:
                    self.failed += 1
                    continue
                self.answered += 1
                if (numbers(found), first(found)) != (numbers(expected), first(expected)):
                    self.wrong.append(query)


@pytest.fixture(scope="module")
def others(
    place: Place, archive: Archive, nodes: Nodes, cluster: Catalog, local: Catalog, figures: list[str]
) -> Iterator[tuple[Place, Load]]:
    """Index into a generation with another name during searches, and kill a node meanwhile."""
    other, load = replace(place, name="indexed-while-killed"), Load(cluster, local)
    readers = [threading.Thread(target=load.read) for _ in range(READERS)]
    for reader in readers:
        reader.start()

    def progress(done: int, _: int) -> None:
        if done == 6:
            nodes.kill(KILLED)

    try:
        build(archive, other, progress)
        assert within(PATIENCE, lambda: load.answered > len(QUERIES))
    finally:
        load.stopped.set()
        for reader in readers:
            reader.join()
    figures.append(f"node killed: {load.answered} searches answered, {len(load.wrong)} wrong, {load.failed} failed")
    yield other, load
    nodes.start()


def test_a_node_that_is_killed_during_indexing_loses_no_entry(others: tuple[Place, Load], local: Catalog) -> None:
    place, _ = others
    assert list(opened(connect(place), place).find()) == list(local.find())


def test_killing_a_node_during_searches_makes_no_answer_wrong(others: tuple[Place, Load], cluster: Catalog) -> None:
    _, load = others
    assert load.wrong == []
    assert within(PATIENCE, lambda: searched(cluster))  # errors are temporary


def searched(catalog: Catalog) -> bool:
    """Return whether each query is answered."""
    with suppress(EngineUnreachable):
        return all(catalog.search(query_of(text, {})).total >= 0 for text in QUERIES)
    return False


def test_missing_copies_give_one_message(others: tuple[Place, Load]) -> None:
    place, _ = others
    report = health.checked(place)
    assert report.startswith("The index is intact")
    assert "yellow" in report or "missing" not in report  # another node may have made the copies already


def test_an_index_without_its_only_copy_gives_one_message(place: Place, archive: Archive, nodes: Nodes) -> None:
    nodes.start()
    alone = replace(place, name="without-copies", replicas="0")
    build(archive, alone)
    client = connect(alone)
    catalog = opened(client, alone)
    holder = {row["node"] for row in client.cat.shards(index=f"{alone.name}-2*", params={"format": "json"})}
    killed = int(sorted(holder)[0].removeprefix("n"))
    nodes.kill(killed)
    try:
        client.cluster.health(
            index=f"{alone.name}-2*", params={"wait_for_nodes": "2", "timeout": "300s"}, request_timeout=330
        )
        with pytest.raises(EngineUnreachable, match=r"\(red\).*\.$"):
            health.checked(alone)
        with suppress(EngineUnreachable):  # the other of its two indices may be on a node that is there
            assert total(catalog) == 1292
    finally:
        nodes.start()
    assert health.checked(alone).startswith("The index is intact")


@pytest.mark.usefixtures("archive")
def test_pages_report_an_unreachable_cluster_and_recover_with_it(place: Place, nodes: Nodes) -> None:
    before = create_app(place).test_client()
    assert before.get("/healthz").status_code == 200
    assert "bpf_getsockops" in before.get("/?q=bpf_getsockopt").text
    for number in tuple(nodes.processes):
        nodes.kill(number)
    during = create_app(place).test_client()
    assert during.get("/healthz").status_code == 503
    page = before.get("/?q=verifier")
    assert page.status_code == 503
    assert NO_ANSWER in page.text
    assert before.get("/api/v1/search?q=maps").status_code == 503
    with pytest.raises(BackissueError, match="cannot be reached"):
        health.checked(place)
    nodes.start()
    for client_of in (before, during):
        for path in ("/healthz", "/?q=verifier"):
            assert within(PATIENCE, lambda client=client_of, path=path: client.get(path).status_code == 200)  # type: ignore[misc]


def within(seconds: int, holds: Callable[[], bool]) -> bool:
    """Return whether something holds within a generous time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False
