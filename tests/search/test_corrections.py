"""Harmless corrections: correct words stay, and every correction is a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.search.spelling import distance, english
from indexer.storage.index import open_index
from tests.archives import small


@pytest.mark.parametrize(
    "word",
    [
        "sever",
        "attack",
        "interest",
        "webhook",
        "mutex",
        "namespaces",
        "generate",
        "jitter",
        "fentry",
        "xbuild",
        "libc",
        "mmap",
        "forking",
        "delaying",
        "resuming",
        "shutting",
        "stalled",
    ],
)
def test_a_common_word_is_never_corrected(searcher: Searcher, word: str) -> None:
    assert searcher.search(Query(word)).corrected == {}


def test_no_common_word_that_the_archive_lacks_is_corrected(searcher: Searcher) -> None:
    sample = sorted(english())[::50]
    assert {word: meant for word in sample if (meant := searcher.words.speller.nearest(word))} == {}


@pytest.mark.parametrize(("typed", "meant"), [("mergedd", "merged"), ("trackng", "tracking"), ("redirct", "redirect")])
def test_a_correction_is_a_word_and_not_a_stem(searcher: Searcher, typed: str, meant: str) -> None:
    assert searcher.search(Query(typed)).corrected == {typed: meant}


@pytest.mark.parametrize(
    ("typed", "corrected", "word"),
    [
        ("flaem graph", {"flaem": "flame"}, "flame"),
        ("sytem call", {"sytem": "system"}, "syscall"),
        ("ultrasprac", {"ultrasprac": "ultrasparc"}, "sparc"),
    ],
)
def test_a_word_that_only_has_synonyms_is_corrected(
    searcher: Searcher, typed: str, corrected: dict[str, str], word: str
) -> None:
    page = searcher.search(Query(typed))
    assert page.corrected == corrected
    assert word in page.hits[0].record["title"].lower()


def test_a_word_of_a_phrase_is_corrected_only_beside_the_rest_of_it(tmp_path: Path) -> None:
    archive = small(tmp_path, "A walkthrough of tools")
    build(archive)
    searcher = Searcher(open_index(archive.data))
    page = searcher.search(Query("wlak through"))
    assert page.corrected == {"wlak": "walk"}
    assert page.hits
    assert not page.closest
    for typed in ("wlak", "through wlak", "wlak tools"):
        assert searcher.search(Query(typed)).corrected == {}


def test_related_words_count_only_if_no_entry_has_all_words(searcher: Searcher) -> None:
    assert not searcher.search(Query("sample")).closest
    close = searcher.search(Query("example zeppelin"))
    assert close.closest
    assert close.total > searcher.search(Query("example")).total


@pytest.mark.parametrize(
    ("typed", "beside", "meant", "alone"),
    [
        ("reest", "during virtio", "reset", "rest"),
        ("uused", "variable remove", "unused", "used"),
        ("fils", "patch offload", "files", "fails"),
        ("filer", "deadlock possible", "filter", "file"),
    ],
)
def test_a_correction_that_shares_entries_with_the_other_words_is_preferred(
    searcher: Searcher, typed: str, beside: str, meant: str, alone: str
) -> None:
    assert searcher.search(Query(typed)).corrected == {typed: alone}
    assert searcher.search(Query(f"{typed} {beside}")).corrected == {typed: meant}


@pytest.mark.parametrize("text", ["sever redirect socket", "attack verifier maps", "interest in netlink messages"])
def test_a_common_word_beside_others_is_never_corrected(searcher: Searcher, text: str) -> None:
    assert searcher.search(Query(text)).corrected == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("xpd", "xdp"), ("bfp", "bpf"), ("xdpp", "xdp"), ("bpff", "bpf"), ("bfp_getsockops", "bpf_getsockops")],
)
def test_an_acronym_is_corrected_if_letters_are_transposed_or_doubled(
    searcher: Searcher, typed: str, meant: str
) -> None:
    assert searcher.search(Query(typed)).corrected == {typed: meant}


@pytest.mark.parametrize("typed", ["xdq", "bpg", "nfb", "tcx", "xdpq", "ret", "hid", "arc"])
def test_another_acronym_is_not_corrected_to_a_similar_one(searcher: Searcher, typed: str) -> None:
    assert searcher.search(Query(typed)).corrected == {}


@pytest.mark.parametrize("text", ["cillium", "cillium deployment"])
def test_the_usual_spelling_of_a_misspelling_in_the_archive_is_offered(searcher: Searcher, text: str) -> None:
    notices = searcher.search(Query(text)).notices
    (offer,) = [notice for notice in notices if notice.query and notice.query.text == text.replace("cillium", "cilium")]
    assert offer.statement == "Only 1 entry has cillium."
    assert re.fullmatch(r"Search for cilium, which \d+ entries have\.", offer.offer)


@pytest.mark.parametrize("text", ["suricata", "landlock", "katran", '"cillium"', "cilium"])
def test_no_other_word_is_offered_for_a_right_one(searcher: Searcher, text: str) -> None:
    assert not any(notice.startswith("Only") for notice in searcher.search(Query(text)).notices)


@pytest.mark.parametrize(
    ("word", "other", "cost"),
    [
        ("map", "map", 0),
        ("mapp", "map", 0.5),  # a doubled letter
        ("map", "maap", 0.5),
        ("mp", "map", 1),
        ("maxp", "map", 1),
        ("mpa", "map", 1),  # transposed
        ("mup", "map", 1),  # a vowel for a vowel
        ("mat", "map", 1.5),
        ("aab", "abb", 1.0),  # two doubled letters cost less than a substituted one
        ("tap", "map", 2.0),  # the first letter
        ("amp", "map", 1.5),
        ("verifeir", "verifier", 1),
    ],
)
def test_the_cost_of_edits(word: str, other: str, cost: float) -> None:
    assert distance(word, other) == cost
