"""Facets: each count is the number of results after a click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import fold
from indexer.catalog.answers import Page
from indexer.query.query import Query
from indexer.query.versions import in_range, version_key
from indexer.records import from_stored
from indexer.search.facets import known_values
from indexer.search.page import Searcher
from indexer.storage.index import Index
from tests.linux import BY_NAME, FACETS, FILTERS, from_args, normal, parse
from tests.oracle import Loop, has_filters

NAMES = tuple(facet.name for facet in FACETS)
TEXTS = (
    "",
    "xdp",
    "maps OR helper",
    "-xdp",
    '"new helper function"',
    "verifier fix",
    "jit",
    "sockmap zeppelin",
    "bpf*",
)


@pytest.fixture(scope="module")
def loop(index: Index) -> Loop:
    entries = tuple(from_stored(index.stored(doc)) for doc in range(index.size))
    pairs = ((fold(each["written"]), fold(each["canonical"])) for each in index.metadata["aliases"])
    return Loop(entries, tuple((written, canonical) for written, canonical in pairs if canonical))


def some_values(data: st.DataObject, index: Index, most: int) -> dict[str, tuple[str, ...]]:
    """Draw a few known values for a few filters."""
    names = data.draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    return {
        name: tuple(
            data.draw(st.lists(st.sampled_from(known_values(index, BY_NAME[name])), max_size=most, unique=True))
        )
        for name in names
    }


def alone(query: Query, name: str, value: str) -> Query:
    """Return the query with one value as the only one selected in its facet."""
    return replace(query, filters={**query.filters, name: (value,)})


def counted(page: Page, name: str) -> dict[str, int]:
    return {count.value: count.count for count in page.facets[name]}


def versions(page: Page) -> list[str]:
    return [count.value for count in page.facets["kernel"]]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_count_is_the_number_of_hits_after_a_click(searcher: Searcher, index: Index, data: st.DataObject) -> None:
    query = Query(data.draw(st.sampled_from(TEXTS)), some_values(data, index, 3), limit=1)
    page = searcher.search(query)
    for name in NAMES:
        for count in data.draw(st.lists(st.sampled_from(page.facets[name] or [None]), max_size=3)):
            if count is not None:
                after = searcher.search(alone(query, name, count.value))
                # A value without entries with all words counts zero, but a click on it shows the closest entries.
                only_close = after.closest and page.total and not page.closest
                assert count.count == (0 if only_close else after.total), (name, count)


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query("xdp", {"kernel": ("v4.15",)}, literal=True),
        Query("", {"kernel": ("v4.13", "v4.14"), "how": ("landed",), "kind": ("patch", "helper")}),
        Query("verifier", {"how": ("stated",), "topic": ("xdp",), "tree": ("net-next",)}, literal=True),
        Query("-xdp", {"author": ("Daniel Borkmann",), "issue": ("bpf-updates/12", "bpf-updates/13")}),
    ],
)
def test_counts_of_all_values_equal_those_of_a_loop(searcher: Searcher, loop: Loop, query: Query) -> None:
    page = searcher.search(query)
    matching = [entry for entry in loop.entries if loop.matches(entry, parse(query.text).tree)]

    def hits(filters: Mapping[str, tuple[str, ...]]) -> int:
        return sum(has_filters(entry, filters) for entry in matching)

    assert page.total == hits(query.filters)
    for name in NAMES:
        expected = {v: hits(alone(query, name, v).filters) for v in known_values(searcher.index, BY_NAME[name])}
        shown = {v: n for v, n in expected.items() if n or v in query.selected(name)}
        assert counted(page, name) == shown, name


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_only_values_with_hits_and_selected_ones_are_shown(
    searcher: Searcher, index: Index, data: st.DataObject
) -> None:
    query = Query(data.draw(st.sampled_from(TEXTS)), some_values(data, index, 2), limit=1)
    for name, values in searcher.search(query).facets.items():
        assert len({count.value for count in values}) == len(values)
        assert all(count.count > 0 or count.selected for count in values)
        assert {count.value for count in values if count.selected} == set(query.selected(name))


def test_every_filter_has_a_facet() -> None:
    assert set(NAMES) == set(FILTERS)


def test_a_selected_value_without_hits_stays_visible(searcher: Searcher) -> None:
    page = searcher.search(Query("bpf_getsockops", {"kernel": ("v4.12",)}))
    assert page.total == 0
    assert [(c.value, c.count) for c in page.facets["kernel"] if c.selected] == [("v4.12", 0)]


def test_a_selected_unknown_value_stays_visible(searcher: Searcher) -> None:
    page = searcher.search(Query("xdp", {"topic": ("gardening",)}))
    assert [(c.value, c.count) for c in page.facets["topic"] if c.selected] == [("gardening", 0)]


def test_values_of_one_facet_are_alternatives(searcher: Searcher) -> None:
    both = searcher.search(Query("", {"kind": ("talk", "note")})).total
    assert both == sum(searcher.search(Query("", {"kind": (kind,)})).total for kind in ("talk", "note"))


def test_kernel_and_how_must_match_the_same_version(searcher: Searcher, loop: Loop) -> None:
    query = Query("", {"kernel": ("v4.14",), "how": ("landed",)}, limit=100)
    landed = {e.id for e in loop.entries if any((k.version, k.how) == ("v4.14", "landed") for k in e.versions)}
    assert {hit.record["id"] for hit in searcher.search(query).hits} == landed
    assert any({k.version for k in e.versions} >= {"v4.14"} and e.id not in landed for e in loop.entries)


def test_versions_are_in_the_order_of_versions(searcher: Searcher) -> None:
    shown = versions(searcher.search(Query()))
    assert shown == sorted(shown, key=version_key, reverse=True)
    assert shown.index("v4.15") < shown.index("v4.7")


def test_versions_compare_by_their_numbers() -> None:
    assert version_key("v4.9") < version_key("v4.10") < version_key("v5.0") < version_key("v10.1")


def test_issues_are_listed_newest_first(searcher: Searcher) -> None:
    numbers = [int(count.value.rpartition("/")[2]) for count in searcher.search(Query()).facets["issue"]]
    assert numbers == list(range(13, 0, -1))


@pytest.mark.parametrize("name", ["how", "topic", "kind", "author", "tree"])
def test_other_values_are_listed_most_hits_first(searcher: Searcher, name: str) -> None:
    counts = [count.count for count in searcher.search(Query()).facets[name]]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("v4.13..v4.15", {"v4.13", "v4.14", "v4.15"}),
        ("4.13..4.15", {"v4.13", "v4.14", "v4.15"}),
        ("v4.15", {"v4.15"}),
        ("4.15", {"v4.15"}),
    ],
)
def test_a_range_of_versions_is_the_versions_in_it(searcher: Searcher, wanted: str, meant: set[str]) -> None:
    page = searcher.search(from_args([("kernel", wanted)]))
    assert set(page.query.selected("kernel")) == meant
    assert page.total == searcher.search(Query("", {"kernel": tuple(meant)})).total > 0


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        (">=4.14", {"v4.14", "v4.15", "v5.0"}, {"v4.13", "v4.9"}),
        (">4.14", {"v4.15"}, {"v4.14"}),
        ("<=4.14", {"v4.14", "v4.9"}, {"v4.15"}),
        ("<4.14", {"v4.13"}, {"v4.14"}),
        ("..v4.14", {"v4.9", "v4.14"}, {"v4.15"}),
        ("v4.14..", {"v4.14", "v5.1"}, {"v4.13"}),
    ],
)
def test_versions_are_compared_with_limits(wanted: str, inside: set[str], outside: set[str]) -> None:
    bound = normal("kernel", wanted)
    assert all(in_range(version, bound) for version in inside)
    assert not any(in_range(version, bound) for version in outside)


def test_a_version_range_in_the_text_selects_its_versions(searcher: Searcher) -> None:
    page = searcher.search(Query("kernel:>=4.15"))
    assert page.total > 0
    assert page.query.selected("kernel")
    assert all(version_key(version) >= (4, 15) for version in page.query.selected("kernel"))


@pytest.mark.parametrize(
    ("name", "value", "nearest"),
    [
        ("topic", "xpd", "xdp"),
        ("kind", "patches", "patch"),
        ("kernel", "v4.155", "v4.15"),
        ("author", "DÁNIEL BORKMAN", "Borkmann"),
    ],
)
def test_an_unknown_value_is_reported_with_the_nearest(searcher: Searcher, name: str, value: str, nearest: str) -> None:
    page = searcher.search(Query("", {name: (value,)}))
    (notice,) = page.notices
    assert page.total == 0
    assert f"{name}:{value}" in notice
    assert nearest in notice.partition("nearest")[2].replace(",", "").rstrip(".").split()


def test_a_range_without_versions_is_reported(searcher: Searcher) -> None:
    page = searcher.search(Query("", {"kernel": (">=v99.0",)}))
    assert page.total == 0
    assert any(">=v99.0" in notice for notice in page.notices)


def test_part_of_a_name_finds_the_author(searcher: Searcher) -> None:
    assert searcher.search(Query("author:borkmann")).query.selected("author") == ("Daniel Borkmann",)


def test_a_number_finds_the_issue(searcher: Searcher) -> None:
    for number in ("7", "07", "bpf-updates/7"):
        assert searcher.search(Query("", {"issue": (number,)})).query.selected("issue") == ("bpf-updates/7",)


def test_the_closest_entries_are_counted_if_they_are_shown(searcher: Searcher) -> None:
    page = searcher.search(Query("sockmap zeppelin", limit=100))
    assert page.closest
    assert sum(counted(page, "kind").values()) == page.total


def test_the_facets_are_the_filters() -> None:
    assert NAMES == FILTERS


def test_a_very_long_value_has_no_nearest_values(searcher: Searcher) -> None:
    [notice] = searcher.search(Query(filters={"author": ("é" * 16_000,)})).notices
    assert "the nearest" not in notice
