"""The OpenSearch engine over three real nodes: it answers as the embedded one does, and goes on without a node."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.catalog.answers import Page
from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from indexer.engines.opensearch.building import build as build_in_cluster
from indexer.engines.opensearch.connection import Place, client, place_of
from indexer.engines.opensearch.generations import opened
from indexer.query.tree import Node
from indexer.sources.archive import Archive
from tests.catalog.conditions import CONDITIONS, FIELDS, ORDERS, ids
from tests.cluster.nodes import Nodes, Unavailable
from tests.conftest import SHIPPED
from tests.linux import query_of

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


def test_searches_go_on_without_a_node(cluster: Catalog, local: Catalog, nodes: Nodes, tmp_path: Path) -> None:
    nodes.kill(2)
    for text in QUERIES[:5]:
        query = query_of(text, {})
        assert essence(cluster.search(query)) == essence(local.search(query))
