"""Harmless corrections: correct words stay, and every correction is a word."""

from __future__ import annotations

import pytest

from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.search.spelling import english


@pytest.mark.parametrize(
    "word", ["sever", "attack", "interest", "webhook", "mutex", "namespaces", "generate", "jitter", "fentry", "xbuild"]
)
def test_a_common_word_is_never_corrected(searcher: Searcher, word: str) -> None:
    assert searcher.search(Query(word)).corrected == {}


def test_no_common_word_that_the_archive_lacks_is_corrected(searcher: Searcher) -> None:
    sample = sorted(english())[::50]
    assert {word: meant for word in sample if (meant := searcher.words.speller.nearest(word))} == {}


@pytest.mark.parametrize(("typed", "meant"), [("mergedd", "merged"), ("trackng", "tracking"), ("redirct", "redirect")])
def test_a_correction_is_a_word_and_not_a_stem(searcher: Searcher, typed: str, meant: str) -> None:
    assert searcher.search(Query(typed)).corrected == {typed: meant}


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
