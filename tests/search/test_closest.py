"""Queries that no entry, or hardly any, matches in full."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.storage.index import open_index
from tests.archives import small


def test_an_inferred_filter_is_dropped_rather_than_finding_nothing(searcher: Searcher) -> None:
    page = searcher.search(Query("sockmap october 2017"))
    assert (page.closest, page.inferred) == (True, ())
    assert "sockmap" in page.hits[0].record["title"]
    assert any(notice.startswith("Not filtered by Date: october 2017") for notice in page.notices)


def test_an_author_and_words_that_never_occur_together_find_both(searcher: Searcher) -> None:
    page = searcher.search(Query("josef bacik landlock"))
    found = " ".join(f"{hit.record['title']} {hit.record['author']}" for hit in page.hits)
    assert page.closest
    assert "Landlock" in found
    assert "Josef Bacik" in found


def test_an_unknown_issue_has_no_entries(searcher: Searcher) -> None:
    assert searcher.search(Query("issue 14")).total == 0


@pytest.mark.parametrize("text", ["issue 12 issue 13 series:zz", "latest issue latest issue before:2001"])
def test_a_query_of_filters_alone_that_exclude_each_other_finds_nothing(searcher: Searcher, text: str) -> None:
    assert searcher.search(Query(text)).total == 0


def test_entries_with_some_words_are_shown_next_to_the_few_with_all(searcher: Searcher) -> None:
    few = searcher.search(Query("map lookup lru performance", sort="newest"))
    assert 0 < few.total <= 5
    assert searcher.search(Query("map lookup lru performance")).total > few.total
    assert searcher.search(Query('"map lookup" lru performance')).total <= few.total, "a phrase is meant as it is"


def test_counts_of_filters_are_exact_with_few_full_matches(searcher: Searcher) -> None:
    query = Query("map lookup lru performance")
    page = searcher.search(query)
    assert not page.closest
    assert page.notices[0].startswith("Only ")
    for count in page.facets["kind"]:
        assert searcher.search(query.toggled("kind", count.value)).total == count.count


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("kernel/bpf/devmap.c", "devmap"),
        ("kernel/bpf/cpumap.c:123:4:", "cpumap"),
        ("tools/bpf/bpftool/map.c", "bpftool"),
        ("drivers/net/ethernet/intel/ixgbe", "ixgbe"),
        ("drivers/net/virtio_net.c", "virtio"),
        ("arch/mips/net/ebpf_jit.c", "mips"),
        ("arch/arm/net/bpf_jit_32.c", "arm"),
        ("arch/powerpc/net/bpf_jit_comp64.c", "powerpc"),
        ("arch/s390/net/bpf_jit_comp.c", "s390"),
        ("tools/testing/selftests/bpf/test_maps.c", "test_maps"),
        ("tools/testing/selftests/net/test_maps.c", "test_maps"),
    ],
)
def test_a_path_is_found_by_its_file_and_then_by_its_folders(searcher: Searcher, path: str, word: str) -> None:
    first = searcher.search(Query(path)).hits[0].record
    assert word in f"{first['title']} {first['body']}".lower()


def test_optional_words_count_if_a_filter_excludes_all_entries_with_the_others(searcher: Searcher) -> None:
    page = searcher.search(Query("release 2021 edition", {"issue": ("bpf-updates/13",)}))
    assert page.closest
    assert "release" in page.hits[0].record["title"]
    page = searcher.search(Query("what is new in io_uring", {"issue": ("bpf-updates/13",)}))
    assert page.total == 0


def test_notices_of_a_query_without_results_name_no_results(searcher: Searcher) -> None:
    notices = searcher.search(Query("frobnicate quux")).notices
    assert notices[-1].startswith("The archive has nothing that matches.")
    assert not any("Showing" in notice for notice in notices)
    notices = searcher.search(Query("frobnicate quux", {"kind": ("talk",)})).notices
    assert notices[-1].startswith("No entry with these filters matches.")


def test_without_results_under_a_filter_the_closest_entries_without_it_are_offered(searcher: Searcher) -> None:
    page = searcher.search(Query("suricata frobnicate", {"kind": ("helper",)}))
    assert page.total == 0
    (way,) = page.relaxations
    assert way.total == searcher.search(way.query).total > 0


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("WARNING: possible circular locking dependency detected", "deadlock lockdep"),
        ("INFO: possible recursive locking detected", "deadlock lockdep"),
    ],
)
def test_a_message_of_the_kernel_finds_what_it_is_about(searcher: Searcher, message: str, words: str) -> None:
    titles = " ".join(hit.record["title"].lower() for hit in searcher.search(Query(message, limit=3)).hits)
    assert any(word in titles for word in words.split())


def test_a_word_inside_a_host_name_is_found(searcher: Searcher) -> None:
    page = searcher.search(Query("plumbers"))
    assert page.total
    assert all("plumbers" in str(hit.record).lower() for hit in page.hits)


def test_a_word_with_a_synonym_is_not_a_misspelling(searcher: Searcher) -> None:
    assert searcher.search(Query("qlogic")).corrected == {}


@pytest.mark.parametrize(("typed", "written"), [("round trip time", "BASE_RTT"), ("virtual function", "VF XDP")])
def test_a_synonym_finds_parts_of_names_too(searcher: Searcher, typed: str, written: str) -> None:
    assert any(written in hit.record["title"] for hit in searcher.search(Query(typed)).hits)


def test_a_single_unknown_word_finds_related_words(searcher: Searcher) -> None:
    page = searcher.search(Query("raspberry pi"))
    assert page.closest
    assert page.total


def test_common_words_count_little(searcher: Searcher) -> None:
    plain = searcher.search(Query("zzqqzz landlock sandbox")).hits[0].record["id"]
    assert searcher.search(Query("already instead another zzqqzz landlock sandbox")).hits[0].record["id"] == plain


def test_words_that_never_occur_together_count_one_by_one(searcher: Searcher) -> None:
    page = searcher.search(Query("lightweight tunnel"))
    assert page.closest
    assert "tunnel" in page.hits[0].record["title"]


def test_a_name_much_newer_than_the_archive_is_not_reduced_to_its_parts(searcher: Searcher) -> None:
    page = searcher.search(Query("BPF_PROG_TYPE_LSM"))
    assert page.corrected == {}
    assert page.closest or not page.total
    assert searcher.search(Query("BPF_MAP_TYPE_SOCKMAP")).corrected


@pytest.mark.parametrize("text", ["foo*", "bpf_x* AND y", "xpd", '"a b"', "latest issue", ""])
def test_an_archive_without_entries_answers_every_query_with_none(tmp_path: Path, text: str) -> None:
    archive = small(tmp_path, "tool")
    (archive.folder / "bpf-updates" / "01.md").write_text("## Tools\n", encoding="utf-8")
    build(archive)
    with closing(open_index(archive.data)) as index:
        assert Searcher(index).search(Query(text)).total == 0
