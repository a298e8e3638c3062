"""Highlighting the words of a hit."""

import pytest

from indexer.search.snippets import Marker, words_in

TEXT = "Using [e]BPF, dying maps: 64bit bpf_map_lookup_elem() in kernel/bpf/verifier.c, v4.14-rc2, Don't, naïve tries"


@pytest.mark.parametrize(
    "term",
    ["use", "ebpf", "bpf", "die", "64", "lookup", "lookup_elem", "verifi", "4.14", "dont", "naive", "tri", "absent"],
)
def test_the_words_that_are_highlighted_are_those_with_the_term(term: str) -> None:
    english, other = Marker({term}, ("en",)), Marker({term}, ("en", "de"))  # of a second language, all are analysed

    assert english.marks_in(words_in(TEXT)) == other.marks_in(words_in(TEXT))
    assert bool(english.marks_in(words_in(TEXT))) is (term != "absent")
