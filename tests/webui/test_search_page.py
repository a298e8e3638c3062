"""The page of a search: its notices, and where it leads when nothing is found."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.sources.archive import Archive
from webui.app import create_app


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def soup(client: FlaskClient, url: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(url).text, "html.parser")


def links(page: BeautifulSoup, selector: str) -> dict[str, str]:
    return {link.get_text(): str(link["href"]) for link in page.select(f"{selector} a")}


def test_the_evidence_of_a_notice_is_folded_away(client: FlaskClient) -> None:
    [notice] = soup(client, "/?q=bpf_getsockopt").select(".notice")
    why = notice.select_one("details")
    assert why
    assert "cd86d1fd2102" in why.extract().get_text()
    assert " ".join(notice.get_text().split()) == "The newsletter writes bpf_getsockops; the kernel has bpf_getsockopt."


def test_a_corrected_word_can_be_searched_as_typed(client: FlaskClient) -> None:
    offered = links(soup(client, "/?q=verifer"), ".notice")
    assert "verifer" in soup(client, offered["Search for verifer instead."]).select_one(".nothing, .hits").get_text()  # type: ignore[union-attr]


def test_a_version_searched_as_a_word_offers_its_filter(client: FlaskClient) -> None:
    [(label, url)] = links(soup(client, '/?q="v4.14"'), ".notice").items()
    [total] = soup(client, url).select("p.total strong")
    assert f"the {total.get_text()}" in label


def test_without_hits_each_filter_to_remove_is_a_link_with_its_count(client: FlaskClient) -> None:
    page = soup(client, "/?q=jset&kind=talk&topic=tools")
    assert "Searched for jset with Topic: Tools, Kind: Talks." in page.select_one(".nothing").get_text()  # type: ignore[union-attr]
    offered = links(page, ".nothing ul")
    assert offered
    for label, url in offered.items():
        if "without" in label:
            assert label.startswith(soup(client, url).select_one("p.total strong").get_text())  # type: ignore[union-attr]


def test_without_hits_the_nearest_names_and_the_end_of_the_archive_are_shown(client: FlaskClient) -> None:
    page = soup(client, "/?q=bpf_get_socket_coookie&literal=1")
    assert links(page, ".nothing .inline")["bpf_get_socket_cookie"] == "/id/bpf_get_socket_cookie"
    assert "20 Nov 2017" in page.select_one(".nothing").get_text()  # type: ignore[union-attr]
