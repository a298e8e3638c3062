"""The contract of a catalog: all engines give the same answers as a loop over the entries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing

import pytest

from indexer.build.builder import build
from indexer.catalog.protocol import Catalog, total
from indexer.engines.local import open_catalog
from indexer.query.query import Query
from indexer.query.tree import Match, Node
from indexer.sources.archive import Archive
from tests.catalog.conditions import BEFORE, CONDITIONS, FIELDS, HELPER, ORDERS, ids
from tests.conftest import SHIPPED
from tests.oracle import ListCatalog

# To test another engine, add a function from the indexed archive to its catalog.
ENGINES = ("local", "oracle")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return the shipped archive with an index and one renamed id."""
    folder = tmp_path_factory.mktemp("contract")
    shutil.copytree(SHIPPED, folder / "archive")
    with (folder / "archive" / "redirects.tsv").open("a", encoding="utf-8") as table:
        table.write(f"{BEFORE}\t{HELPER}\n")
    made = Archive(folder / "archive", folder / "data")
    build(made)
    return made


@pytest.fixture(scope="module")
def oracle(archive: Archive) -> ListCatalog:
    """Return the shipped entries as a simple list."""
    with closing(open_catalog(archive.data)) as local:
        return ListCatalog(list(local.find()), local.about)


@pytest.fixture(scope="module", params=ENGINES)
def catalog(request: pytest.FixtureRequest, archive: Archive, oracle: ListCatalog) -> Iterator[Catalog]:
    """Return the shipped entries from each engine."""
    if request.param == "oracle":
        yield oracle
        return
    with closing(open_catalog(archive.data)) as local:
        yield local


def test_everything_is_found_in_reading_order(catalog: Catalog, oracle: ListCatalog) -> None:
    assert tuple(catalog.find()) == oracle.entries
    assert catalog.about.entries == total(catalog) == len(oracle.entries)


@pytest.mark.parametrize("where", CONDITIONS, ids=repr)
def test_a_condition_finds_the_same_entries_in_each_order(catalog: Catalog, oracle: ListCatalog, where: Node) -> None:
    for order in ORDERS:
        assert ids(catalog.find(where, order=order)) == ids(oracle.find(where, order=order))


@pytest.mark.parametrize("where", CONDITIONS[:8], ids=repr)
def test_values_are_counted_among_the_entries_that_meet_a_condition(
    catalog: Catalog, oracle: ListCatalog, where: Node
) -> None:
    for field in FIELDS:
        assert dict(catalog.count(field, where)) == dict(oracle.count(field, where)), field


def test_finding_continues_after_an_entry(catalog: Catalog) -> None:
    where = Match("topic", "xdp")
    for order in ORDERS:
        whole = ids(catalog.find(where, order=order))
        pages = [ids(catalog.find(where, order=order, limit=7))]
        while pages[-1]:
            skipped = ids(catalog.find(where, order=order, limit=7, skip=sum(map(len, pages))))
            pages.append(ids(catalog.find(where, order=order, limit=7, after=pages[-1][-1])))
            assert skipped == pages[-1]
        assert [each for page in pages for each in page] == whole


def test_finding_continues_after_an_entry_that_does_not_match_the_condition(
    catalog: Catalog, oracle: ListCatalog
) -> None:
    last = oracle.entries[700]
    left = [each.id for each in oracle.entries[701:] if each.kind == "talk"]
    assert ids(catalog.find(Match("kind", "talk"), after=last.id)) == left


@pytest.mark.parametrize("where", CONDITIONS, ids=repr)
def test_the_first_entry_of_each_series_is_found_in_each_order(
    catalog: Catalog, oracle: ListCatalog, where: Node
) -> None:
    for order in ORDERS:
        first = {each.series: each.id for each in reversed(list(oracle.find(where, order=order))) if each.series}
        found = list(catalog.firsts("series", where, order=order))
        assert {each.series: each.id for each in found} == first
        assert ids(iter(found)) == [each.id for each in oracle.find(where, order=order) if each.id in first.values()]
        assert ids(catalog.firsts("series", where, order=order, limit=3)) == ids(iter(found[:3]))


