"""The API: responses, errors, and description."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.model import HOWS
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from tests.archives import put_issue, small
from tests.linux import FACETS, KINDS, from_args
from webui.app import create_app

STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"
SEARCH = "/api/v1/search"
ANSWER = {"query", "total", "hits", "facets", "suggestion", "notices"}
HIT = set(
    "id newsletter issue kind title url original_url source_url source author kernel topics "
    "identifiers snippet score".split()
)
ENTRY = set(
    "newsletter issue n id kind title url author section parent body identifiers helpers kernel topics locator "
    "source original_url source_url archived_url".split()
)


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    """Return the description of the API."""
    return dict(client.get("/api/v1/openapi.json").get_json())


def search(client: FlaskClient, **args: object) -> dict[str, Any]:
    response = client.get(f"{SEARCH}?{urlencode(args, doseq=True)}")
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    return dict(response.get_json())


def references(node: object) -> list[str]:
    """Return every reference inside a description."""
    if isinstance(node, dict):
        return [
            *([node["$ref"]] if "$ref" in node else []),
            *(ref for inner in node.values() for ref in references(inner)),
        ]
    return [ref for inner in node for ref in references(inner)] if isinstance(node, list) else []


def schema_at(described: dict[str, Any], reference: str) -> dict[str, Any]:
    return dict(described["components"]["schemas"][reference.rpartition("/")[2]])


def test_an_answer_has_the_agreed_shape(client: FlaskClient) -> None:
    answer = search(client, q="bpf_getsockops", kernel="v4.15")
    hit = answer["hits"][0]
    assert set(answer) >= ANSWER
    assert set(hit) >= HIT
    assert set(hit["issue"]) >= {"number", "title", "date", "url"}
    assert all({"version", "how"} <= set(version) for version in hit["kernel"])
    assert hit["source"] in ("retold", "original")


def test_the_walkthrough_works_over_the_api(client: FlaskClient) -> None:
    first = search(client, q="bpf_getsockops", kernel="4.15")["hits"][0]
    assert first["id"] == STORY
    assert ("v4.15", "landed") in {(version["version"], version["how"]) for version in first["kernel"]}
    assert first["source_url"].endswith("#L34")


def test_every_facet_is_counted_with_the_agreed_keys(client: FlaskClient) -> None:
    facets = search(client, q="xdp")["facets"]
    assert set(facets) == {facet.name for facet in FACETS}
    for values in facets.values():
        assert all(set(value) >= {"value", "label", "count", "selected", "toggle_url"} for value in values)


def test_a_version_may_be_given_without_its_v(client: FlaskClient) -> None:
    assert search(client, kernel="4.15") == search(client, kernel="v4.15")


def test_a_filter_may_be_repeated(client: FlaskClient) -> None:
    both = search(client, kind=["talk", "note"])["total"]
    assert both == search(client, kind="talk")["total"] + search(client, kind="note")["total"]


def test_the_api_finds_what_the_search_finds(client: FlaskClient, searcher: Searcher) -> None:
    args = [("q", "verifier -fix"), ("topic", "jit"), ("sort", "newest"), ("limit", "7"), ("page", "2")]
    page = searcher.search(from_args(args))
    answer = client.get(f"{SEARCH}?{urlencode(args)}").get_json()
    assert [hit["id"] for hit in answer["hits"]] == [hit.record["id"] for hit in page.hits]
    assert (answer["total"], answer["page"], answer["pages"]) == (page.total, 2, page.pages)


def test_marks_are_stretches_of_title_and_snippet(client: FlaskClient) -> None:
    hit = search(client, q="bpf_getsockops")["hits"][0]
    assert {hit["title"][start:end] for start, end in hit["marks"]["title"]} == {"bpf_getsockops"}
    assert {hit["snippet"][start:end] for start, end in hit["marks"]["snippet"]} == {"bpf_getsockops"}


@pytest.mark.parametrize(
    "args", [{"q": "xdp"}, {"q": "xdp", "kernel": ["v4.14"], "how": "stated"}, {"q": "kernel:>=4.15 jit"}]
)
def test_toggling_a_value_leads_to_the_state_that_is_promised(client: FlaskClient, args: dict[str, object]) -> None:
    answer = search(client, **args)
    for name, values in answer["facets"].items():
        chosen = {value["value"] for value in values if value["selected"]}
        for value in values[:3]:
            after = client.get(value["toggle_url"]).get_json()
            expected = chosen ^ {value["value"]}
            assert {each["value"] for each in after["facets"][name] if each["selected"]} == expected
            assert chosen or after["total"] == value["count"]
            assert after["query"].partition(";")[0] == answer["query"].partition(";")[0]


def test_toggling_twice_leads_back(client: FlaskClient) -> None:
    before = search(client, q="xdp", kind="patch")
    for name in ("topic", "kind", "kernel"):
        (there, *_) = before["facets"][name]
        after = client.get(there["toggle_url"]).get_json()
        (back,) = [value for value in after["facets"][name] if value["value"] == there["value"]]
        assert client.get(back["toggle_url"]).get_json() == before


def test_toggling_begins_at_the_first_page(client: FlaskClient) -> None:
    (value, *_) = search(client, q="xdp", page=3, limit=5)["facets"]["kind"]
    args = dict(parse_qsl(urlsplit(value["toggle_url"]).query))
    assert args == {"q": "xdp", "kind": value["value"], "limit": "5"}


def test_an_entry_has_the_agreed_shape(client: FlaskClient) -> None:
    entry = client.get(f"/api/v1/entries/{STORY}").get_json()
    assert set(entry) >= ENTRY
    assert (entry["id"], entry["issue"], entry["source"]) == (STORY, 13, "retold")


def test_a_hit_and_its_entry_agree(client: FlaskClient) -> None:
    hit = search(client, q="bpf_getsockops")["hits"][0]
    entry = client.get(f"/api/v1/entries/{hit['id']}").get_json()
    shared = (set(hit) & set(entry)) - {"issue"}
    assert len(shared) > 10
    assert {name: hit[name] for name in shared} == {name: entry[name] for name in shared}


def test_notices_and_the_closest_entries_are_returned(client: FlaskClient) -> None:
    assert any("No entry contains all" in notice for notice in search(client, q="sockmap zeppelin")["notices"])
    assert any("topic:xpd" in notice for notice in search(client, q="sockmap", topic="xpd")["notices"])


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("search?limit=0", 400, "limit=0: Use a number of 1 or more."),
        ("search?limit=ten", 400, "limit=ten: Use a whole number."),
        (f"search?limit={'9' * 5000}", 400, f"limit={'9' * 20}: Use a whole number."),
        ("search?page=1001", 400, "page=1001: Use a number of 1000 or less."),
        ("search?literal=maybe", 400, "literal=maybe: Use true or false."),
        ("search?sort=size", 400, "sort"),
        (f"search?q={'x' * 301}", 400, "Use at most 300 characters."),
        (f"search?q={'x+' * 25}", 400, "24"),
        ("entries/bpf-updates/99/nothing", 404, "bpf-updates/99/nothing"),
        ("nowhere", 404, ""),
    ],
)
def test_an_error_is_reported_as_problem_details(client: FlaskClient, path: str, status: int, word: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem = response.get_json()
    assert set(problem) >= {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert word in problem["detail"]


def test_a_wrong_method_is_reported_as_problem_details(client: FlaskClient) -> None:
    response = client.post(SEARCH)
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


def test_a_missing_index_is_reported_as_problem_details(tmp_path: Path) -> None:
    response = create_app(tmp_path).test_client().get(SEARCH)
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert "Run backissue index" in response.get_json()["detail"]


@pytest.mark.parametrize(
    "empty", ["limit=", "sort=", "page=", "literal=", "explain=", "q=", "kind=", "limit=&page=%20"]
)
def test_an_empty_parameter_is_none_to_the_api_and_to_the_page(client: FlaskClient, empty: str) -> None:
    assert client.get(f"{SEARCH}?{empty}").get_json() == search(client)
    assert client.get(f"/?{empty}").status_code == 200


@pytest.mark.parametrize("value", ["1", "true", "on", "yes", "True"])
def test_each_value_of_literal_switches_corrections_off(client: FlaskClient, value: str) -> None:
    assert search(client, q="sockmpa")["total"]
    assert not search(client, q="sockmpa", literal=value)["total"]


def test_the_pages_of_a_search_lead_to_each_other(client: FlaskClient) -> None:
    first = search(client, q="xdp", kind="talk", limit=6)
    second = client.get(first["next_url"]).get_json()
    assert (first["previous_url"], second["page"]) == (None, 2)
    assert client.get(second["previous_url"]).get_json() == first


def test_the_last_page_of_a_search_leads_to_no_further_one(client: FlaskClient) -> None:
    assert search(client, q="xdp", kind="talk", limit=100)["next_url"] is None
    assert search(client, q="xdp", kind="talk", page=900)["next_url"] is None


def test_unknown_parameters_do_no_harm(client: FlaskClient) -> None:
    assert search(client, q="xdp", utm_source="x") == search(client, q="xdp")


def test_pages_of_other_sites_may_send_requests(client: FlaskClient) -> None:
    assert client.get(SEARCH).headers["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_request_allows_an_entity_tag(client: FlaskClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    asked |= {"Access-Control-Request-Headers": "if-none-match"}
    for path in (SEARCH, f"/api/v1/entries/{STORY}"):
        headers = client.options(path, headers=asked).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in headers["Access-Control-Allow-Methods"]
        assert headers["Access-Control-Allow-Headers"] == "*"
    assert "ETag" in client.get(SEARCH).headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_the_description_is_openapi_3_1_of_all_paths(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    assert set(described["paths"]) >= {SEARCH, "/api/v1/suggest", "/api/v1/entries/{entry_id}", "/api/v1/issues"}
    assert {"title", "version"} <= set(described["info"])


def test_the_description_is_valid_by_the_validator(described: dict[str, Any]) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="needs openapi-spec-validator")
    validator.validate(described)


def test_every_reference_of_the_description_leads_to_a_schema(described: dict[str, Any]) -> None:
    names = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= names
    assert len(names) > 5


def test_every_path_describes_its_parameters_and_its_answers(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        operation = methods["get"]
        named = {parameter["name"] for parameter in operation["parameters"]}
        assert operation["summary"]
        assert all(f"{{{name}}}" in path for name in named) or named & {"q", "page", "limit"}
        assert path != SEARCH or {facet.name for facet in FACETS} <= named
        assert {"200"} < set(operation["responses"])
        assert all(answer["content"] for answer in operation["responses"].values())


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (SEARCH, f"{SEARCH}?q=xdp"),
        (SEARCH, f"{SEARCH}?limit=0"),
        ("/api/v1/entries/{entry_id}", f"/api/v1/entries/{STORY}"),
        ("/api/v1/entries/{entry_id}", "/api/v1/entries/bpf-updates/99/nothing"),
    ],
)
def test_an_answer_has_the_described_media_type_and_keys(
    client: FlaskClient, described: dict[str, Any], path: str, asked: str
) -> None:
    response = client.get(asked)
    content = described["paths"][path]["get"]["responses"][str(response.status_code)]["content"]
    schema = content[response.mimetype]["schema"]
    schema = schema_at(described, schema["$ref"]) if "$ref" in schema else schema
    assert set(response.get_json()) == set(schema["properties"])


def test_a_hit_has_exactly_the_described_keys(client: FlaskClient, described: dict[str, Any]) -> None:
    answer = search(client, q="xdp")
    assert set(answer["hits"][0]) == set(schema_at(described, "Hit")["properties"])
    assert set(answer["facets"]["kind"][0]) == set(schema_at(described, "FacetValue")["properties"])


def test_errors_are_described_with_their_media_type(described: dict[str, Any]) -> None:
    for methods in described["paths"].values():
        errors = [answer for code, answer in methods["get"]["responses"].items() if code != "200"]
        assert all(set(answer["content"]) == {"application/problem+json"} for answer in errors)


def test_kinds_and_ways_of_knowing_are_those_of_the_model(client: FlaskClient) -> None:
    facets = search(client)["facets"]
    assert {value["value"] for value in facets["kind"]} <= set(KINDS)
    assert {value["value"] for value in facets["how"]} == set(HOWS)


def test_a_new_index_is_picked_up_without_a_restart(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool")
    build(archive)
    client = create_app(archive.data).test_client()
    assert search(client, q="tool")["total"] == 1
    put_issue(archive, 2, "second tool")
    build(archive)
    assert search(client, q="tool")["total"] == 2


def test_the_old_index_answers_where_the_new_one_cannot_be_read(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool")
    build(archive)
    client = create_app(archive.data).test_client()
    assert search(client, q="tool")["total"] == 1
    (archive.data / "index" / "current").write_text("generation-of-another-day")
    assert search(client, q="tool")["total"] == 1


def test_an_index_is_found_once_it_is_built(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool")
    client = create_app(archive.data).test_client()
    assert client.get(SEARCH).status_code == 503
    build(archive)
    assert search(client, q="tool")["total"] == 1


def test_an_unknown_parameter_is_reported_with_the_nearest(client: FlaskClient) -> None:
    answer = search(client, q="sockmap", kernl="v4.14", explain="1")
    assert answer["notices"] == ["There is no parameter kernl, so it was ignored. Did you mean kernel?"]
    assert answer["total"] == search(client, q="sockmap")["total"]
