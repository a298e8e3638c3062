"""Suggestions in the search box: all kinds of destinations, each once, tolerant of typing errors."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from indexer.engines.local import LocalCatalog
from indexer.query.query import LONGEST
from indexer.sources.archive import Archive
from indexer.views.suggestions import Candidate, misspelt, most_edits, suggestions
from webui.app import create_app


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.mark.parametrize(
    ("typed", "group", "text"),
    [
        ("bpf_getsockopt", "identifier", "bpf_getsockopt"),
        ("v4.1", "version", "v4.14"),
        ("4.15", "version", "v4.15"),
        ("traffic", "topic", "Traffic control"),
        ("issue 12", "issue", "BPF Updates 12, 2017-10-25"),
        ("rewrite value tr", "series", "bpf rewrite value tracking in verifier edward cree"),
        ("bork", "author", "Daniel Borkmann"),
        ("topi", "field", "topic:"),
        ("topic:xd", "field", "topic:xdp"),
        ("maps author:dan", "field", 'author:"Daniel Borkmann"'),
        ("sokm", "identifier", "sockmap_get_from_fd"),
        ("borkmnn", "author", "Daniel Borkmann"),
        ("verifier sokmap", "identifier", "sockmap_get_from_fd"),
        ("socket redrect", "series", "bpf socket redirect john fastabend"),
        ("linux performence", "title", "LISA17 Linux Performance Monitoring With BPF"),
        ("hepa alloc", "title", "Heap Allocation Flamegraphs"),
    ],
)
def test_a_destination_is_suggested(catalog: LocalCatalog, typed: str, group: str, text: str) -> None:
    assert (group, text) in [(each.group, each.text) for each in suggestions(catalog, typed)]


@pytest.mark.parametrize(
    ("typed", "group", "target"), [("issue 1", "issue", "bpf-updates/1"), ("4.1", "version", "v4.1")]
)
def test_what_is_typed_in_full_comes_first(catalog: LocalCatalog, typed: str, group: str, target: str) -> None:
    targets = [each.target for each in suggestions(catalog, typed) if each.group == group]
    assert (targets[0], len(targets) > 1) == (target, True)


def test_a_suggested_title_leads_to_its_entry(catalog: LocalCatalog) -> None:
    [title, *_] = [each for each in suggestions(catalog, "load averages") if each.group == "title"]
    assert catalog.get(title.target) is not None


def test_a_completed_field_keeps_the_words_before_it(catalog: LocalCatalog) -> None:
    assert suggestions(catalog, "maps topic:xd")[0].target == "maps topic:xdp"


def test_a_text_longer_than_a_query_has_no_suggestions(catalog: LocalCatalog) -> None:
    assert suggestions(catalog, "verifier")
    assert suggestions(catalog, "verifier" + " " * LONGEST) == []


def test_a_name_in_two_capitalisations_is_suggested_once(catalog: LocalCatalog) -> None:
    names = [each.text.lower() for each in suggestions(catalog, "xdp_") if each.group == "identifier"]
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize("typed", ["b", "bpf", "x", "a", "patch", "kernel:", "author:", "series:b", "the "])
def test_an_answer_is_short_and_every_page_exists(client: FlaskClient, typed: str) -> None:
    answer = client.get("/api/v1/suggest", query_string={"q": typed})
    assert len(answer.data) < 3_000
    pages = [each["page_url"] for each in answer.get_json()["suggestions"]]
    assert {client.get(page).status_code for page in pages} <= {200}


@pytest.mark.parametrize(("missing", "found"), [(0, 1), (1, 0)])
def test_a_name_is_near_a_longer_text_up_to_the_most_edits(missing: int, found: int) -> None:
    typed = "verifier_log_of_programs"
    key = typed[: len(typed) - most_edits(typed) - missing]
    assert len(misspelt([Candidate(key, "identifier", key, 1, key)], typed)) == found
