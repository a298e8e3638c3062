"""The OpenSearch engine gives the same answers as the embedded one, and as a loop over the entries."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from statistics import median

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.analysis import fold
from indexer.catalog.answers import Page
from indexer.catalog.protocol import Catalog
from indexer.engines.opensearch import finding, requests
from indexer.engines.opensearch.building import build as build_in_cluster
from indexer.engines.opensearch.connection import Place, connect
from indexer.errors import BadQuery
from indexer.query.query import LAST_PAGE, MOST_HITS, Query
from indexer.query.tree import Node
from indexer.sources.archive import Archive
from tests.bench.hostile import HOSTILE
from tests.catalog.conditions import CONDITIONS, FIELDS, ORDERS, ids
from tests.cluster.answers import QUERIES, first, numbers
from tests.linux import FILTERS, from_args, parse, query_of
from tests.oracle import Loop
from tests.search import samples

pytestmark = pytest.mark.cluster
AS_A_RULE = 0.97
RANDOM = settings(
    max_examples=50, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # without shrinking, which would take minutes in a cluster


class Times:
    """The durations of searches by engine."""

    def __init__(self) -> None:
        self.taken: dict[int, list[float]] = {}

    def of(self, catalog: Catalog, query: Query) -> Page:
        """Return the answer to a query, and record its duration."""
        start = time.perf_counter()
        found = catalog.search(query)
        self.taken.setdefault(id(catalog), []).append(1_000 * (time.perf_counter() - start))
        return found

    def in_words(self, cluster: Catalog, local: Catalog) -> str:
        """Return the medians as text."""
        there, here = (median(self.taken[id(each)]) for each in (cluster, local))
        return f"p50 when first asked: cluster {there:.1f} ms, embedded {here:.1f} ms"


@pytest.fixture(scope="module")
def loop(local: Catalog) -> Loop:
    pairs = ((fold(each.written), fold(each.canonical)) for each in local.about.aliases if each.canonical)
    return Loop(tuple(local.find()), tuple(pairs))


def test_all_entries_are_in_reading_order(cluster: Catalog, local: Catalog) -> None:
    assert list(cluster.find()) == list(local.find())


@pytest.mark.parametrize("where", CONDITIONS, ids=repr)
def test_a_condition_finds_the_same_entries(cluster: Catalog, local: Catalog, where: Node) -> None:
    for order in ORDERS:
        assert ids(cluster.find(where, order=order)) == ids(local.find(where, order=order))
    for field in FIELDS:
        assert dict(cluster.count(field, where)) == dict(local.count(field, where)), field


def test_finding_continues_after_an_entry(cluster: Catalog, local: Catalog) -> None:
    after = list(local.find(order="newest"))[700].id
    assert ids(cluster.find(order="newest", after=after)) == ids(local.find(order="newest", after=after))


@pytest.mark.parametrize("fold", [True, False])
def test_sample_queries_are_answered_as_by_the_embedded_engine(
    cluster: Catalog, local: Catalog, fold: bool, figures: list[str]
) -> None:
    same, times = [], Times()
    for text in (*QUERIES, *samples.QUERIES):
        for chosen in ({}, {"kernel": ["v4.14"], "kind": ["patch", "talk"]}):
            query = replace(query_of(text, chosen), fold=fold)
            found, expected = times.of(cluster, query), times.of(local, query)
            assert numbers(found) == numbers(expected), query
            same.append(first(found) == first(expected))
    figures.append(f"{len(same)} queries: first hit equal for {sum(same)}; {times.in_words(cluster, local)}")
    assert sum(same) >= AS_A_RULE * len(same)


def test_more_series_than_an_aggregation_lists_are_folded_the_same(
    cluster: Catalog, local: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_BUCKETS", 3)
    monkeypatch.setattr(requests, "MOST_VALUES", 10)
    for page in (1, 2):
        found, expected = (each.search(Query("bpf", page=page, fold=True)) for each in (cluster, local))
        folded, as_expected = ({hit.record["series"]: hit.folded for hit in each.hits} for each in (found, expected))
        both = folded.keys() & as_expected.keys()
        assert found.results == expected.results < found.total
        assert any(folded.values())
        assert [folded[name] for name in both] == [as_expected[name] for name in both]


@RANDOM
@given(samples.SOME_QUERIES, st.lists(st.sampled_from(FILTERS), max_size=3, unique=True), st.integers(0, 10_000))
def test_any_query_with_any_filters_counts_the_same(
    cluster: Catalog, local: Catalog, loop: Loop, text: str, names: list[str], seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311
    known = {name: sorted(local.count(name)) for name in names}
    chosen = {name: tuple(rng.sample(values, min(len(values), rng.randint(1, 3)))) for name, values in known.items()}
    query = Query(text, chosen, literal=True)
    found = cluster.search(query)
    assert numbers(found) == numbers(local.search(query))
    expected = loop.ids(parse(text).tree, chosen)
    assert not expected if found.closest else found.total == len(expected)


@pytest.mark.parametrize("text", ['"zzq xyz" -xdp', 'NOT ("zzq xyz" -link)', '"zzq xyz" OR ("zzq xyz" -xdp) OR map'])
@pytest.mark.parametrize("literal", [True, False])
def test_a_phrase_in_no_entry_without_other_words_finds_the_same(
    cluster: Catalog, local: Catalog, text: str, literal: bool
) -> None:
    query = Query(text, literal=literal)
    assert numbers(cluster.search(query)) == numbers(local.search(query))


@RANDOM
@given(st.text(st.characters(), max_size=60))
def test_no_text_breaks_a_search(cluster: Catalog, local: Catalog, text: str) -> None:
    try:
        expected = local.search(Query(text, limit=2))
    except BadQuery:
        with pytest.raises(BadQuery):
            cluster.search(Query(text, limit=2))
        return
    assert numbers(cluster.search(Query(text, limit=2))) == numbers(expected)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_malicious_query_is_answered_or_refused_with_a_message(cluster: Catalog, local: Catalog, name: str) -> None:
    try:
        query = from_args([("q", HOSTILE[name])])
        found = cluster.search(query)
    except BadQuery:
        return
    assert numbers(found) == numbers(local.search(query))


def test_a_query_with_too_many_clauses_gives_one_message(cluster: Catalog, place: Place) -> None:
    client = connect(place)
    name = "indices.query.bool.max_clause_count"
    words = Query(" OR ".join(cluster.count("topic")))
    assert cluster.search(words).total
    client.cluster.put_settings(body={"persistent": {name: 16}})
    try:
        with pytest.raises(BadQuery, match=r"more clauses than the cluster allows\. Use fewer or rarer words\."):
            cluster.search(words)
    finally:
        client.cluster.put_settings(body={"persistent": {name: None}})
    assert cluster.search(words).total


def test_pages_continue_to_the_last_allowed_one(cluster: Catalog, local: Catalog) -> None:
    query = Query(sort="newest", limit=MOST_HITS)
    hits = [hit for n in range(1, 14) for hit in cluster.search(query.on_page(n)).hits]
    assert [hit.record["id"] for hit in hits] == ids(local.find(order="newest"))
    assert cluster.search(query.on_page(LAST_PAGE)).hits == ()


def test_the_parts_of_a_score_are_shown(cluster: Catalog, local: Catalog) -> None:
    found, expected = (each.search(Query("xdp redirect"), explain=True).hits[0] for each in (cluster, local))
    assert [each.text for each in found.reasons if each.sign == "+"] == [
        each.text for each in expected.reasons if each.sign == "+"
    ]


def test_a_second_build_changes_nothing(archive: Archive, place: Place) -> None:
    assert build_in_cluster(archive, place).parsed == 0
