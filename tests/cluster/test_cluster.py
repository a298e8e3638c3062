"""The OpenSearch engine over three real nodes: it answers as the embedded one does, and goes on without a node."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.catalog.answers import Page
from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from indexer.engines.opensearch.building import build as build_in_cluster
from indexer.engines.opensearch.connection import Place, client, place_of
from indexer.engines.opensearch.generations import opened
from indexer.errors import BackissueError
from indexer.query.tree import Node
from indexer.sources.archive import Archive
from tests.catalog.conditions import CONDITIONS, FIELDS, ORDERS, ids
from tests.cluster.nodes import Nodes, Unavailable
from tests.conftest import SHIPPED
from tests.linux import query_of
from webui.app import NO_ANSWER, create_app

pytestmark = pytest.mark.cluster
QUERIES = (
    "", "bpf_getsockops", "sokmap", "verifier", "XDP redirect", '"error injection"', "did the arm jit land",
    "map NOT patch", "redirec*", "sockmap OR devmap", "what was new in v4.14 for XDP", "kernel/bpf/devmap.c",
    "yonghong llvm september 2017", "kfunc", "limit what an unprivileged user may load",
)  # fmt: skip


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    try:
        made = Nodes(tmp_path_factory.mktemp("cluster"))
    except Unavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    with closing(made):
        yield made


@pytest.fixture(scope="module")
def place(nodes: Nodes) -> Place:
    return place_of(",".join(nodes.urls), {})


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, place: Place) -> Archive:
    made = Archive(SHIPPED, tmp_path_factory.mktemp("data"))
    build(made)
    assert build_in_cluster(made, place).problems == ()
    return made


@pytest.fixture(scope="module")
def local(archive: Archive) -> Iterator[Catalog]:
    with closing(open_catalog(archive.data)) as catalog:
        yield catalog


@pytest.fixture(scope="module")
def cluster(archive: Archive, place: Place) -> Catalog:
    return opened(client(place), place)


def essence(page: Page) -> tuple[object, ...]:
    counts = {name: [(each.value, each.count) for each in values] for name, values in page.facets.items()}
    return page.total, page.results, [hit.record["id"] for hit in page.hits[:1]], page.closest, page.corrected, counts


def test_all_entries_are_there_in_reading_order(cluster: Catalog, local: Catalog) -> None:
    assert list(cluster.find()) == list(local.find())


@pytest.mark.parametrize("where", CONDITIONS, ids=repr)
def test_a_condition_finds_the_same_entries(cluster: Catalog, local: Catalog, where: Node) -> None:
    for order in ORDERS:
        assert ids(cluster.find(where, order=order)) == ids(local.find(where, order=order))
    for field in FIELDS:
        assert dict(cluster.count(field, where)) == dict(local.count(field, where)), field


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("fold", [True, False])
def test_a_search_answers_as_the_embedded_engine_does(cluster: Catalog, local: Catalog, text: str, fold: bool) -> None:
    for query in (query_of(text, {}), query_of(text, {"kernel": ["v4.14"], "kind": ["patch", "talk"]})):
        asked = replace(query, fold=fold)
        assert essence(cluster.search(asked)) == essence(local.search(asked))


def test_a_second_build_changes_nothing(archive: Archive, place: Place) -> None:
    assert build_in_cluster(archive, place).parsed == 0


def test_searches_go_on_without_a_node(cluster: Catalog, local: Catalog, nodes: Nodes) -> None:
    nodes.kill(2)
    for text in QUERIES[:5]:
        query = query_of(text, {})
        assert essence(cluster.search(query)) == essence(local.search(query))
    nodes.start()


@pytest.mark.usefixtures("archive")
def test_pages_say_that_the_cluster_is_away_and_come_back_with_it(place: Place, nodes: Nodes) -> None:
    client = create_app(place).test_client()
    assert client.get("/healthz").status_code == 200
    assert "bpf_getsockops" in client.get("/?q=bpf_getsockopt").text
    for number in tuple(nodes.processes):
        nodes.kill(number)
    page = client.get("/?q=verifier")
    assert page.status_code == 503
    assert NO_ANSWER in page.text
    assert client.get("/api/v1/search?q=maps").status_code == 503
    nodes.start()
    assert client.get("/?q=verifier").status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("archive")
def test_a_server_that_starts_without_its_cluster_serves_once_it_is_there(place: Place, nodes: Nodes) -> None:
    for number in tuple(nodes.processes):
        nodes.kill(number)
    client = create_app(place).test_client()
    assert client.get("/healthz").status_code == 503
    nodes.start()
    assert answers_within(30, client, "/healthz")
    assert client.get("/?q=verifier").status_code == 200


def answers_within(seconds: int, client: FlaskClient, path: str) -> bool:
    """Return whether a path answers 200 before a generous bound."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if client.get(path).status_code == 200:
            return True
        time.sleep(0.2)
    return False


def test_an_index_of_somebody_else_is_not_touched(archive: Archive, place: Place) -> None:
    foreign = replace(place, name="somebody-elses")
    asked = client(place)
    asked.indices.create(index=foreign.name, body={"settings": {"number_of_replicas": 0}})
    asked.index(index=foreign.name, id="1", body={"kept": "yes"}, params={"refresh": "true"})
    with pytest.raises(BackissueError, match="somebody-elses"):
        build_in_cluster(archive, foreign)
    assert asked.get(index=foreign.name, id="1")["_source"] == {"kept": "yes"}


def test_a_read_only_index_is_one_sentence_and_what_is_served_stays(archive: Archive, place: Place) -> None:
    asked = client(place)
    asked.cluster.put_settings(body={"persistent": {"cluster.blocks.read_only": True}})
    try:
        with pytest.raises(BackissueError) as told:
            build_in_cluster(archive, replace(place, name="another"))
        assert str(told.value).endswith(".")
        assert opened(asked, place).about.entries == 1292
    finally:
        asked.cluster.put_settings(body={"persistent": {"cluster.blocks.read_only": None}})
