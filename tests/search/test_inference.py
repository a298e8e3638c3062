"""Filters inferred from the words of a query."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from webui.app import create_app


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("sockmap 4.14", "kernel", "v4.14"),
        ("sockmap linux 4.14", "kernel", "v4.14"),
        ("sockmap v4.14", "kernel", "v4.14"),
        ("sockmap since v4.14", "kernel", ">=v4.14"),
        ("latest issue", "issue", "bpf-updates/13"),
        ("issue 12", "issue", "12"),
        ("issue number 12", "issue", "12"),
        ("issue no. 12 cpumap", "issue", "12"),
        ("bpf updates nr 9 xdp", "issue", "9"),
        ("third issue", "issue", "3"),
        ("xdp in the 12th issue", "issue", "12"),
        ("bpf updates #9 xdp", "issue", "9"),
        ("issue from 29 august 2017", "issue", "bpf-updates/10"),
        ("August 29 2017", "issue", "bpf-updates/10"),
        ("llvm september 2017", "date", "september 2017"),
        ("llvm 2017-09", "date", "2017-09"),
        ("sockmap in août 2017", "date", "aout 2017"),
        ("bpftool since october 2017", "date", "since october 2017"),
        ("cpumap after 2017-10-01", "date", "after 2017-10-01"),
        ("sparc before june 2017", "date", "before june 2017"),
        ("talks about cilium", "kind", "talk"),
        ("jakub kicinski bpftool", "author", "Jakub Kicinski"),
    ],
)
def test_words_imply_a_filter(searcher: Searcher, text: str, field: str, value: str) -> None:
    page = searcher.search(Query(text))
    assert [(each.field, each.value) for each in page.inferred] == [(field, value)]
    assert page.total > 0


@pytest.mark.parametrize(
    "text", ["what a user may load", "netdev 2.1 videos xdp", '"4.14" xdp', "xdp -4.14", "march on"]
)
def test_words_that_only_look_like_a_filter_stay_words(searcher: Searcher, text: str) -> None:
    assert not {each.field for each in searcher.search(Query(text)).inferred} & {"kernel", "date", "issue"}


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("since 2017-11", lambda day: day >= "2017-11"),
        ("after october 2017", lambda day: day >= "2017-11"),
        ("before 2017-05", lambda day: day < "2017-05"),
        ("until may 2017", lambda day: day < "2017-06"),
        ("2017-06-01", lambda day: day.startswith("2017-06")),  # without an issue of that day, its month
    ],
)
def test_a_date_is_one_end_of_a_period(searcher: Searcher, text: str, within: Callable[[str], bool]) -> None:
    dated = searcher.index.issues.values()
    assert searcher.search(Query(text)).total == sum(each.entries for each in dated if within(each.date))


def test_searching_for_its_words_undoes_an_inferred_filter(searcher: Searcher) -> None:
    [inferred] = searcher.search(Query("sockmap 4.14")).inferred
    assert inferred.query.text == 'sockmap "4.14"'
    assert searcher.search(inferred.query).inferred == ()


def test_a_literal_query_infers_nothing(searcher: Searcher) -> None:
    assert searcher.search(Query("xdp 4.14", literal=True)).inferred == ()


def test_an_inferred_filter_equals_the_typed_filter(searcher: Searcher) -> None:
    inferred = searcher.search(Query("sockmap 4.14"))
    assert inferred.total == searcher.search(Query("sockmap", {"kernel": ("v4.14",)})).total


def test_a_missing_issue_is_reported(searcher: Searcher) -> None:
    page = searcher.search(Query("issue 14"))
    assert page.total == 0
    assert any("20 Nov 2017" in notice for notice in page.notices)


def test_a_version_and_a_topic_list_merged_changes_first(searcher: Searcher) -> None:
    page = searcher.search(Query("what changed in linux 4.14 for XDP"))
    assert [each.field for each in page.inferred] == ["kernel", "topic"]
    assert page.hits[0].record["kind"] in ("feature", "helper")


def test_the_page_shows_an_inferred_filter_as_a_chip_that_undoes_it(client: FlaskClient) -> None:
    page = client.get("/?q=sockmap+4.14").text
    assert "Kernel version: v4.14 (from your words)" in page
    assert 'href="/?q=sockmap+%224.14%22"' in page


def test_the_api_has_inferred_filters_and_whether_hits_are_only_close(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=sockmap+4.14").get_json()
    assert [(each["field"], each["value"]) for each in answer["inferred"]] == [("kernel", "v4.14")]
    undone = client.get(answer["inferred"][0]["words_url"]).get_json()
    assert (undone["inferred"], answer["closest"]) == ([], False)
    assert client.get("/api/v1/search?q=sockmap+zeppelin").get_json()["closest"] is True


WORDS = (
    "what is new since august 2017 in kernel 4.14", "latest issue of bpf updates 7", "the third edition", "12th issue",
    "patches by daniel borkmann on xdp", "jesper dangaard brouer videos", "talks about maps 2017-09-04 #5",
    "first newsletter of the year 2017", "sep 2017 may march before v4.15", "4 september 2017 helper in issue 3",
)  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_a_word_that_is_passed_over_begins_no_filter(searcher: Searcher, text: str) -> None:
    inference, texts = searcher.intents.inference, text.split()
    detectors = (inference.date, inference.issue, inference.version, inference.author, inference.kind)
    passed = [at for at in range(len(texts)) if not inference.may_begin(texts, at)]
    assert not any(detect(texts, at) for at in passed for detect in detectors)
    assert len(passed) < len(texts)
