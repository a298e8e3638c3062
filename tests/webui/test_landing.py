"""The front page describes the archive, and its links keep their promises."""

from __future__ import annotations

import re

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


def test_the_front_page_describes_the_archive_and_shows_no_hits(client: FlaskClient) -> None:
    page = soup(client, "/")
    assert "1,292 entries from 13 issues of BPF Updates" in page.get_text()
    assert not page.select(".hits")
    described = page.select_one('meta[property="og:description"]')
    assert described
    assert str(described["content"]).startswith("1,292 entries from 13 issues")


def test_each_example_finds_something(client: FlaskClient) -> None:
    examples = [str(link["href"]) for link in soup(client, "/").select(".landing .syntax a[href^='/?q=']")]
    assert len(examples) == 4
    for example in examples:
        assert soup(client, example).select("ol.hits > li"), example


def test_the_count_on_a_tile_is_that_of_its_filter(client: FlaskClient) -> None:
    tiles = soup(client, "/").select(".tiles a")
    assert len(tiles) > 15
    for tile in tiles[::4]:
        _, name, value = str(tile["href"]).split("/")
        total = soup(client, f"/?{name}={value}").select_one("p.total strong")
        count = tile.select_one(".count")
        assert total
        assert count
        assert total.text == count.text


def test_releases_are_listed_between_the_issues(client: FlaskClient) -> None:
    days = [str(time["datetime"]) for time in soup(client, "/").select(".moments time")]
    assert days == sorted(days)
    assert len(days) > 13
    assert [link.text for link in soup(client, "/").select(".moments .release a")][-1] == "v4.14 released"


def test_all_entries_are_one_link_away(client: FlaskClient) -> None:
    link = soup(client, "/").find("a", string=re.compile("newest first"))
    assert link
    assert len(soup(client, str(link["href"])).select("ol.hits > li")) > 10  # type: ignore[index]
