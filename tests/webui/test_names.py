"""Every name has a working URL, whatever slashes and dots it contains, on the server and in an exported site."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.build.builder import build
from indexer.sources.archive import Archive
from indexer.views.identifiers import names_like
from tests.archives import little
from webui.app import create_app
from webui.export.site import export
from webui.http.names import quoted, unquoted
from webui.live import catalog
from webui.pages.rendering import author_path, name_path

NAMES = ("/r/bpf", "//x//y", "a//b", "r/bpf_x", "bpf_100%_x", "a/../b_c", "()", "``")
TEXT = "\n## Talks\n\n#### [A talk](https://a.example/1)\n\n- A/B//C D\n\nIt tells of {}.\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive whose issue contains names that paths do not preserve."""
    made = little(tmp_path_factory.mktemp("names"), "a tool")
    issue = made.folder / "bpf-updates" / "01.md"
    written = ", ".join(f"`{name}`" for name in NAMES)
    issue.write_text(issue.read_text(encoding="utf-8") + TEXT.format(written), encoding="utf-8")
    build(made)
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def known(client: FlaskClient) -> list[str]:
    with client.application.test_request_context():
        return sorted(each.name for each in names_like(catalog()))


def test_every_name_of_an_archive_has_an_address_that_answers(client: FlaskClient) -> None:
    names = known(client)
    assert {"/r/bpf", "//x//y", "a//b"} <= set(names)
    assert {name: client.get(name_path(name)).status_code for name in names} == dict.fromkeys(names, 200)
    urls = [f"/api/v1/identifiers/{quoted(name)}" for name in names]
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


@pytest.mark.parametrize("path", ["/id//r/bpf", "/id/%2Fr%2Fbpf", "/id/a//b"])
def test_a_name_typed_into_an_address_unencoded_answers_too(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/id/", "/id/()", "/id/%20", "/id/``"])
def test_an_empty_name_is_not_a_name(client: FlaskClient, path: str) -> None:
    assert "" not in known(client)
    assert client.get(path).status_code == 404


def test_a_site_with_any_names_can_be_exported(archive: Archive, tmp_path: Path) -> None:
    exported = export(archive.data, tmp_path / "site")
    assert exported.missing == ()
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "site" / "id").rglob("*.html")]
    assert sum(">/r/bpf<" in page for page in pages) >= 1


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_a_path_keeps_a_name(name: str) -> None:
    path = quoted(name)
    parts = path.split("/")
    assert unquoted(unquote(path)) == name
    assert not {"", ".", "..", "%2E", "%2E%2E"} & set(parts)


def test_an_address_that_keeps_a_plain_name_stays_unchanged() -> None:
    assert name_path("bpf_map_lookup_elem") == "/id/bpf_map_lookup_elem"
    assert author_path("José Müller") == "/author/Jos%C3%A9%20M%C3%BCller"
    assert name_path("net/core") == "/id/net/core"
