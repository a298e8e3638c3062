"""Archives with very many entries: no page is large, no answer of the API is without a bound, all can be reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.archives import little
from tests.bench.writing import write
from tests.crowded import NAME, NEWSLETTER, PERSON, crowded, issues
from tests.exported import astray, files_in
from webui.app import create_app
from webui.export.site import export

SIZE = 3_000
LARGEST = 100_000  # bytes
ISSUE = f"/issue/{NEWSLETTER}/1"
SERIES = "bpf-a-helper-for-programs-that-count-packets-0-person-number0"
PAGES = (
    "/", "/?sort=newest", "/?q=packets", "/?q=packets&explain=1", "/issue/", ISSUE, f"{ISSUE}?page=9",
    f"/issue/{NEWSLETTER}/in/2000", f"/entry/{NEWSLETTER}/1/crowded-4", "/author/", "/author/?page=2",
    f"/author/{PERSON}", f"/author/{PERSON}?page=3", f"/id/{NAME}", f"/id/{NAME}?page=12", "/id/no_such_name",
    "/series/", "/series/?page=2", "/topic/", "/topic/xdp", "/kernel/", "/kernel/v4.15", "/about", "/help", "/api",
    "/search.atom", "/search.json", "/suggest.json?q=a",
)  # fmt: skip
API = (
    "search?q=packets", "search?limit=20", f"issues/{NEWSLETTER}/1", "issues", f"entries/{NEWSLETTER}/1/crowded-4",
    "authors", f"authors/{PERSON}", "identifiers", f"identifiers/{NAME}", "series", "topics", "topics/xdp", "kernels",
    "kernels/v4.15", "suggest?q=a",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(crowded(tmp_path_factory.mktemp("crowded"), SIZE).data).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_large(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == (404 if "no_such" in path else 200), path
    assert len(answer.data) < LARGEST


@pytest.mark.parametrize("path", API)
def test_an_answer_of_the_api_has_a_bound(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, path
    assert len(answer.data) < 2 * LARGEST


def found(client: FlaskClient, path: str, select: str) -> list[str]:
    """Return what a selector finds on all pages of a list, following the links to the next one."""
    held: list[str] = []
    address: str | None = path
    while address:
        page = BeautifulSoup(client.get(address).text, "html.parser")
        held += [str(each["href"]) for each in page.select(select)]
        following = page.select_one('main nav.pages a[rel="next"][href*="page="]')
        address = str(following["href"]) if following else None
    return held


def test_the_pages_of_an_issue_have_each_entry_once_and_in_order(client: FlaskClient) -> None:
    links = found(client, ISSUE, "main ul.briefs a[href^='/entry/']")
    entries = list(dict.fromkeys(links))  # a cover letter stands above patches on the next page, too
    assert entries == [f"/entry/{NEWSLETTER}/1/crowded-{n}" for n in range(1, SIZE // 2 + 1)]


def test_the_pages_of_a_person_have_each_entry_once(client: FlaskClient) -> None:
    links = found(client, f"/author/{PERSON}", "ul.briefs a.title[href^='/entry/']")
    assert len(links) == len(set(links)) == 4 * SIZE // 10  # those below a cover letter stand with it


def test_the_pages_of_people_have_each_once(client: FlaskClient) -> None:
    links = found(client, "/author/", "main td a")
    assert len(links) == len(set(links)) > 200


@pytest.mark.parametrize("path", [f"{ISSUE}?page=99", "/author/?page=0", f"/id/{NAME}?page=-1", "/series/?page=99"])
def test_a_page_that_a_list_does_not_have_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_search_lists_a_selected_value_of_many_and_as_many_as_requested(client: FlaskClient) -> None:
    chosen = "Person Number1"
    facets = client.get("/api/v1/search", query_string={"values": 3, "author": chosen}).json["facets"]  # type: ignore[index]
    assert len(facets["author"]) == 4
    assert [each["value"] for each in facets["author"] if each["selected"]] == [chosen]


def test_the_pages_of_long_lists_are_exported_and_linked(tmp_path: Path) -> None:
    archive = little(tmp_path)
    write(archive, issues(240))
    export(archive.data, tmp_path / "site")
    assert astray(tmp_path / "site") == set()
    assert {f"issue/{NEWSLETTER}/1~page-2.html", f"id/{NAME}~page-2.html"} <= files_in(tmp_path / "site")
