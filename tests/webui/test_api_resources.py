"""The resources of the API, the links between them, and the page that documents them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.catalog.protocol import Catalog
from indexer.sources.archive import Archive
from indexer.storage.index import Index
from indexer.views.identifier_lookup import names
from indexer.views.versions import version_of
from webui.app import create_app

API = "/api/v1"
STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"
ARM = "arm-ebpf-jit-compiler-shubham-bansal"
LISTS = ("issues", "kernels", "identifiers", "series", "topics", "authors")
# A resource of each sort: its template in the description, and where it is.
RESOURCES = {
    "/entries/{entry_id}": f"/entries/{STORY}",
    "/issues/{newsletter}/{number}": "/issues/bpf-updates/13",
    "/kernels/{version}": "/kernels/v4.15",
    "/identifiers/{name}": "/identifiers/bpf_getsockopt",
    "/series/{series_id}": "/series/bpf-add-two-helpers-to-read-perf-event-enabled-running-time-yonghong-song",
    "/topics/{topic_id}": "/topics/xdp",
    "/authors/{name}": "/authors/Alexei%20Starovoitov",
}


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    return dict(client.get(f"{API}/openapi.json").get_json())


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> BeautifulSoup:
    """Return the page that documents the API."""
    return BeautifulSoup(client.get("/api").text, "html5lib")


def answer(client: FlaskClient, path: str, status: int = 200) -> dict[str, Any]:
    response = client.get(path if path.startswith(API) else API + path)
    assert response.status_code == status, (path, response.text)
    return dict(response.get_json())


def undescribed(described: dict[str, Any], schema: dict[str, Any], value: Any) -> Iterator[str]:
    """Yield the keys in which a response and its schema differ."""
    schemas = described["components"]["schemas"]
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if value is None or not isinstance(value, dict | list):
        return
    [schema] = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(value, list):
        for each in value:
            yield from undescribed(described, schema["items"], each)
    elif "properties" in schema:
        yield from set(schema["properties"]) ^ set(value)
        for key in set(schema["properties"]) & set(value):
            yield from undescribed(described, schema["properties"][key], value[key])
    else:
        for each in value.values():
            yield from undescribed(described, schema["additionalProperties"], each)


def addresses(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the URLs of this server in a response, each with its key."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from addresses(each, key if key.endswith("_urls") else name)
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each, key)
    elif isinstance(value, str) and re.search(r"_urls?$", key) and value.startswith("/"):
        yield key, value


@pytest.mark.parametrize(("template", "path"), RESOURCES.items())
def test_a_resource_has_exactly_the_described_keys_at_every_depth(
    client: FlaskClient, described: dict[str, Any], template: str, path: str
) -> None:
    content = described["paths"][API + template]["get"]["responses"]["200"]["content"]
    assert set(undescribed(described, content["application/json"]["schema"], answer(client, path))) == set()


@pytest.mark.parametrize("path", [*(f"/{name}" for name in LISTS), "/search?q=bpf_getsockops&explain=1"])
def test_a_list_has_exactly_the_described_keys_at_every_depth(
    client: FlaskClient, described: dict[str, Any], path: str
) -> None:
    content = described["paths"][API + path.partition("?")[0]]["get"]["responses"]["200"]["content"]
    found = answer(client, path)
    assert found["total"]
    assert set(undescribed(described, content["application/json"]["schema"], found)) == set()


def test_every_path_of_the_description_is_tried_here(described: dict[str, Any]) -> None:
    tried = {*RESOURCES, *(f"/{name}" for name in LISTS), "/search", "/suggest"}
    assert {path.removeprefix(API) for path in described["paths"]} == tried


@pytest.mark.parametrize("path", [*RESOURCES.values(), "/search?q=bpf_getsockops"])
def test_every_address_in_an_answer_leads_somewhere(client: FlaskClient, path: str) -> None:
    found = dict.fromkeys(addresses(answer(client, path)))
    assert len(found) > 3
    for key, address in list(found)[:60]:
        assert client.get(address).status_code == 200, (key, address)
        assert address.startswith(API) != (key == "page_url")


@pytest.mark.parametrize("path", RESOURCES.values())
def test_a_resource_is_at_the_address_that_it_gives(client: FlaskClient, path: str) -> None:
    noun = path.split("/")[1]
    own = {"entries": "entry_url", "series": "series_url"}.get(noun, f"{noun[:-1]}_url")
    found = answer(client, path)
    assert answer(client, found[own]) == found


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_a_list_hold_each_item_once(client: FlaskClient, name: str) -> None:
    whole = answer(client, f"/{name}?limit=200")
    size = min(200, -(-whole["total"] // 3))
    found, address = [], f"/{name}?limit={size}"
    while address:
        one = answer(client, address)
        found += one[name]
        address = one["next_url"]
    assert found[:200] == whole[name]
    assert len(found) == len({str(each) for each in found}) == whole["total"]


@pytest.mark.parametrize("name", LISTS)
def test_a_page_past_the_end_of_a_list_is_empty(client: FlaskClient, name: str) -> None:
    past = answer(client, f"/{name}?page=1000")
    assert (past[name], past["next_url"], past["previous_url"]) == ([], None, None)
    assert past["total"] > 0


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("args", ["limit=0", "limit=201", "page=0", "page=x"])
def test_an_invalid_page_or_limit_is_refused(client: FlaskClient, name: str, args: str) -> None:
    assert args.partition("=")[0] in answer(client, f"/{name}?{args}", 400)["detail"]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_parameter_of_a_list_is_none(client: FlaskClient, name: str) -> None:
    assert answer(client, f"/{name}?limit=&page=") == answer(client, f"/{name}")


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/entries/bpf-updates/13/new-helper-function", STORY),
        ("/issues/bpf-update/13", "bpf-updates/13"),
        ("/kernels/v4.25", "v4.20"),
        ("/identifiers/bpf_getsockoptt", "bpf_getsockopt"),
        (f"/series/{ARM[:-3]}", ARM),
        ("/topics/xpd", "xdp"),
        ("/authors/Daniel%20Borkman", "Daniel Borkmann"),
    ],
)
def test_an_unknown_name_is_reported_with_the_nearest_names(client: FlaskClient, path: str, near: str) -> None:
    problem = answer(client, path, 404)
    assert near in problem["nearest"]
    assert near in problem["detail"]
    assert client.get(API + path).mimetype == "application/problem+json"


def test_a_missing_issue_is_not_found(client: FlaskClient) -> None:
    assert "bpf-updates/x" in answer(client, "/issues/bpf-updates/x", 404)["detail"]


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ("/kernels/4.15", "version", "v4.15"),
        ("/identifiers/BPF_FUNC_getsockopt", "name", "bpf_getsockopt"),
        ("/identifiers/bpf_getsockops", "name", "bpf_getsockopt"),
        ("/authors/daniel%20borkmann", "name", "Daniel Borkmann"),
    ],
)
def test_a_resource_answers_to_each_of_its_names(client: FlaskClient, path: str, key: str, expected: str) -> None:
    assert answer(client, path)[key] == expected


def test_a_kernel_version_agrees_with_its_page(client: FlaskClient, catalog: Catalog) -> None:
    found, about = answer(client, "/kernels/v4.15"), version_of(catalog, "kernel", "v4.15")
    assert about
    assert [each["count"] for each in found["known"]] == [each.count for each in about.known]
    assert (found["released"], found["previous"]) == (about.released, about.previous)


def test_an_issue_has_each_of_its_entries_once(client: FlaskClient, index: Index) -> None:
    found = answer(client, "/issues/bpf-updates/13")
    nested = [each for section in found["sections"] for each in section["entries"]]
    ids = [entry["id"] for each in nested for entry in (each["entry"], *each["below"])]
    assert ids == [entry.id for entry in index.entries_of("bpf-updates/13")]
    assert found["entries"] == len(ids) == sum(found["kinds"].values())


def test_names_are_listed_by_a_part_of_any_of_their_forms(client: FlaskClient) -> None:
    assert [each["name"] for each in answer(client, "/identifiers?q=getsockops")["identifiers"]] == ["bpf_getsockopt"]
    assert "bpf_setsockopt" in {each["name"] for each in answer(client, "/identifiers?q=SOCKOPT")["identifiers"]}
    assert answer(client, "/identifiers?q=zeppelin")["total"] == 0


def test_every_listed_name_is_a_resource(client: FlaskClient, catalog: Catalog) -> None:
    listed = [
        each["name"]
        for page in range(1, 6)
        for each in answer(client, f"/identifiers?limit=200&page={page}")["identifiers"]
    ]
    known = names(catalog)
    assert [name for name in listed if known.meant(name) != name] == []
    for name in [name for name in listed if not re.fullmatch(r"\w+", name)][:40]:
        assert answer(client, f"/identifiers/{quote(name)}")["name"] == name


def test_an_entry_is_shown_with_what_it_is_related_to(client: FlaskClient) -> None:
    related = answer(client, f"/entries/{STORY}")["related"]
    assert related
    assert all(each["reason"] and each["entry"]["id"] != STORY for each in related)


@pytest.mark.parametrize(
    "path",
    ["/identifiers/%00", "/authors/%ff%fe", f"/kernels/{'9' * 5000}", f"/identifiers/{'x' * 5000}", "/topics/%2e%2e%2f",
     f"/entries/{'y' * 5000}", f"/series/{'%C3%A9' * 999}"],
)  # fmt: skip
def test_odd_names_are_not_found_and_do_no_harm(client: FlaskClient, path: str) -> None:
    response = client.get(API + path)
    assert response.status_code == 404
    assert len(response.data) < 3000


def test_the_page_describes_every_path_parameter_and_schema(page: BeautifulSoup, described: dict[str, Any]) -> None:
    headings = {heading.get_text() for heading in page.select("section.operation h2")}
    assert headings == {f"GET {path}" for path in described["paths"]}
    text = page.get_text()
    for path in described["paths"].values():
        assert all(parameter["name"] in text for parameter in path["get"]["parameters"])
    assert {heading.get_text() for heading in page.select("h3")} == set(described["components"]["schemas"])


def test_every_example_of_the_page_runs(client: FlaskClient, page: BeautifulSoup, described: dict[str, Any]) -> None:
    examples = page.select("section.operation pre a")
    assert len(examples) == len(described["paths"])
    for example in examples:
        found = answer(client, str(example["href"]))
        assert any(found.values())
        assert example.get_text().endswith(str(example["href"]))


def test_every_link_inside_the_page_has_its_place(page: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(link["href"])[1:] for link in page.select('main a[href^="#"]')} <= set(ids)


def test_every_parameter_is_described_in_words(described: dict[str, Any]) -> None:
    for name, path in described["paths"].items():
        for parameter in path["get"]["parameters"]:
            assert parameter["description"], (name, parameter["name"])
            assert parameter.get("example") or parameter["in"] == "query", (name, parameter["name"])
