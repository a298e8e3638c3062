"""Highlighting the words of a hit."""

import pytest

from indexer.search.snippets import Marker, text_of

TEXT = "Using [e]BPF, dying maps: 64bit bpf_map_lookup_elem() in kernel/bpf/verifier.c, v4.14-rc2, Don't, tries"


@pytest.mark.parametrize(
    "term",
    ["use", "ebpf", "bpf", "die", "64", "lookup", "lookup_elem", "verifi", "4.14", "dont", "tri", "absent"],
)
def test_the_words_that_are_highlighted_are_those_with_the_term(term: str) -> None:
    english, other = Marker({term}, ("en",)), Marker({term}, ("en", "de"))  # of a second language, all are analysed

    assert english.marks_in(text_of(TEXT)) == other.marks_in(text_of(TEXT))
    assert bool(english.marks_in(text_of(TEXT))) is (term != "absent")
