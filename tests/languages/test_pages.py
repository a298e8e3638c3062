"""Pages and feeds say which language they are in."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from flask.testing import FlaskClient

from tests.languages.newsletters import NUMBERED, built, german_issues, mixed
from tests.other_fields import put
from webui.app import create_app

LANG = re.compile(r'<html lang="([^"]+)">')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(mixed(tmp_path_factory.mktemp("mixed")).data).test_client()


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder: Path = tmp_path_factory.mktemp("german")
    put(folder / "archive", "brief", 'name = "Brief"\nlanguage = "de"\n' + NUMBERED, german_issues())
    return create_app(built(folder / "archive", folder / "data").data).test_client()


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "en"),
        ("/?q=Haus", "en"),
        ("/issue/gartenbrief/1", "de"),
        ("/issue/potager/1", "fr"),
        ("/issue/garden-notes/1", "en"),
        ("/help", "en"),
    ],
)
def test_a_page_has_the_language_of_its_newsletter(client: FlaskClient, path: str, language: str) -> None:
    assert LANG.findall(client.get(path).text) == [language]


def test_an_entry_has_the_language_of_its_newsletter(client: FlaskClient) -> None:
    found = re.search(r'href="(/entry/potager/[^"]+)"', client.get("/issue/potager/1").text)
    assert found
    page = client.get(found[1]).text
    assert LANG.findall(page) == ["fr"]
    assert '<header class="site" lang="en">' in page


def test_a_hit_in_another_language_than_the_page_has_a_lang_attribute(client: FlaskClient) -> None:
    assert '<h2 lang="de"><a' in client.get("/?q=Haus").text
    assert '<h2 lang="en"><a' in client.get("/?q=pruning").text


def test_titles_in_lists_have_the_language_of_their_newsletter(client: FlaskClient) -> None:
    titles = re.findall(r'<a class="title" href="/entry/[^"]+"([^>]*)>', client.get("/author/Ada Lovelace").text)
    assert set(titles) == {' lang="en"'}


def test_titles_of_issues_have_the_language_of_their_newsletter(client: FlaskClient, german: FlaskClient) -> None:
    listed = re.compile(r'<td><a href="/issue/([\w-]+)/1"([^>]*)>')
    languages = {"garden-notes": ' lang="en"', "gartenbrief": ' lang="de"', "potager": ' lang="fr"'}
    assert dict(listed.findall(client.get("/issue/").text)) == languages
    assert dict(listed.findall(german.get("/issue/").text)) == {"brief": ' lang="de"'}


@pytest.mark.parametrize(("server", "newsletter"), [("client", "gartenbrief"), ("german", "brief")])
def test_what_a_newsletter_says_has_its_language_on_a_page_in_english(
    server: str, newsletter: str, request: pytest.FixtureRequest
) -> None:
    client: FlaskClient = request.getfixturevalue(server)
    issue = client.get(f"/issue/{newsletter}/1").text
    assert '<main id="main" lang="en">' in issue
    assert '<h1 lang="de">' in issue
    titles = re.findall(r'<a class="title" href="(/entry/[^"]+)" lang="de">', issue)
    entry = client.get(titles[0]).text
    assert '<h1 lang="de">' in entry
    assert re.search(r'<a rel="next" href="[^"]+" lang="de">', entry)


def test_an_archive_of_one_language_has_it_everywhere(german: FlaskClient) -> None:
    assert LANG.findall(german.get("/?q=Haus").text) == ["de"]
    assert '<h2 lang="de"><a' in german.get("/?q=Haus").text
    assert LANG.findall(german.get("/help").text) == ["en"]
    feed = fromstring(german.get("/search.atom?q=Haus").text)  # noqa: S314  what we made ourselves
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "de"
    assert german.get("/search.json?q=Haus").get_json()["language"] == "de"
