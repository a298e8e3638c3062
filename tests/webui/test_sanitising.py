"""Script vectors in titles, links, authors, code, queries, facet values and ids stay inert."""

from __future__ import annotations

import html
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.sources.archive import Archive
from indexer.storage.index import open_index
from tests import vectors
from tests.linux import FILTERS
from tests.vectors import ADDRESSES, VECTORS
from webui.app import create_app
from webui.pages.rendering import SAFE_SCHEMES, marked, safe, sanitised, with_code

# Elements that the pages have; none of them runs anything but our script, by its address.
FORBIDDEN = frozenset(
    "iframe object embed img video audio source base style math template noscript marquee textarea frame".split()
)
RUNS = ("style", "srcdoc", "formaction")
OURS = {"sign", "word", "icon"}  # classes of our own drawings


@pytest.fixture(scope="session")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an indexed archive of an issue with each vector in each place."""
    return vectors.archive(tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="session")
def hostile(hostile_archive: Archive) -> FlaskClient:
    return create_app(hostile_archive.data).test_client()


@pytest.fixture(scope="session")
def ids(hostile_archive: Archive) -> Iterator[list[str]]:
    index = open_index(hostile_archive.data)
    yield [entry.id for entry in index.entries_of("bpf-updates/1")]
    index.close()


def assert_inert(page: str) -> None:
    """Check a page: no foreign script, no handler, no element that loads, no URL that runs code."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    tags = {element: str(element.tag).rpartition("}")[2] for element in root.iter() if isinstance(element.tag, str)}
    scripts = [element.get("src", "") for element, tag in tags.items() if tag == "script"]
    assert [source.partition("?")[0] for source in scripts] == ["/static/script.js"]
    assert FORBIDDEN.isdisjoint(tags.values())
    for element, tag in tags.items():
        assert not [name for name in element.keys() if name.startswith("on") or name in RUNS]  # noqa: SIM118
        for name in ("href", "src", "action"):
            address = "".join(element.get(name, "").split())
            assert urlsplit(address).scheme in ("", *SAFE_SCHEMES), address
        assert tag != "meta" or element.get("http-equiv") is None
    drawn = {each for each in root.iter() if "timeline" in each.get("class", "").split() for each in each.iter()}
    icons = {each for each in tags if OURS & set(each.get("class", "").split())}
    assert {element for element, tag in tags.items() if tag == "svg"} <= drawn | icons


def test_each_entry_with_a_vector_is_inert(hostile: FlaskClient, ids: list[str]) -> None:
    assert len(ids) > len(VECTORS) * 2
    for entry_id in ids:
        assert_inert(hostile.get(f"/entry/{quote(entry_id)}").text)


@pytest.mark.parametrize("path", ["/", "/?limit=100", "/?kind=patch&limit=100", "/issue/", "/issue/bpf-updates/1"])
def test_each_list_of_vectors_is_inert(hostile: FlaskClient, path: str) -> None:
    response = hostile.get(path)
    assert response.status_code == 200
    assert_inert(response.text)


@pytest.mark.parametrize("vector", [*VECTORS, *ADDRESSES])
def test_a_vector_in_an_address_is_inert(hostile: FlaskClient, vector: str) -> None:
    paths = [f"/?{urlencode({name: vector})}" for name in ("q", "sort", "page", "literal", *FILTERS)]
    paths += [
        f"/{kind}/{quote(vector, safe='')}" for kind in ("entry", "issue", "kernel", "id", "series", "topic", "author")
    ]
    for path in paths:
        assert_inert(hostile.get(path, follow_redirects=True).text)
    for path in (f"/go/{quote(vector, safe='')}", f"/{quote(vector, safe='')}"):
        response = hostile.get(path)
        assert urlsplit(response.headers.get("Location", "/")).netloc == ""
        assert urlsplit(response.headers.get("Location", "/")).scheme == ""


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_runs_is_not_a_link(address: str) -> None:
    shown = safe(html.unescape(address))
    assert urlsplit("".join(shown.split())).scheme in ("", *SAFE_SCHEMES)
    assert "<script" not in str(sanitised(f'<a href="{html.escape(address)}">x</a>'))


@pytest.mark.parametrize("vector", VECTORS)
def test_a_text_is_shown_as_it_was_written(vector: str) -> None:
    for shown in (marked(vector), with_code(vector)):
        assert BeautifulSoup(str(shown), "html5lib").get_text() == vector


@pytest.mark.parametrize("vector", VECTORS)
def test_the_sanitiser_protects_where_escaping_was_forgotten(vector: str) -> None:
    soup = BeautifulSoup(str(sanitised(vector)), "html5lib").body
    assert soup is not None
    assert {tag.name for tag in soup.find_all(True)} <= {"a", "code", "mark"}
    assert not [tag for tag in soup.find_all(True) if str(tag.get("href", "")).startswith("javascript")]
