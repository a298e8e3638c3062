"""Entity tags, cache lifetimes, and the cache of responses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from tests.archives import put_issue, small
from tests.conftest import ROOT
from webui.app import create_app
from webui.http.caching import digest

STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"
FROM_THE_INDEX = (
    "/", "/about", "/?q=xdp&kernel=v4.15", f"/entry/{STORY}", "/search.atom?q=xdp", "/search.json",
    "/suggest.json?q=xd", "/sitemap.xml", "/api/v1/search?q=xdp", "/api/v1/suggest?q=xd", f"/api/v1/entries/{STORY}",
)  # fmt: skip
ALWAYS = ("/help", "/robots.txt", "/opensearch.xml", "/api/v1/openapi.json")
ERRORS = (
    ("/nowhere", 404), ("/?limit=0", 400), ("/entry/none/1/x", 404), ("/search.atom?limit=0", 400),
    ("/search.json?sort=size", 400), ("/api/v1/search?limit=0", 400), ("/api/v1/entries/x", 404),
    ("/sitemap-9.xml", 404), ("/static/none.css", 404), ("/static/../app.py", 404),
)  # fmt: skip


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def tag(client: FlaskClient, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.headers["ETag"]


def style(client: FlaskClient) -> str:
    """Return the URL of the style sheet of a page."""
    (found,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)
    return str(found)


@pytest.mark.parametrize("url", [*FROM_THE_INDEX, *ALWAYS])
def test_an_answer_has_a_tag_and_may_be_cached_for_a_minute(client: FlaskClient, url: str) -> None:
    response = client.get(url)
    assert response.headers.getlist("Cache-Control") == ["public, max-age=60"]
    assert re.fullmatch(r'W/"[0-9a-f]{20}"', response.headers["ETag"])


@pytest.mark.parametrize("url", [*FROM_THE_INDEX, *ALWAYS])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(client: FlaskClient, url: str, method: str) -> None:
    held = tag(client, url)
    response = client.open(url, method=method, headers={"If-None-Match": f'"another", {held}'})
    assert (response.status_code, response.data) == (304, b"")
    assert (response.headers["ETag"], response.headers["Cache-Control"]) == (held, "public, max-age=60")
    assert "Content-Type" not in response.headers


def test_what_the_client_has_is_not_searched_again(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    held = {url: tag(client, url) for url in ("/?q=xdp", "/search.atom?q=xdp", "/api/v1/search?q=xdp")}
    monkeypatch.delattr(Searcher, "search")
    for url, name in held.items():
        assert client.get(url, headers={"If-None-Match": name}).status_code == 304


@pytest.mark.parametrize("url", [*FROM_THE_INDEX, *ALWAYS])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_recent_answer_is_sent_again_unchanged(client: FlaskClient, url: str, method: str) -> None:
    made, again = client.open(url, method=method), client.open(url, method=method)
    for response in made, again:
        response.headers.pop("Date", None)
    assert (again.status_code, again.data, again.headers) == (200, made.data, made.headers)


def test_a_recent_answer_is_not_rendered_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(archive.data).test_client()
    made = {url: client.head(url).content_length for url in ("/?q=xdp", "/search.atom?q=xdp", "/api/v1/search?q=xdp")}
    monkeypatch.delattr(Searcher, "search")
    for url, length in made.items():
        assert len(client.get(url).data) == length


@pytest.mark.parametrize("url", [*FROM_THE_INDEX, *ALWAYS])
def test_a_repeated_request_does_not_enter_the_app(archive: Archive, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(archive.data).test_client()
    held = tag(client, url)
    monkeypatch.setattr(client.application, "full_dispatch_request", None)
    assert tag(client, url) == held
    assert client.get(url, headers={"If-None-Match": held}).status_code == 304


def test_a_rare_request_enters_the_app(client: FlaskClient) -> None:
    tag(client, "/?q=xdp")
    assert client.get("/?q=xdp", headers={"If-Match": '"other"'}).status_code == 412
    assert client.get("/?q=xdp", data=b"x" * 20_000).status_code == 413
    assert client.post("/?q=xdp").status_code == 405


@pytest.mark.parametrize("path", ["/?q=xdp", "/api/v1/search?q=xdp", "/search.atom", "/static/style.css"])
def test_a_failed_precondition_is_an_error_and_any_response_meets_a_star(client: FlaskClient, path: str) -> None:
    failed = client.get(path, headers={"If-Match": '"other"'})
    assert (failed.status_code, failed.headers["Cache-Control"], "ETag" in failed.headers) == (412, "no-store", False)
    assert "If-Match" in failed.text
    assert "X-Frame-Options" in failed.headers
    assert len(failed.data) < 4_000
    assert client.get(path, headers={"If-Match": "*"}).status_code == 200


def test_a_cached_response_is_not_used_for_another_host(client: FlaskClient) -> None:
    assert "http://localhost/" in client.get("/search.atom?q=xdp").text
    other = client.get("/search.atom?q=xdp", headers={"Host": "example.org"}).text
    assert "http://example.org/" in other
    assert "localhost" not in other


@pytest.mark.parametrize("url", FROM_THE_INDEX)
def test_head_has_the_headers_of_get(client: FlaskClient, url: str) -> None:
    got, said = client.get(url), client.head(url)
    assert (said.status_code, said.data) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Length"):
        assert said.headers[name] == got.headers[name]


def test_each_address_has_a_tag_of_its_own(client: FlaskClient) -> None:
    urls = [*FROM_THE_INDEX, *ALWAYS, "/?q=xdp", "/?q=xd", "/?q=xdp&page=2", "/?q=xdp&explain=1"]
    assert len({tag(client, url) for url in urls}) == len(urls)


def test_another_host_has_other_tags(client: FlaskClient, archive: Archive) -> None:
    behind = create_app(archive.data, "https://example.org").test_client()
    assert len({tag(client, "/"), tag(client, "/", Host="example.org"), tag(behind, "/")}) == 3
    assert tag(behind, "/") == tag(behind, "/", Host="example.org")


def test_two_servers_over_one_index_give_the_same_tag(client: FlaskClient, archive: Archive) -> None:
    assert tag(create_app(archive.data).test_client(), "/?q=xdp") == tag(client, "/?q=xdp")


def test_another_version_of_the_software_gives_another_tag(client: FlaskClient, archive: Archive) -> None:
    other = create_app(archive.data)
    other.config["SOFTWARE"] = "of another day"
    assert tag(other.test_client(), "/") != tag(client, "/")


@pytest.mark.parametrize("url", ["/", "/search.atom", "/api/v1/search", "/sitemap.xml"])
def test_a_new_generation_gives_new_tags(tmp_path: Path, url: str) -> None:
    archive = small(tmp_path, "first tool")
    build(archive)
    client = create_app(archive.data).test_client()
    held = tag(client, url)
    put_issue(archive, 2, "second tool")
    build(archive)
    response = client.get(url, headers={"If-None-Match": held})
    assert response.status_code == 200
    assert "bpf-updates/2" in response.text
    assert response.headers["ETag"] != held


def test_the_tag_stays_while_a_damaged_generation_is_not_opened(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool")
    build(archive)
    client = create_app(archive.data).test_client()
    held = tag(client, "/?q=tool")
    (archive.data / "index" / "current").write_text("generation-of-another-day")
    assert client.get("/?q=tool", headers={"If-None-Match": held}).status_code == 304


@pytest.mark.parametrize(("url", "status"), ERRORS)
def test_an_error_is_not_cached(client: FlaskClient, url: str, status: int) -> None:
    response = client.get(url, headers={"If-None-Match": "*"})
    assert response.status_code == status
    assert response.headers.getlist("Cache-Control") == ["no-store"]
    assert "ETag" not in response.headers


def test_a_refused_method_and_a_missing_index_are_not_cached(client: FlaskClient, tmp_path: Path) -> None:
    refused, missing = client.post("/"), create_app(tmp_path).test_client().get("/")
    assert (refused.status_code, missing.status_code) == (405, 503)
    assert refused.headers["Cache-Control"] == missing.headers["Cache-Control"] == "no-store"


def test_any_entity_tag_matches_an_existing_page(client: FlaskClient) -> None:
    assert client.get("/", headers={"If-None-Match": "*"}).status_code == 304


def test_health_is_never_cached(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_style_is_cached_for_good_at_the_address_of_its_content(client: FlaskClient) -> None:
    content = (ROOT / "webui" / "static" / "style.css").read_bytes()
    response = client.get(style(client))
    assert style(client) == f"/static/style.css?v={digest([content])}"
    assert (response.status_code, response.mimetype, response.data) == (200, "text/css", content)
    assert response.headers.getlist("Cache-Control") == ["public, max-age=31536000, immutable"]


@pytest.mark.parametrize("url", ["/static/style.css", "/static/style.css?v=", "/static/style.css?v=0123456789"])
def test_the_style_at_another_address_is_cached_for_a_minute(client: FlaskClient, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200
    assert response.headers.getlist("Cache-Control") == ["public, max-age=60"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_style_that_the_client_has_is_not_sent_again(client: FlaskClient, method: str) -> None:
    url = style(client)
    response = client.open(url, method=method, headers={"If-None-Match": tag(client, url)})
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == tag(client, url)


def test_the_tag_of_a_style_is_its_content(client: FlaskClient) -> None:
    assert tag(client, "/static/style.css") == tag(client, style(client)) == f'"{style(client).partition("=")[2]}"'


def test_a_digest_depends_on_where_its_parts_end() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"]) != digest([b"abc"])


def test_the_report_url_is_part_of_the_entity_tag(client: FlaskClient, archive: Archive) -> None:
    told = create_app(archive.data, report_url="https://example.org/issues").test_client()
    assert tag(told, f"/entry/{STORY}") != tag(client, f"/entry/{STORY}")
