"""Help with queries: corrections, synonyms, suggestions, and ways out of an empty result."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from indexer.catalog.answers import Page
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.search.spelling import distance
from indexer.sources.archive import Archive
from indexer.storage.index import Index
from webui.app import create_app

OVERRIDE = "bpf-updates/13/new-helper-function-bpf-override-function"


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def ids(page: Page) -> list[str]:
    return [hit.record["id"] for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sockmpa", "sockmap"),
        ("bpf_overide_function", "bpf_override_function"),
        ("verifeir", "verifier"),
        ("xdp-redirct", "xdp-redirect"),
        ("verifeir/sockmpa", "verifier/sockmap"),
    ],
)
def test_a_correction_is_reported(searcher: Searcher, typed: str, meant: str) -> None:
    page = searcher.search(Query(typed))
    assert page.corrected == {typed: meant}
    assert f"Showing results for {meant}. Search for {typed} instead." in page.notices
    assert set(ids(page)) == set(ids(searcher.search(Query(meant))))


@pytest.mark.parametrize("word", ["spectre", "loops", "sockopt", "blinding", "flounder", "marks2018"])
def test_an_unlikely_typing_error_is_not_corrected(searcher: Searcher, word: str) -> None:
    page = searcher.search(Query(word))
    assert page.corrected == {}
    assert page.closest or not page.total
    assert f"No entry contains {word}." in " ".join(
        searcher.search(Query(f"verifier {word} alignment tracking")).notices
    )


@pytest.mark.parametrize(
    ("one", "other", "cost"),
    [
        ("sockmpa", "sockmap", 1), ("overide", "override", 0.5), ("kernal", "kernel", 1), ("snort", "short", 1.5),
        ("loops", "oops", 1.5), ("getting", "setting", 2), ("redirct", "redirect", 1), ("spectre", "secure", 2.5),
    ],
)  # fmt: skip
def test_distances_between_words(one: str, other: str, cost: float) -> None:
    assert distance(one, other) == distance(other, one) == cost
    assert distance(one, one) == 0


def test_a_misspelt_part_of_a_name_is_corrected(searcher: Searcher) -> None:
    assert ids(searcher.search(Query("bpf_overide_funtcion")))[0] == OVERRIDE


def test_a_word_that_an_entry_has_is_never_corrected(searcher: Searcher, index: Index) -> None:
    words = index.vocabulary("title")
    assert [word for word in words[:: len(words) // 40] if searcher.words.speller.nearest(word)] == []


@pytest.mark.parametrize("typed", ["2018", "mlx6", "mlx3"])
def test_digits_are_never_corrected(searcher: Searcher, typed: str) -> None:
    assert searcher.search(Query(typed)).corrected == {}


@pytest.mark.parametrize("name", ["bpf_obj_new", "bpf_map_freeze", "bpf_loop()", "BPF_FUNC_msg_redirect_map"])
def test_a_name_that_the_kernel_has_is_never_corrected(searcher: Searcher, name: str) -> None:
    assert searcher.search(Query(name)).corrected == {}


def test_a_name_without_its_prefix_is_found(searcher: Searcher) -> None:
    assert searcher.search(Query("BPF_MAP_TYPE_SOCKMAP")).corrected == {"BPF_MAP_TYPE_SOCKMAP": "sockmap"}


@pytest.mark.parametrize("typed", ["zeppelin", "xdq", "1234567", "基礎基礎基礎"])
def test_a_word_without_similar_words_stays_unchanged(searcher: Searcher, typed: str) -> None:
    assert searcher.search(Query(typed)).corrected == {}


def test_the_typed_words_can_be_searched_literally(searcher: Searcher) -> None:
    page = searcher.search(Query("sockmpa").literally())
    assert (page.total, page.corrected) == (0, {})


def test_synonyms_find_each_other(searcher: Searcher) -> None:
    one, other = (searcher.search(Query(text, limit=100)) for text in ("cgroup", "control group"))
    assert set(ids(other)) & set(ids(one))
    assert one.total > searcher.search(Query("cgroup", literal=True)).total


def test_a_question_needs_none_of_its_common_words(searcher: Searcher) -> None:
    asked = searcher.search(Query("how does the verifier track liveness"))
    assert not asked.closest
    assert asked.total == searcher.search(Query("verifier track liveness")).total > 0


def test_a_query_of_common_words_alone_searches_them(searcher: Searcher, index: Index) -> None:
    assert 0 < searcher.search(Query("the")).total < index.size


def test_excluded_words_are_not_expanded(searcher: Searcher) -> None:
    excluded = searcher.search(Query("-slides")).total
    assert excluded == searcher.search(Query("-slides", literal=True)).total


def test_an_empty_answer_has_the_counts_without_each_filter(searcher: Searcher) -> None:
    page = searcher.search(Query("bpf_getsockops", {"kernel": ("v4.12",), "kind": ("talk",)}))
    assert page.total == 0
    assert all(searcher.search(way.query).total == way.total > 0 for way in page.relaxations)
    assert page.relaxations[-1].query.filters == {}


def test_a_name_that_the_archive_does_not_mention_is_explained_by_the_facts(searcher: Searcher) -> None:
    [notice] = [n for n in searcher.search(Query("bpf_sk_storage_get")).notices if "landed" in n]
    assert "v5.2" in notice
    assert "20 Nov 2017" in notice


def test_an_empty_answer_has_links_on_the_page_and_in_the_api(client: FlaskClient) -> None:
    asked = "q=bpf_getsockops&kernel=v4.12&kind=talk"
    page, answer = client.get(f"/?{asked}").text, client.get(f"/api/v1/search?{asked}").get_json()
    assert [way["label"] for way in answer["ways_out"]] == ["without all filters"]
    assert client.get(answer["ways_out"][0]["search_url"]).get_json()["total"] == answer["ways_out"][0]["total"] == 3
    assert '<a href="/?q=bpf_getsockops">3 entries without all filters</a>' in page
    assert '<a href="/id/bpf_sk_storage_get"><code>' in client.get("/?q=bpf_sk_storage_get").text


def test_a_name_among_other_words_is_explained_by_the_facts(searcher: Searcher) -> None:
    page = searcher.search(Query("bpf_get_stack verifier"))
    assert page.closest
    assert any("does not mention bpf_get_stack," in notice for notice in page.notices)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("BPF_FUNC_get_stack", "bpf_get_stack"),
        ("bpf_func_get_stack", "bpf_get_stack"),
        ("Bpf_Get_Stack()", "bpf_get_stack"),
        ("(get_stack)", "bpf_get_stack"),
        ("bpf_map_type_sk_storage", "BPF_MAP_TYPE_SK_STORAGE"),
    ],
)
def test_an_unmentioned_name_is_found_in_every_spelling(searcher: Searcher, written: str, name: str) -> None:
    assert searcher.search(Query(f"{written} zeppelin")).unmentioned == (name,)


def test_a_mentioned_name_is_never_reported_as_missing(searcher: Searcher) -> None:
    page = searcher.search(Query("bpf_redirect_map", {"kernel": ("v4.1",)}))
    assert page.total == 0
    assert not any("does not mention" in notice for notice in page.notices)


def test_a_question_with_a_filter_does_not_need_its_common_words(searcher: Searcher) -> None:
    assert searcher.search(Query("the (xdp OR maps)")).total == searcher.search(Query("xdp OR maps")).total


def test_suggestions_are_grouped_and_begin_with_the_typed_text(client: FlaskClient) -> None:
    found = client.get("/api/v1/suggest?q=bpf_get").get_json()["suggestions"]
    assert ("identifier", "bpf_getsockops", 2) in [(each["group"], each["text"], each["count"]) for each in found]
    people = client.get("/api/v1/suggest?q=bork").get_json()["suggestions"]
    assert [each["text"] for each in people if each["group"] == "author"] == ["Daniel Borkmann"]
    assert client.get("/api/v1/suggest?q=").get_json() == {"query": "", "suggestions": []}


def test_the_page_shows_the_correction_and_offers_the_literal_search(client: FlaskClient) -> None:
    page = client.get("/?q=sockmpa").text
    assert "Showing results for sockmap." in page
    assert '<a href="/?literal=1&amp;q=sockmpa" rel="nofollow">Search for sockmpa instead.</a>' in page
    assert client.get("/api/v1/search?q=sockmpa").get_json()["suggestion"] == "sockmap"
