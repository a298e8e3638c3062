"""No answer repeats the control characters of a URL."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from indexer.controls import UNPRINTABLE
from indexer.sources.archive import Archive
from webui.app import create_app

VALUE = re.compile(r"<[^>]*>")
CONTROLS = {
    "NUL": "%00",
    "escape": "%1b%5B31m",
    "C1": "%C2%9B31m",
    "override": "%e2%80%ae",
    "isolate": "%E2%81%A6",
    "return": "%0d%0aSet-Cookie:x",
    "half a character": "%ed%a0%80",
    "no UTF-8": "%ff%fe",
}
QUERIES = (
    "q={}", "q=xdp%20{}", "kind={}", "kernel={}", "issue={}", "how=x{}", "author={}", "page={}", "sort={}", "limit={}",
    "{}=x", "newsletter={}", "section={}&tree={}",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def assert_clean(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code < 500, url
    assert not UNPRINTABLE.search(answer.data.decode().replace("\r\n", "\n")), url
    assert not any(UNPRINTABLE.search(value) for value in answer.headers.values()), url
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_no_path_brings_control_characters_back(control: str, client: FlaskClient) -> None:
    rules = {VALUE.sub(f"x{control}", str(rule)) for rule in client.application.url_map.iter_rules()}
    assert len(rules) > 30
    for url in (*rules, f"/{control}"):
        assert_clean(client, url)


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_no_query_brings_control_characters_back(control: str, client: FlaskClient) -> None:
    for path in ("/", "/search.atom", "/search.json", "/suggest.json", "/api/v1/search", "/api/v1/suggest", "/go/"):
        for query in QUERIES:
            assert_clean(client, f"{path}?{query.replace('{}', control)}")


@pytest.mark.parametrize("typed", ["xdp map", "é a", "’ “x”", "100%", "a%1", "日本"])
def test_other_characters_stay(typed: str, client: FlaskClient) -> None:
    answer = client.get("/", query_string={"q": typed})
    field = re.search(r'<input[^>]*name="q"[^>]*value="([^"]*)"|<input[^>]*value="([^"]*)"[^>]*name="q"', answer.text)
    assert field
    assert unescape(field[1] or field[2]) == typed


@pytest.mark.parametrize(
    "raw", [b"\xe2\x80\xae", b"\xc2\x9b", b"\x7f", b"\x1b", b"%e2\x80\xae", b"%e2%80\xae", b"\xff"], ids=repr
)
def test_no_query_brings_control_characters_back_that_are_not_encoded(raw: bytes, client: FlaskClient) -> None:
    answer = client.get("/", environ_overrides={"QUERY_STRING": (b"q=zz" + raw + b"qq").decode("latin-1")})
    assert answer.status_code == 200
    assert not UNPRINTABLE.search(answer.text.replace("\r\n", "\n"))
    assert "\ufffd" in answer.text


def test_a_query_that_is_not_encoded_keeps_its_letters(client: FlaskClient) -> None:
    answer = client.get("/", environ_overrides={"QUERY_STRING": "q=numéro".encode().decode("latin-1")})
    assert "numéro" in answer.text
