"""Three real nodes for all tests of the cluster, and the shipped archive in them and in a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from indexer.build.builder import build
from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from indexer.engines.opensearch.building import build as build_in_cluster
from indexer.engines.opensearch.connection import Place, connect, place_of
from indexer.engines.opensearch.generations import opened
from indexer.sources.archive import Archive
from tests.cluster.nodes import Nodes, Unavailable
from tests.conftest import SHIPPED

FIGURES = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the measured figures."""
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> None:
    """Wait for no threads: those of a proxy live as long as the connections of its clients."""


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Return the list of measured figures, to which tests add lines."""
    return pytestconfig.stash.setdefault(FIGURES, [])


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    try:
        made = Nodes(tmp_path_factory.mktemp("cluster"))
    except Unavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    with closing(made):
        yield made


@pytest.fixture(scope="session")
def place(nodes: Nodes) -> Place:
    return replace(place_of(",".join(nodes.urls), {}), deadline=120)  # the machine may be slow


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, place: Place, figures: list[str]) -> Archive:
    made = Archive(SHIPPED, tmp_path_factory.mktemp("data"))
    here, there = build(made), build_in_cluster(made, place)
    assert there.problems == ()
    figures.append(f"{there.entries:,} entries indexed: cluster {there.seconds:.1f} s, embedded {here.seconds:.1f} s")
    return made


@pytest.fixture(scope="session")
def local(archive: Archive) -> Iterator[Catalog]:
    with closing(open_catalog(archive.data)) as catalog:
        yield catalog


@pytest.fixture(scope="session")
def cluster(archive: Archive, place: Place) -> Catalog:
    return opened(connect(place), place)
