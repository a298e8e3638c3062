"""The pages that are looked through: what they announce is what they show, and each leads to the others."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.archive.store import Archive
from webui.app import create_app


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def soup(client: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "html.parser")


def numbers(text: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", text)]


@pytest.mark.parametrize("version", ["v4.13", "v4.14", "v4.15"])
def test_the_entries_of_a_kernel_are_listed_or_counted(client: FlaskClient, version: str) -> None:
    parts = client.get(f"/kernel/{version}").text.split("<h2>")
    counted = [part for part in parts if re.search(r'<span class="count">', part)]
    assert counted
    for part in counted:
        page = BeautifulSoup(part, "html.parser")
        count = page.select_one(".count")
        assert count
        rest = next((p for p in page.select("p") if "in the search" in p.text), None)
        left = sum(numbers(rest.text.partition(":")[0])) if rest else 0
        assert len(page.select(".briefs > li")) + left == numbers(count.text)[0]
        if rest and rest.a:
            assert f"{numbers(count.text)[0]} entries" in soup(client, str(rest.a["href"])).text
