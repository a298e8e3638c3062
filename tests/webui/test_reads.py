"""The number of entries that a request reads, which determines its processor time in a large archive."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.storage.index import Index
from indexer.views.series import MOST_LISTED
from tests.crowded import NAME, PERSON, crowded
from webui.app import create_app
from webui.worker import ready

SIZE = 3_000
API = "/api/v1"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crowded(tmp_path_factory.mktemp("crowded"), SIZE).data


@pytest.fixture
def client(data: Path) -> FlaskClient:
    """Return a client of an app that has read nothing but what opening an index needs."""
    made = create_app(data).test_client()
    made.get("/healthz")
    return made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the entries that are read from now on."""
    found: list[int] = []
    stored = Index.stored

    def noting(index: Index, doc: int) -> dict[str, object]:
        found.append(doc)
        return stored(index, doc)

    monkeypatch.setattr(Index, "stored", noting)
    return found


@pytest.mark.parametrize("path", ["/go/v4.15", "/go/4.15", "/kernel/4.15", f"/go/{NAME}"])
def test_a_redirect_reads_no_entry(client: FlaskClient, read: list[int], path: str) -> None:
    assert client.get(path).status_code in (301, 302)
    assert read == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/series/", MOST_LISTED),
        (f"{API}/series?limit=50", 50),
        (f"{API}/identifiers/{NAME}?limit=20", 20),
        (f"{API}/identifiers/{NAME}?limit=20&page=9", 20),
        (f"/author/{PERSON}", 100 + 50),  # entries of a page, and series
    ],
)
def test_a_page_of_a_list_reads_no_more_than_it_shows(
    client: FlaskClient, read: list[int], path: str, most: int
) -> None:
    assert client.get(path).status_code == 200
    assert 0 < len(read) <= most


def test_workers_start_with_their_templates_compiled(data: Path) -> None:
    app = ready(data)
    held = {name for _, name in app.jinja_env.cache}
    assert {"error.html", "topic.html", "search.html", "issue.html", "api.html"} <= held
