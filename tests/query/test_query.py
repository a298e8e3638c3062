"""The query language: text to tree, and query to URL and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import BadQuery
from indexer.query.address import fits, of_series, to_args
from indexer.query.fields import DATED
from indexer.query.parser import DEEPEST, MOST_TERMS
from indexer.query.query import LAST_PAGE, LONGEST, MOST_HITS, MOST_VALUES, Query
from indexer.query.tokens import quoted
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word, leaves
from tests.linux import FILTERS, SORTS, from_args, parse, query_of

A, B, C = Word("a"), Word("b"), Word("c")
EVERYTHING = And(())
ANY_TEXT = st.text(st.characters(), max_size=LONGEST + 20)
# All characters with a meaning, words and fields.
SIGNS = ('"', "(", ")", "-", " ", " ", " ", "NOT ", " OR ", " AND ")
TERMS = ("xdp", "pre*", "c++", "x:", '"two words"')
FIELDS = ("kernel:v4.15", "kernel:4.14 ", 'author:"A B"', "topic:xdp", "id:x", "before:2017")
SYNTAX = st.lists(st.sampled_from((*SIGNS, *TERMS, *FIELDS)), max_size=8)
PARAMETERS = st.lists(
    st.tuples(
        st.sampled_from((*FILTERS, "q", "unknown")),
        st.one_of(st.text(max_size=12), st.sampled_from(("4.15", "v4.13..v4.15", ">=4.14", "XDP", " xdp ", "Björn"))),
    ),
    max_size=8,
)


def spaced_once(tree: Node) -> str:
    """Return a tree as text, ignoring the number of spaces in phrases."""
    return " ".join(repr(tree).split())


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ('"a b"', Phrase("a b")),
        ('"a b" c', And((Phrase("a b"), C))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("a -b", And((A, Not(B)))),
        ('a -"b c"', And((A, Not(Phrase("b c"))))),
        ("NOT NOT a", A),
        ("a OR b", Or((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ("((a))", A),
        ("bpf_x*", Word("bpf_x", prefix=True)),
        ("id:bpf-updates/13/x", Match("id", "bpf-updates/13/x")),
        ("before:2017-08", Match("before", "2017-08")),
        ("a OR kernel:4.15", Or((A, Match("kernel", "v4.15")))),
        ("a -topic:XDP", And((A, Not(Match("topic", "xdp"))))),
        ("", EVERYTHING),
    ],
)
def test_syntax_becomes_a_tree(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("kernel:v4.15", {"kernel": ("v4.15",)}),
        ("kernel:4.15", {"kernel": ("v4.15",)}),
        ('kernel:" 4.15 "', {"kernel": ("v4.15",)}),
        ("kernel:v4.13..v4.15", {"kernel": ("v4.13..v4.15",)}),
        ("kernel:4.13..4.15", {"kernel": ("v4.13..v4.15",)}),
        ("kernel:>=4.14", {"kernel": (">=v4.14",)}),
        ('author:"Daniel Borkmann"', {"author": ("Daniel Borkmann",)}),
        ("author:Daniel", {"author": ("Daniel",)}),
        ("kernel:v4.14 kernel:v4.15 how:landed", {"kernel": ("v4.14", "v4.15"), "how": ("landed",)}),
        ("topic:XDP kind:Patch tree:net-next", {"topic": ("xdp",), "kind": ("patch",), "tree": ("net-next",)}),
        ("issue:13 newsletter:bpf-updates", {"issue": ("13",), "newsletter": ("bpf-updates",)}),
    ],
)
def test_a_field_at_the_top_is_a_filter(text: str, filters: dict[str, tuple[str, ...]]) -> None:
    parsed = parse(f"a {text} b")
    assert parsed.filters == filters
    assert (parsed.tree, parsed.text) == (And((A, B)), "a b")


@pytest.mark.parametrize(
    "word",
    ["x86:", "c++", "[e]BPF", "bpf()", "BPF_J{LT,LE}", "4.12-rc2", "a-b", "https://lwn.net/x", "O'Neil"],
)
def test_anything_else_is_a_word(word: str) -> None:
    assert parse(f"a {word}").tree == And((A, Word(word)))
    assert parse(f"a {word}").notices == ()


@pytest.mark.parametrize("signs", ["-", "???", "NOT ???", "OR ...", "&"])
def test_punctuation_only_is_not_a_word(signs: str) -> None:
    assert parse(f"a {signs}").tree == A


@pytest.mark.parametrize("text", ["ab*", "net-ne*"])
def test_an_unsuitable_prefix_is_reported_and_searched_as_a_word(text: str) -> None:
    parsed = parse(text)
    assert parsed.tree == Word(text)
    assert any("as a whole word" in notice for notice in parsed.notices)


def test_parentheses_without_words_match_everything() -> None:
    assert parse("(((").tree == EVERYTHING


def test_an_operator_without_words_does_no_harm() -> None:
    assert parse("a OR").tree == parse("AND a").tree == parse("a )").tree == A


def test_lower_case_words_are_not_operators() -> None:
    assert parse("a or b").tree == And((A, Word("or"), B))


def test_an_unbalanced_quotation_mark_is_ignored_with_a_notice() -> None:
    parsed = parse('a "b')
    assert parsed.tree == And((A, B))
    assert any("quotation mark" in notice for notice in parsed.notices)


def test_an_unknown_field_is_searched_as_words_with_a_notice() -> None:
    parsed = parse("colour:red")
    assert parsed.tree == Word("colour:red")
    assert any("There is no field colour." in notice and "kernel" in notice for notice in parsed.notices)


@pytest.mark.parametrize("name", "kernel how topic kind author issue id tree series newsletter before after".split())
def test_every_documented_field_is_a_field(name: str) -> None:
    value = "2017" if name in DATED else "x"
    assert parse(f"a OR {name}:{value}").tree == Or((A, Match(name, value)))
    assert parse(f"a OR {name.title()}:{value}").tree == Or((A, Match(name, value)))


@pytest.mark.parametrize("text", ["a before:yesterday", "a -before:2017-13", "a OR after:x", "a NOT after:2017-02-30"])
def test_an_invalid_date_is_ignored_with_a_notice(text: str) -> None:
    parsed = parse(text)
    assert parsed.tree == A
    assert any("Dates are written like" in notice for notice in parsed.notices)


def test_a_field_without_a_value_is_a_word() -> None:
    parsed = parse("kernel: a")
    assert parsed.tree == And((Word("kernel:"), A))
    assert any("Searched for kernel: as a word." in notice for notice in parsed.notices)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("a" * (LONGEST + 1), str(LONGEST)),
        (" ".join("a" * (MOST_TERMS + 1)), str(MOST_TERMS)),
        ("(" * (DEEPEST + 1) + "a", str(DEEPEST)),
        ("-(" * (DEEPEST + 1) + "a", str(DEEPEST)),
        ("NOT " * (DEEPEST + 1) + "a", str(DEEPEST)),
    ],
)
def test_a_query_beyond_a_limit_is_refused_with_the_limit(text: str, bound: str) -> None:
    with pytest.raises(BadQuery, match=bound):
        parse(text)


@pytest.mark.parametrize(
    "text", ["a" * LONGEST, " ".join("a" * MOST_TERMS), "(" * DEEPEST + "a", "NOT " * DEEPEST + "a"]
)
def test_a_query_at_the_limits_is_answered(text: str) -> None:
    assert parse(text).tree


@given(ANY_TEXT)
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        parse(text)
    except BadQuery:
        assert len(text) > LONGEST or len(text.split()) > MOST_TERMS or "(" in text or "-" in text


@given(SYNTAX)
def test_no_arrangement_of_syntax_breaks_the_parser(tokens: list[str]) -> None:
    assert parse("".join(tokens)).text is not None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("xdp AND kernel:v4.15", "xdp"),
        ("kernel:v4.15 AND xdp", "xdp"),
        ("xdp AND kernel:v4.15 AND sockmap", "xdp sockmap"),
        ("xdp AND sockmap kernel:v4.15", "xdp AND sockmap"),
        ("NOT AND kernel:v4.15 xdp", "NOT AND xdp"),
    ],
)
def test_an_and_is_removed_with_the_filter_that_it_joined(text: str, left: str) -> None:
    parsed = parse(text)
    assert parsed.filters == {"kernel": ("v4.15",)}
    assert parsed.text == left
    assert spaced_once(parse(left).tree) == spaced_once(parsed.tree)


@settings(max_examples=400)
@given(SYNTAX)
def test_the_text_without_its_filters_has_the_same_meaning(tokens: list[str]) -> None:
    parsed = parse("".join(tokens))
    again = parse(parsed.text)
    assert again.filters == {}
    assert spaced_once(again.tree) == spaced_once(parsed.tree)


@given(PARAMETERS, st.sampled_from(SORTS), st.integers(1, MOST_HITS), st.integers(1, LAST_PAGE))
def test_a_query_survives_the_round_trip_through_a_url(
    args: list[tuple[str, str]], sort: str, limit: int, page: int
) -> None:
    query = from_args([*args, ("sort", sort), ("limit", str(limit)), ("page", str(page))])
    again = from_args(parse_qsl(urlencode(to_args(query)), keep_blank_values=True))
    assert again == replace(query, filters={name: tuple(sorted(values)) for name, values in query.filters.items()})


@given(PARAMETERS)
def test_a_query_has_one_url(args: list[tuple[str, str]]) -> None:
    assert to_args(from_args(to_args(from_args(args)))) == to_args(from_args(args))


def test_defaults_are_omitted_from_a_url() -> None:
    assert to_args(Query()) == []
    assert to_args(Query("xdp", fold=True)) == [("q", "xdp")]


def test_unknown_parameters_do_no_harm() -> None:
    assert from_args([("q", "xdp"), ("utm_source", "x")]) == Query("xdp", fold=True)


def test_filters_in_a_url_are_normalised() -> None:
    query = from_args([("kernel", "4.15"), ("topic", " XDP "), ("kind", ""), ("topic", "xdp")])
    assert query.filters == {"kernel": ("v4.15",), "topic": ("xdp",)}


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "101"), ("limit", "ten"), ("limit", "-1"), ("limit", "²"), ("page", "1001"),
     ("page", "1" * 50), ("sort", "size"), ("q", "a" * (LONGEST + 1)), ("author", "a" * (LONGEST + 1))],
)  # fmt: skip
def test_a_bad_parameter_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadQuery, match="query" if name == "q" else name):
        from_args([(name, value)])


@pytest.mark.parametrize("given", [{"limit": 0}, {"limit": 101}, {"page": 1001}, {"page": -1}, {"sort": "size"}])
def test_a_value_beyond_the_limits_is_refused_by_name(given: dict[str, Any]) -> None:
    (name,) = given
    with pytest.raises(BadQuery, match=f"^{name}={given[name]}: "):
        query_of("xdp", {}, **given)


def test_query_of_and_from_args_agree() -> None:
    args = [("q", " xdp "), ("kernel", "4.15"), ("kernel", "v4.15"), ("kind", " "), ("limit", "5"), ("literal", "1")]
    asked = query_of(" xdp ", {"kernel": ["4.15", "v4.15"], "kind": [" "]}, limit=5, literal=True, fold=True)
    assert asked == from_args(args) == Query("xdp", {"kernel": ("v4.15",)}, limit=5, literal=True, fold=True)


@given(st.sampled_from(FILTERS), st.text(min_size=1, max_size=9), st.integers(1, 9))
def test_toggling_a_value_twice_changes_nothing_but_the_page(name: str, value: str, page: int) -> None:
    query = Query("xdp", {name: ("other than that",)}, page=page)
    assert query.toggled(name, value).selected(name) == ("other than that", value)
    assert query.toggled(name, value).toggled(name, value) == query.on_page(1)


def test_paging_and_removing_filters_keep_the_rest() -> None:
    query = Query("xdp", {"topic": ("maps",)}, "newest", 5, 3)
    assert query.on_page(4) == replace(query, page=4)
    assert query.without_filters() == Query("xdp", {}, "newest", 5)


def test_a_filter_in_one_alternative_gives_a_notice() -> None:
    (said,) = parse("kernel:v4.15 a OR b").notices
    assert said.startswith("kernel:v4.15 filters only its side of OR")
    for plain in ("kernel:v4.15 (a OR b)", "a OR b", "kernel:v4.15 OR kernel:v4.14", "kernel:v4.15 a"):
        assert parse(plain).notices == ()


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("(kernel:v4.15) xdp", "xdp"),
        ("((kernel:v4.15)) xdp", "xdp"),
        ("(kernel:v4.15 xdp)", "( xdp)"),
        ("bpf() kernel:v4.15", "bpf()"),
    ],
)
def test_a_filter_leaves_no_empty_parentheses_behind(typed: str, left: str) -> None:
    found = parse(typed)
    assert (found.text, found.filters) == (left, {"kernel": ("v4.15",)})
    assert parse(found.text).tree == found.tree


@pytest.mark.parametrize("text", ['kernel:"" xdp', 'xdp AND author:" "', 'xdp -before:""'])
def test_a_field_without_a_value_is_ignored_with_a_notice(text: str) -> None:
    parsed = parse(text)
    assert (parsed.tree, parsed.filters) == (Word("xdp"), {})
    assert any("has no value" in notice for notice in parsed.notices)


@pytest.mark.parametrize(
    ("text", "within"),
    [("xdp map", "xdp map after:2017"), ("xdp OR map", "(xdp OR map) after:2017"), ("", "after:2017")],
)
def test_a_further_condition_is_for_both_sides_of_or(text: str, within: str) -> None:
    assert Query(text, page=3).within("after:2017") == Query(within)


@pytest.mark.parametrize("value", ["plain", "two words", 'say "hi"', '"', "in (brackets)", "back\\slash"])
def test_any_value_can_be_written_in_a_query(value: str) -> None:
    parsed = parse(f"xdp section:{quoted(value)} map")
    assert (parsed.filters, parsed.text, parsed.notices) == ({"section": (value,)}, "xdp map", ())


def test_links_stay_within_the_limits_of_a_query() -> None:
    long, many = Query("x" * LONGEST), Query("x", {"topic": tuple(map(str, range(MOST_VALUES)))})
    assert not fits(long.within("after:2017"))
    assert of_series(Query("xdp"), "a-series").text == "xdp series:a-series"
    assert of_series(long, "a-series").text == "series:a-series"
    assert of_series(Query("a " * MOST_TERMS), "a-series").text == "series:a-series"
    assert many.toggled("topic", "another").filters == {"topic": ("another",)}


@given(st.lists(st.sampled_from(["xdp", "bpf_map", "OR", "AND", "NOT", "_", "ä", "4", "kind", "or"]), max_size=5))
def test_words_without_syntax_are_parsed_like_any_text(words: list[str]) -> None:
    text = " ".join(words)
    plain, padded = parse(text), parse(f"{text} ")  # the space makes it a text with syntax
    assert (plain.tree, plain.text, plain.filters, plain.notices) == (padded.tree, text, {}, padded.notices)
    assert [node.span for node in leaves(plain.tree)] == [node.span for node in leaves(padded.tree)]


def test_too_many_words_without_syntax_are_refused() -> None:
    parse(" ".join(["a"] * MOST_TERMS))
    with pytest.raises(BadQuery):
        parse(" ".join(["a"] * (MOST_TERMS + 1)))
