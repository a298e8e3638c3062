"""Identifiers typed in other forms than the entries use."""

from __future__ import annotations

import pytest

from indexer.query.query import Query
from indexer.search.page import Searcher


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("bpfXdpAdjustMeta", "bpf_xdp_adjust_meta"),
        ("bpfxdpadjustmeta", "bpf_xdp_adjust_meta"),
        ("bpf xdp adjust meta", "bpf_xdp_adjust_meta"),
        ("bpf_xdp_adjust_meta(xdp, delta)", "bpf_xdp_adjust_meta"),
        ("CONFIG_BPF_XDP_ADJUST_META", "bpf_xdp_adjust_meta"),
        ("BPF_XDPADJUSTMETA", "bpf_xdp_adjust_meta"),
        ("fixbpfxdpadjustmeta", "bpf_xdp_adjust_meta"),
        ("bpfxdpadjustmetanew", "bpf_xdp_adjust_meta"),
        ("bpf_xdp_adjust_meta_proto", "bpf_xdp_adjust_meta"),
        ("RIP: 0010:bpf_xdp_adjust_meta+0x1a/0x40", "bpf_xdp_adjust_meta"),
        ("error: implicit declaration of function ‘bpf_xdp_adjust_meta’", "bpf_xdp_adjust_meta"),
    ],
)
def test_an_identifier_is_found_in_every_spelling(searcher: Searcher, typed: str, known: str) -> None:
    page = searcher.search(Query(typed))
    assert known in f"{page.hits[0].record['title']} {page.hits[0].record['names']} {page.hits[0].snippet}"


@pytest.mark.parametrize("typed", ["kernel/bpf/devmap.c", "a/kernel/bpf/devmap.c:123", "devmap.c"])
def test_a_path_is_found_by_its_file(searcher: Searcher, typed: str) -> None:
    assert "devmap" in searcher.search(Query(typed)).hits[0].record["title"].lower()


@pytest.mark.parametrize(
    ("typed", "title"), [("net/mlx4_en", "net/mlx4_en"), ("LISA 2017", "lisa17"), ("classic bpf", "cbpf")]
)
def test_words_that_belong_together_rank_above_separate_ones(searcher: Searcher, typed: str, title: str) -> None:
    assert title in searcher.search(Query(typed)).hits[0].record["title"].lower()


@pytest.mark.parametrize("typed", ["egress", "CO-RE"])
def test_a_few_letters_of_another_word_are_no_match(searcher: Searcher, typed: str) -> None:
    page = searcher.search(Query(typed))
    assert page.closest or not page.total


def test_a_match_for_part_of_an_unknown_name_is_reported(searcher: Searcher) -> None:
    page = searcher.search(Query("XDP_REDIRECT_FROBNICATE"))
    assert page.closest
    assert any(notice.startswith("No entry contains XDP_REDIRECT_FROBNICATE. Showing") for notice in page.notices)


def test_an_unknown_name_is_not_answered_by_a_common_part(searcher: Searcher) -> None:
    page = searcher.search(Query("bpf_sk_storage_get"))
    assert page.closest
    assert "get" not in page.notices[0].partition("entries that contain ")[2].replace(",", "").strip(".").split()
    assert all("bpf_sk" in f"{hit.record['title']} {hit.record['names']} {hit.snippet}" for hit in page.hits)


def test_an_unknown_name_that_begins_like_most_entries_is_reported(searcher: Searcher) -> None:
    page = searcher.search(Query("bpfman"))
    assert not page.total or page.closest
    assert "bpfman" not in page.corrected


def test_a_short_commit_id_finds_the_longer_one(searcher: Searcher) -> None:
    assert searcher.search(Query("7a12b50")).total == searcher.search(Query("7a12b5031c6b")).total > 0


def test_the_closest_entries_are_found_under_a_filter_too(searcher: Searcher) -> None:
    query = Query("sockmap zeppelin", {"kind": ("patch",)})
    page = searcher.search(query)
    assert (page.closest, page.total > 0) == (True, True)
    assert {hit.record["kind"] for hit in page.hits} == {"patch"}


@pytest.mark.parametrize("typed", ["flame graphs", '"flame graphs"', "flamegraph", '"flame graph"'])
def test_a_synonym_is_found_in_every_form_and_in_a_phrase(searcher: Searcher, typed: str) -> None:
    titles = {hit.record["title"] for hit in searcher.search(Query(typed)).hits}
    assert any("flamegraph" in title.lower() for title in titles)


@pytest.mark.parametrize(("typed", "written"), [("ppc64", "powerpc"), ("aarch64", "arm64"), ("sparc", "sparc64")])
def test_an_architecture_is_found_by_its_other_names(searcher: Searcher, typed: str, written: str) -> None:
    page = searcher.search(Query(typed, limit=100))
    assert any(written in hit.record["title"] for hit in page.hits)


def test_joined_words_are_split_only_if_an_entry_has_both(searcher: Searcher) -> None:
    assert searcher.search(Query("brendangregg")).total > 0
    assert searcher.search(Query("ringbuf")).corrected == {}


@pytest.mark.parametrize(("name", "title"), [("BPF_MAP_TYPE_DEVMAP", "add devmap"), ("sock map", "sockmap")])
def test_the_entry_that_introduces_an_identifier_and_its_usual_spelling_come_first(
    searcher: Searcher, name: str, title: str
) -> None:
    assert title in searcher.search(Query(name)).hits[0].record["title"]
