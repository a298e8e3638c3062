"""Text to terms: which spellings find which text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import fold, name_terms, part_terms, places, terms, tokens


def words(text: str) -> list[str]:
    return [term.text for term in terms(text)]


def shares_a_term(one: str, other: str) -> bool:
    return not set(words(one)).isdisjoint(words(other))


@pytest.mark.parametrize(
    "name", ["i40e", "mlx5e", "bpf_maps", "xdp_redirect_programs", "cls_bpf_offloading", "sk_filters"]
)
def test_an_identifier_is_never_stemmed(name: str) -> None:
    assert words(name) == [name]


def test_the_forms_of_a_plain_word_share_its_stem_and_keep_their_own() -> None:
    assert words("program") == ["program"]
    assert words("programs") == words("Programs") == ["programs", "program"]


def test_underscores_around_a_name_make_no_difference() -> None:
    assert words("__sk_buff") == words("sk_buff")


def test_a_call_is_a_term_of_its_own_next_to_the_word() -> None:
    assert set(words("bpf()")) == {"bpf()", "bpf"}
    assert {term.position for term in terms("bpf()")} == {0}


def test_a_plain_word_is_not_a_call() -> None:
    assert "bpf()" not in words("BPF calls (many)")


def test_an_optional_letter_in_brackets_gives_both_words_at_one_position() -> None:
    assert {(term.text, term.position) for term in terms("[e]BPF")} == {("bpf", 0), ("ebpf", 0)}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("BPF_J{LT,LE}", {"bpf_jlt", "bpf_jle"}),
        ("BPF_(PROG|MAP)_GET_NEXT_ID", {"bpf_prog_get_next_id", "bpf_map_get_next_id"}),
        ("rcu_read_(un)lock", {"rcu_read_lock", "rcu_read_unlock"}),
        ("bpf_{a,b}_{c,d}", {"bpf_a_c", "bpf_a_d", "bpf_b_c", "bpf_b_d"}),
    ],
)
def test_alternatives_in_a_name_are_expanded(written: str, names: set[str]) -> None:
    assert set(name_terms(written)) == names


@pytest.mark.parametrize("alternatives", ["{a,b}" * 22, "(a)" * 5000, "{" + "{a," * 30, "{a,b,c,d,e,f,g,h,i}" * 4])
def test_a_name_with_many_alternatives_is_not_expanded(alternatives: str) -> None:
    assert list(name_terms(f"bpf_{alternatives}")) == [f"bpf_{alternatives}"]


@pytest.mark.parametrize("typed", ["Björn", "bjorn", "bjoern", "BJÖRN"])
def test_an_accented_name_is_found_with_and_without_its_accent(typed: str) -> None:
    assert shares_a_term(typed, "Björn Töpel")


def test_an_accent_as_a_separate_character_gives_the_same_word() -> None:
    assert words("Bjo\u0308rn To\u0308pel") == words("Björn Töpel")


def test_an_accent_that_is_not_an_umlaut_is_dropped() -> None:
    assert words("Frédéric")[0] == words("Frederic")[0]


def test_japanese_is_divided_into_pairs_at_adjacent_positions() -> None:
    assert [(term.text, term.position) for term in terms("日本語版")] == [("日本", 0), ("本語", 1), ("語版", 2)]


def test_half_width_japanese_is_divided_like_full_width() -> None:
    assert list(terms("ﾊﾞｸﾞ")) == [("バグ", 0, 0, 4)]
    assert words("ｶｰﾈﾙ") == words("カーネル")


def test_a_single_japanese_letter_is_a_term() -> None:
    assert words("日") == ["日"]


def test_latin_letters_end_a_run_of_japanese() -> None:
    assert words("XDP入門") == ["xdp", "入門"]


def test_a_release_candidate_is_found_whole_and_by_its_version() -> None:
    assert set(words("4.12-rc2")) == {"4.12-rc2", "4.12"}


def test_a_version_is_the_same_with_and_without_v() -> None:
    assert words("v4.15") == words("4.15") == ["4.15"]


def test_part_of_a_version_does_not_find_it() -> None:
    assert not shares_a_term("4", "v4.15")


@pytest.mark.parametrize("name", ["lwn.net", "bpf_load.c", "netdev.vger.kernel.org"])
def test_a_host_or_a_file_is_found_whole_and_by_each_part(name: str) -> None:
    assert words(name)[0] == name
    assert all(shares_a_term(part, name) for part in name.replace("_", ".").split("."))


def test_the_parts_of_a_host_are_adjacent() -> None:
    assert [term.position for term in terms("vger.kernel.org list")] == [0, 0, 1, 2, 3]


def test_a_number_with_its_unit_is_found_with_and_without_it() -> None:
    assert set(words("40GbE")) == {"40gbe", "40"}


def test_a_genitive_is_the_word_itself() -> None:
    assert words("kernel's") == words("kernel’s") == words("kernel")


def test_an_apostrophe_in_a_name_makes_no_difference() -> None:
    assert words("O'Sullivan") == words("O’Sullivan") == words("OSullivan")


def test_parts_of_a_name_are_all_its_runs_but_the_whole() -> None:
    parts = part_terms("bpf_xdp_adjust_meta")
    assert {"adjust_meta", "xdp_adjust_meta", "bpf_xdp", "meta"} <= set(parts)
    assert "bpf_xdp_adjust_meta" not in parts
    assert "bpf_adjust" not in parts


def test_compatibility_forms_of_letters_fold() -> None:
    assert fold("ＸＤＰ") == "xdp"


def test_places_are_the_positions_of_terms() -> None:
    text = "Björn on [e]BPF, bpf() and lwn.net on 入門書"
    assert {(term, at) for term, held in places(text).items() for at in held} == {
        (term.text, term.position) for term in terms(text)
    }
    assert places(text)["on"] == [1, 7]


def test_a_name_of_many_parts_has_a_bounded_number_of_runs() -> None:
    assert len(part_terms("_".join(f"part{i}x" for i in range(500)))) < 200


@given(st.text(max_size=80))
def test_every_term_has_letters_and_a_range_in_the_text(text: str) -> None:
    for term in terms(text):
        assert term.text
        assert 0 <= term.start < term.end <= len(text)


@given(st.text(max_size=80))
def test_words_are_in_the_order_of_the_text(text: str) -> None:
    starts = {term.start: term.position for term in reversed(list(terms(text)))}
    assert all(starts[a] < starts[b] for a, b in itertools.pairwise(sorted(starts)))


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_case_makes_no_difference(text: str) -> None:
    assert words(text.upper()) == words(text.lower())


@pytest.mark.parametrize("row", ["2017-08", "a-b", "a.b-", "x'"])
def test_an_endless_word_does_not_hang(row: str) -> None:
    assert len(list(tokens(row * 50_000 + " end"))) > 1


def test_a_name_of_underscores_only_is_not_a_term() -> None:
    assert name_terms("__") == ()


def test_a_version_is_found_without_the_zero_at_its_end() -> None:
    assert set(words("5.0.0-rc1")) == {"5.0.0-rc1", "5.0.0", "5.0"}
    assert set(words("4.0")) == {"4.0"}