def test_an_unknown_entry_is_followed_by_nothing(catalog: Catalog) -> None:
    assert ids(catalog.find(after="no/such/id")) == []


def test_an_entry_is_found_by_its_id(catalog: Catalog) -> None:
    found = catalog.get(HELPER)
    assert found is not None
    assert (found.id, found.kind) == (HELPER, "helper")


def test_an_entry_is_found_by_its_old_id(catalog: Catalog) -> None:
    found = catalog.get(BEFORE)
    assert found is not None
    assert found.id == HELPER
    assert ids(catalog.find(Match("id", BEFORE))) == [HELPER]


def test_an_unknown_id_finds_nothing(catalog: Catalog) -> None:
    assert catalog.get("no/such/id") is None
    assert catalog.get("") is None


@pytest.mark.parametrize(
    ("field", "prefix"),
    [("identifier", "bpf_get"), ("author", "D"), ("kernel", "v4.1"), ("title", "redirec"), ("id", "bpf-updates/13/n")],
)
def test_terms_of_a_field_have_the_prefix(catalog: Catalog, oracle: ListCatalog, field: str, prefix: str) -> None:
    found = list(catalog.terms(field, prefix))
    assert found == list(oracle.terms(field, prefix))
    assert list(catalog.terms(field, prefix, 3)) == found[:3]


def test_headings_are_the_ids_and_titles_of_the_entries_that_are_found(catalog: Catalog) -> None:
    where = Match("topic", "xdp")
    found = [(entry.id, entry.title) for entry in catalog.find(where, order="newest", limit=7)]
    assert list(catalog.headings(where, order="newest", limit=7)) == found
    assert len(found) == 7


def test_all_terms_are_returned_without_a_prefix(catalog: Catalog) -> None:
    assert {term.text: term.entries for term in catalog.terms("topic")} == dict(catalog.count("topic"))


QUERIES = (
    Query(),
    Query("kernel:v4.15"),
    Query(filters={"kernel": ("v4.14",), "how": ("issue",)}),
    Query(filters={"topic": ("xdp", "maps"), "kind": ("talk",)}),
    Query("kind:patch -topic:xdp tree:net-next", sort="newest"),
    Query("after:2017-09 before:2017-11", filters={"author": ("Daniel Borkmann",)}, sort="oldest"),
    Query(filters={"issue": ("bpf-updates/7",)}, sort="newest"),
)


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_a_search_finds_the_same_entries_and_counts_the_same_facets(
    catalog: Catalog, oracle: ListCatalog, query: Query
) -> None:
    page, expected = catalog.search(query), oracle.search(query)
    assert page.total == expected.total
    assert {name: {c.value: (c.count, c.selected) for c in counts} for name, counts in page.facets.items()} == {
        name: {c.value: (c.count, c.selected) for c in counts} for name, counts in expected.facets.items()
    }
    if query.sort != "relevance":
        assert [hit.record["id"] for hit in page.hits] == [hit.record["id"] for hit in expected.hits]


def test_pages_of_hits_continue_without_gaps(catalog: Catalog) -> None:
    query = Query("topic:xdp", sort="newest", limit=50)
    first = catalog.search(query)
    hits = [hit for n in range(1, first.pages + 1) for hit in catalog.search(query.on_page(n)).hits]
    assert [hit.record["id"] for hit in hits] == ids(catalog.find(Match("topic", "xdp"), order="newest"))
    assert [hit.position for hit in hits] == list(range(1, first.total + 1))
    assert catalog.search(query.on_page(first.pages + 1)).hits == ()


def test_a_search_can_omit_facets(catalog: Catalog) -> None:
    assert catalog.search(Query(), facets=()).facets == {}


def test_derived_values_are_computed_once_per_generation(catalog: Catalog) -> None:
    made = []

    def derived(of: Catalog) -> int:
        made.append(of)
        return total(of)

    assert catalog.memo.once(catalog, derived) == catalog.memo.once(catalog, derived) == catalog.about.entries
    assert made == [catalog]
