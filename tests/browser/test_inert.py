"""Script vectors in Chromium: none runs, no dialog opens, and none makes a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from indexer.sources.archive import Archive
from indexer.storage.index import open_index
from tests import vectors
from tests.browser.conftest import serving
from tests.browser.waiting import box_of
from tests.vectors import VECTORS
from webui.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return vectors.archive(tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="module")
def hostile(hostile_archive: Archive) -> Iterator[str]:
    """Return the URL of a server with an issue of vectors."""
    with serving(create_app(hostile_archive.data)) as address:
        yield address


@pytest.fixture
def watched(page: Page, hostile: str) -> Iterator[Page]:
    """Return a page that fails the test for a dialog, or for a request to another server."""
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: None if request.url.startswith(hostile) else wrong.append(request.url))
    yield page
    assert wrong == []
    assert page.context.cookies() == []


def test_no_vector_runs_in_an_entry_or_a_list(watched: Page, hostile: str, hostile_archive: Archive) -> None:
    index = open_index(hostile_archive.data)
    ids = [entry.id for entry in index.entries_of("bpf-updates/1")]
    index.close()
    paths = ["/?limit=100", "/?limit=100&page=2", "/issue/bpf-updates/1", *(f"/entry/{quote(each)}" for each in ids)]
    for path in paths:
        watched.goto(hostile + path)
        assert watched.locator("h1, h2").count()


def test_no_vector_runs_in_a_query(watched: Page, hostile: str) -> None:
    for vector in VECTORS:
        watched.goto(f"{hostile}/?{urlencode({'q': vector, 'author': vector, 'topic': vector})}")
        assert watched.locator("#q").input_value() in (vector, vector.replace('"', "", 1).strip())
        watched.goto(f"{hostile}/id/{quote(vector, safe='')}")


def test_no_vector_runs_among_suggestions_or_filters_at_once(watched: Page, hostile: str) -> None:
    watched.goto(hostile)
    for start in ("Tool 0", "Tool 6", "<img", '"><scr'):
        box_of(watched).fill("")
        box_of(watched).press_sequentially(start)
        watched.locator("#suggestions[aria-busy=false]").wait_for(state="attached")
    with watched.expect_navigation():
        box_of(watched).press("Enter")
