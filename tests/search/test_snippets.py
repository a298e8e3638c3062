"""Highlighting the words of a hit."""

import pytest

from indexer.search.snippets import Marker, snippet

TEXT = "Using [e]BPF, dying maps: 64bit bpf_map_lookup_elem() in kernel/bpf/verifier.c, v4.14-rc2, Don't, tries"


@pytest.mark.parametrize(
    "term",
    ["use", "ebpf", "bpf", "die", "64", "lookup", "lookup_elem", "verifi", "4.14", "dont", "tri", "absent"],
)
def test_the_words_that_are_highlighted_are_those_with_the_term(term: str) -> None:
    english, other = Marker({term}, ("en",)), Marker({term}, ("en", "de"))  # of a second language, all are analysed

    assert list(english.marks_in(TEXT)) == list(other.marks_in(TEXT))
    assert any(english.marks_in(TEXT)) is (term != "absent")


def test_a_long_text_is_cut_around_its_first_mark() -> None:
    text = "left out\n" * 80 + "a sockmap here\n" + "and more " * 80 + "sockmap"

    shown, marks, whole = snippet(text, Marker({"sockmap"}, ("en",)).marks_in(text))

    assert [shown[start:end] for start, end in marks] == ["sockmap"]
    assert len(shown) < len(text)
    assert not whole
