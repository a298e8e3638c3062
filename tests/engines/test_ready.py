"""Terms as a cluster is sent them, and the places of issues among all; no cluster is needed."""

from __future__ import annotations

import base64

import pytest

from indexer.analysis import terms, written
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.connection import BadEngine, basic, check_version, place_of
from indexer.engines.opensearch.scored import boosted
from indexer.engines.opensearch.writer import places_of

TEXTS = ("redirects of sockmap", "4.12-rc2 on lwn.net, bpf_load.c and x86/jit", "[e]BPF für Straße 東京都", "")


def divided(sent: str) -> dict[str, list[int]]:
    """Return the terms of a text as the cluster's analyser has them, each with its places."""
    found: dict[str, list[int]] = {}
    first, *others = sent.split(" ")
    assert first == ready.FIRST
    for place, each in enumerate(others):
        for term in each.split(ready.BESIDE) if each != ready.GAP else ():
            found.setdefault(ready.read(term), []).append(place)
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_sent_as_terms_with_their_positions(text: str) -> None:

    expected: dict[str, list[int]] = {}
    for term in terms(text):
        expected.setdefault(term.text, []).append(term.position)
    assert divided(ready.text_of(written(text))) == expected


@pytest.mark.parametrize(
    "text", ["a b", f"a{ready.BESIDE}b", f"{ready.GAP}", "a\u2028b", f"{ready.FIRST}{ready.ESCAPE}"]
)
def test_a_term_keeps_its_separators(text: str) -> None:
    sent = ready.term(text)
    assert not any(letter.isspace() or letter in (ready.BESIDE, ready.GAP, ready.FIRST) for letter in sent)
    assert ready.read(sent) == text
    assert ready.term(text + "x").startswith(sent)


def test_a_long_value_is_cut_but_stays_distinct() -> None:
    one, other = ready.value("ä" * 40_000), ready.value("ä" * 40_001)
    assert one != other
    assert ready.is_cut(one)
    assert len(one.encode()) < 32_766
    assert not ready.is_cut(ready.value("short"))


def test_new_issues_are_ranked_between_their_neighbours() -> None:
    assert places_of(["a", "b"], {"a": 1.0, "b": 2.0}) == {"a": 1.0, "b": 2.0}
    found = places_of(["x", "a", "y", "z", "b", "last"], {"a": 1.0, "b": 2.0})
    assert found
    assert sorted(found, key=lambda key: found[key]) == ["x", "a", "y", "z", "b", "last"]
    assert (found["a"], found["b"]) == (1.0, 2.0)


def test_reordered_issues_have_no_ranks() -> None:
    assert places_of(["b", "a"], {"a": 1.0, "b": 2.0}) is None
    close = 1.0 + 2**-52
    assert places_of(["a", "new", "b"], {"a": 1.0, "b": close}) is None


def test_a_weight_multiplies_the_score_of_a_query() -> None:
    assert boosted({"term": {"title": {"value": "a", "boost": 2.0}}}, 3) == {
        "term": {"title": {"value": "a", "boost": 6.0}}
    }
    assert boosted({"bool": {"should": []}}, 3)["bool"]["boost"] == 3


@pytest.mark.parametrize(
    ("urls", "said"),
    [
        ("", "--engine-url"),
        ("search.example.org", "not the URL of a node"),
        ("http://[::1", "not the URL of a node"),
        ("http://localhost:99999", "not the URL of a node"),
        ("http://local host:9200", "not the URL of a node"),
        ("http://\udcff:9200", "not the URL of a node"),
        ("http://me:secret@localhost:9200", "BACKISSUE_ENGINE_PASSWORD"),
    ],
)
def test_an_invalid_url_is_refused_without_printing_its_password(urls: str, said: str) -> None:
    with pytest.raises(BadEngine, match=said) as refused:
        place_of(urls, {})
    assert "secret" not in str(refused.value)


def test_a_name_of_a_user_that_is_not_utf_8_is_sent_as_it_is() -> None:
    assert basic("\udcff", "é") == "Basic " + base64.b64encode(b"\xff:" + "é".encode()).decode()


@pytest.mark.parametrize(
    ("version", "refused"),
    [
        ({"distribution": "opensearch", "number": "3.1.0"}, True),
        ({"distribution": "opensearch", "number": "2.19.6"}, True),
        ({"number": "8.15.0"}, True),
        ({}, True),
        ({"distribution": "opensearch", "number": "3.2.0"}, False),
        ({"distribution": "opensearch", "number": "3.10.0-SNAPSHOT"}, False),
    ],
)
def test_a_cluster_that_is_too_old_is_refused_with_one_message(version: dict[str, str], refused: bool) -> None:
    place = place_of("http://localhost:9200", {})
    if refused:
        with pytest.raises(BadEngine, match=r"needs OpenSearch 3\.2 or later\.$"):
            check_version(place, {"version": version})
    else:
        check_version(place, {"version": version})


def test_a_text_in_another_language_is_sent_as_its_terms_in_that_language() -> None:
    text = "Die Häuser in den Gärten"
    expected = {term.text for term in terms(text, ("de",))}
    assert set(divided(ready.text_of(written(text, "de")))) == expected > {"haus", "gart"}
