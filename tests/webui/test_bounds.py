"""Limits of one request: filter values, lists of the API, sitemaps; and errors are never cached."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from indexer.query.query import MOST_IN_ALL, MOST_LETTERS, MOST_VALUES
from indexer.sources.archive import Archive
from indexer.storage.cache import LRU
from webui.api.paging import MOST_IN_EACH
from webui.app import create_app
from webui.feeds import crawlers
from webui.http.headers import HEADERS

FILTERED = ("/", "/search.atom", "/search.json", "/api/v1/search")
LARGEST = 300_000  # bytes of an answer
LISTS = {
    "/topics/xdp": "reports",
    "/authors/Alexei%20Starovoitov": "works",
    "/identifiers/bpf_getsockopt": "mentions",
}


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def values(name: str, count: int, length: int = 4) -> str:
    return "&".join(f"{name}=x{number:0{length - 1}}" for number in range(count))


@pytest.mark.parametrize("path", FILTERED)
@pytest.mark.parametrize(
    ("query", "most"),
    [
        (values("kind", MOST_VALUES + 1), MOST_VALUES),
        (values("how", 1_900), MOST_VALUES),
        ("&".join(values(name, 40) for name in ("kind", "topic", "tree")), MOST_IN_ALL),
        (values("author", 40, 100), MOST_LETTERS),
    ],
)
def test_too_many_filter_values_are_refused_with_the_bound(
    client: FlaskClient, path: str, query: str, most: int
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert f"The limit is {most}" in answer.text.replace(",", "")


@pytest.mark.parametrize("path", FILTERED)
def test_as_many_filter_values_as_there_may_be_give_an_answer_of_bounded_size(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?{values('kind', MOST_VALUES)}&{values('topic', MOST_VALUES)}")
    assert answer.status_code == 200
    assert len(answer.data) < LARGEST


def test_a_cache_weighs_its_keys() -> None:
    kept = LRU[int](100_000, lambda _: 0)
    for number in range(1_000):
        kept.put(("kind", tuple(f"{number}-{each:050}" for each in range(50))), number)
    assert len(kept) < 50


@pytest.mark.parametrize(("path", "key"), LISTS.items())
def test_the_pages_of_a_resource_hold_each_item_of_its_list_once(client: FlaskClient, path: str, key: str) -> None:
    whole = client.get(f"/api/v1{path}?limit=200").get_json()
    url, found = f"/api/v1{path}?limit=3", []
    while url:
        page = client.get(url).get_json()
        assert len(page[key]) <= 3
        found += page[key]
        url = page["next_url"]
    assert found[:200] == whole[key]
    assert len(found) == whole["total"]


@pytest.mark.parametrize("path", ["/kernels/v4.15", "/issues/bpf-updates/13"])
def test_no_list_of_a_resource_is_longer_than_the_limit(client: FlaskClient, path: str) -> None:
    assert longest(client.get(f"/api/v1{path}?limit=2").get_json()) == 2
    assert client.get(f"/api/v1{path}?limit=301").status_code == 400


def longest(value: object) -> int:
    if isinstance(value, list):
        return max([len(value), *map(longest, value)])
    return max(map(longest, value.values()), default=0) if isinstance(value, dict) else 0


def test_a_sitemap_is_of_bounded_size(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(client.get("/sitemap.xml").data) < crawlers.MOST * 200
    monkeypatch.setattr(crawlers, "MOST", 1_000)
    text = client.get("/sitemap.xml?small").text
    assert text.count("<loc>") == text.count("/sitemap-") > 1


@pytest.mark.parametrize("path", ["/", "/api/v1/kernels", "/static/style.css"])
def test_an_answer_to_a_failed_precondition_is_not_cacheable(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"If-Match": '"x"'})
    assert answer.status_code in (200, 412)
    assert answer.status_code == 200 or answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("ranges", ["bytes=0-1", "bytes=0-1,5-9", "bytes=99999999-", "lines=1-2"])
def test_a_range_request_for_a_static_file_gets_the_whole_file(client: FlaskClient, ranges: str) -> None:
    whole = client.get("/static/style.css").data
    answer = client.get("/static/style.css", headers={"Range": ranges})
    assert (answer.status_code, answer.data) == (200, whole)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/", 405), ("GET", "/?limit=0", 400), ("GET", "/issue", 308),
     ("GET", "/static/none", 404), ("GET", "/api/v1/topics/none", 404)],
)  # fmt: skip
def test_every_answer_has_the_security_headers(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert set(HEADERS) <= set(answer.headers.keys())


def test_an_unexpected_error_has_the_security_headers(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(archive.data)
    monkeypatch.setattr(crawlers, "PAGES", (None,))
    answer = app.test_client().get("/sitemap.xml?unforeseen")
    assert answer.status_code == 500
    assert set(HEADERS) <= set(answer.headers.keys())
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8017"])
@pytest.mark.parametrize(
    "path", ["/issue", "/id/xdp", "/kernel/4.15", "/go/13", "/issue/13", "//evil.example/..//issue"]
)
def test_a_redirect_stays_on_the_server(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host}, base_url=None)
    if answer.location:
        assert urlsplit(answer.location)[:2] == ("", "")
        assert not answer.location.startswith("//")
    assert answer.location or path.startswith("//")


def test_a_cached_answer_is_not_compressed_again(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/?q=sockmap").data
    monkeypatch.delattr("webui.http.repeating.put_in_cache")
    assert client.get("/?q=sockmap").data == first


@pytest.mark.parametrize("path", ["kernels/v4.14", "series/arm-ebpf-jit-compiler-shubham-bansal"])
def test_the_lists_of_a_version_or_series_have_a_maximum(client: FlaskClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}?limit={MOST_IN_EACH}").status_code == 200
    assert client.get(f"/api/v1/{path}?limit={MOST_IN_EACH + 1}").status_code == 400
