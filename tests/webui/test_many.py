"""An archive of hundreds of issues: no page is large, and each issue can be reached from the list."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.engines.local import LocalCatalog
from indexer.sources.archive import Archive
from indexer.storage.index import Index, open_index
from indexer.views.issues import newest
from indexer.views.topics import topic_of
from tests.archives import small
from tests.pages import LARGEST
from webui.app import create_app
from webui.export.site import exporting_app
from webui.pages.filters import MOST_VALUES
from webui.pages.resource import MOST

WEEKS = 420
ISSUE = """---
newsletter: lwkd
number: {number}
title: "Last Week in Kubernetes Development, the {number}th"
date: {day}
---

## Merges

* [A container runtime with a long title, so that what lists it is long, too {number}](https://example.org/{number})
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an indexed archive of two issues of one newsletter and eight years of another."""
    made = small(tmp_path_factory.mktemp("many"), "first tool", "second tool")
    (made.folder / "lwkd").mkdir()
    for number in range(1, WEEKS + 1):
        text = ISSUE.format(number=number, day=date(2016, 1, 4) + timedelta(weeks=number - 1))
        (made.folder / "lwkd" / f"{number}.md").write_text(text, encoding="utf-8")
    build(made)
    return made


@pytest.fixture(scope="module")
def client(many: Archive) -> FlaskClient:
    return create_app(many.data).test_client()


@pytest.fixture(scope="module")
def index(many: Archive) -> Index:
    return open_index(many.data)


def links(client: FlaskClient, path: str) -> list[str]:
    page = BeautifulSoup(client.get(path).text, "html.parser")
    return [str(link["href"]) for link in page.select("main a[href]")]


@pytest.mark.parametrize("path", ["/", "/issue/", "/issue/lwkd/in/2017", "/about", "/topic/containers"])
def test_no_page_grows_with_the_number_of_issues(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.data) < LARGEST


def test_each_issue_is_reached_from_the_list_of_issues(client: FlaskClient, index: Index) -> None:
    listed = links(client, "/issue/")
    years = [link for link in listed if "/in/" in link]
    reached = {*listed, *(link for year in years for link in links(client, year))}
    assert reached >= {f"/issue/{key}" for key in index.issues}
    assert len([link for link in listed if re.fullmatch(r"/issue/[a-z-]+/\d+", link)]) <= MOST
    assert not [year for year in years if "bpf-updates" in year]  # all of it stands on the page


def test_the_number_next_to_a_year_is_how_many_issues_its_page_lists(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/issue/").text, "html.parser")
    years = page.select("main nav a")
    assert len(years) == 9
    for year in years:
        count = re.fullmatch(r"\d{4} \((\d+)\)", year.text)
        assert count
        found = BeautifulSoup(client.get(str(year["href"])).text, "html.parser")
        assert len(found.select("main tbody tr")) == int(count[1])


def test_a_year_leads_to_the_years_around_it(client: FlaskClient) -> None:
    assert {"/issue/lwkd/in/2016", "/issue/lwkd/in/2018"} <= set(links(client, "/issue/lwkd/in/2017"))
    assert "/issue/lwkd/in/2015" not in links(client, "/issue/lwkd/in/2016")


@pytest.mark.parametrize("path", ["/issue/lwkd/in/2015", "/issue/nowhere/in/2017", "/issue/bpf-updates/in/2016"])
def test_a_year_without_issues_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_issues_of_several_newsletters_are_listed_by_their_day(index: Index) -> None:
    days = [issue.date for issue in newest(LocalCatalog(index))]
    assert len(days) == WEEKS + 2
    assert days == sorted(days, reverse=True)


def test_what_a_page_leaves_out_of_a_topic_is_counted(client: FlaskClient, index: Index) -> None:
    page = BeautifulSoup(client.get("/topic/containers").text, "html.parser")
    found = topic_of(LocalCatalog(index), "containers")
    assert found
    shown = page.select("main .briefs > li")
    assert len(shown) == MOST
    assert page.find(string=re.compile(f"{len(found.reports) - MOST} older entries"))


def test_a_chosen_value_has_its_box_though_there_are_too_many_to_list(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/?issue=lwkd/1").text, "html.parser")
    boxes = page.select("input[name=issue]")
    assert len(boxes) == MOST_VALUES + 1
    assert [str(box["value"]) for box in boxes if box.has_attr("checked")] == ["lwkd/1"]
    assert page.find(string=re.compile(f"{WEEKS + 2 - len(boxes)} more"))


def test_the_front_of_an_exported_site_leads_to_the_years(many: Archive) -> None:
    app, places = exporting_app(many.data, "")
    client = app.test_client()
    assert len(client.get("/").data) < LARGEST
    assert 'href="/issue/"' in client.get("/").text
    assert "/issue/lwkd/in/2017" in client.get("/issue/").text
    assert places.is_page("/issue/lwkd/in/2017")
