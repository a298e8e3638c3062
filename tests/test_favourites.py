"""What is asked for again and again is made before a new index answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.catalog.answers import Page
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from tests.test_index import built, put_issue
from webui.app import create_app
from webui.favourites import MOST, Favourites
from webui.server import renewed

POPULAR, RARE = "/api/v1/search?q=tool", "/api/v1/search?q=old"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return built(tmp_path, "old tool")


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    app = create_app(archive.data)
    app.extensions["favourites"] = Favourites()
    return app.test_client()


def swapped(client: FlaskClient, archive: Archive) -> bool:
    """Return whether a process that answers would have others take its place, once the index is another."""
    assert not renewed(client.application)  # there is none yet
    put_issue(archive, 1, "new tool")
    build(archive)
    return renewed(client.application)


def test_a_request_without_a_host_is_told_as_it_is(client: FlaskClient) -> None:
    favourites = Favourites()
    favourites.tell({"PATH_INFO": "/", "SERVER_NAME": "localhost"})
    favourites.hear()
    assert list(favourites.most()) == [{"PATH_INFO": "/", "SERVER_NAME": "localhost"}]


@pytest.mark.parametrize("host", ["http://localhost", "https://example.org"])
def test_what_was_asked_for_twice_is_not_searched_for_after_a_swap(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for path in (POPULAR, POPULAR, RARE):
        assert client.get(path, base_url=host).status_code == 200
    assert swapped(client, archive)
    asked = []
    search = Searcher.search

    def noted(searcher: Searcher, query: Query, *, explained: bool = False) -> Page:
        asked.append(query.text)
        return search(searcher, query, explained=explained)

    monkeypatch.setattr(Searcher, "search", noted)
    answer = client.get(POPULAR, base_url=host)
    assert [hit["title"] for hit in answer.get_json()["hits"]] == ["new tool"]
    client.get(RARE, base_url=host)
    assert asked == ["old"]


def test_an_address_too_long_to_be_told_in_one_piece_is_not_told(client: FlaskClient) -> None:
    favourites = Favourites()
    with client.application.test_request_context(f"/?q={'x' * 5_000}") as context:
        favourites.tell(context.request.environ)
    favourites.hear()
    assert not list(favourites.most())


def test_more_than_is_heard_makes_nobody_wait_and_cuts_no_address(client: FlaskClient) -> None:
    favourites = Favourites()
    with client.application.test_request_context(POPULAR) as context:
        for _ in range(5_000):
            favourites.tell(context.request.environ)
        favourites.hear()
        (only,) = favourites.most()
        assert only["QUERY_STRING"] == "q=tool"


def test_only_so_many_are_remembered(client: FlaskClient) -> None:
    favourites = Favourites()
    for number in range(MOST + 100):
        with client.application.test_request_context(f"/{number}") as context:
            favourites.tell(context.request.environ)
            favourites.hear()
        with client.application.test_request_context("/asked-for-most") as context:
            favourites.tell(context.request.environ)
    favourites.hear()
    known = [named["PATH_INFO"] for named in favourites.most()]
    assert len(known) <= MOST
    assert known[0] == "/asked-for-most"
