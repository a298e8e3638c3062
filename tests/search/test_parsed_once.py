"""Suggestions, missing names and version hints use the syntax tree and do not split the text again."""

from __future__ import annotations

import pytest

from indexer.query.query import Query
from indexer.query.tree import And, Word
from indexer.search.page import Searcher
from tests.linux import parse


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("verifeir (sockmpa)", "verifier (sockmap)"),
        ("(verifeir OR sockmpa) jit", "(verifier OR sockmap) jit"),
        ("topic:xdp verifeir", "verifier"),
    ],
)
def test_each_misspelt_word_is_corrected_in_place(searcher: Searcher, typed: str, suggested: str) -> None:
    assert searcher.search(Query(typed)).suggestion == suggested


def test_an_excluded_identifier_is_not_reported_as_missing(searcher: Searcher) -> None:
    page = searcher.search(Query("zzqqzz NOT bpf_sysctl_get_name"))
    assert page.unmentioned == ()
    assert not any("bpf_sysctl_get_name" in notice for notice in page.notices)


def test_a_missing_identifier_is_reported_in_parentheses_too(searcher: Searcher) -> None:
    assert searcher.search(Query("(bpf_sysctl_get_name)")).unmentioned == ("bpf_sysctl_get_name",)


@pytest.mark.parametrize("text", ["v4.15", "(v4.15)", "sockmap (v4.15)"])
def test_a_version_in_parentheses_is_a_version(searcher: Searcher, text: str) -> None:
    [inferred] = searcher.search(Query(text)).inferred
    assert (inferred.field, inferred.value) == ("kernel", "v4.15")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bpf_map_lookup_elem(&map, &key)", ["bpf_map_lookup_elem()"]),
        ("bpf(BPF_PROG_LOAD, &attr, size)", ["bpf()", "BPF_PROG_LOAD"]),
        ("bpf_sk_lookup_tcp(skb) returns", ["bpf_sk_lookup_tcp()", "returns"]),
        ("bpf()", ["bpf()"]),
    ],
)
def test_the_arguments_of_a_call_are_not_searched(text: str, words: list[str]) -> None:
    tree = parse(text).tree
    nodes = tree.nodes if isinstance(tree, And) else (tree,)
    assert nodes == tuple(map(Word, words))
