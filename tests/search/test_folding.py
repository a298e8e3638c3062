"""The patches of a series are one hit, unless each is requested."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from indexer import open_library
from indexer.query.address import of_series, to_args
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from tests.commands import records, run
from tests.linux import from_args
from webui.app import create_app


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def test_each_series_is_one_hit_and_the_total_counts_entries(searcher: Searcher) -> None:
    every = searcher.search(Query("verifier", limit=100))
    folded = searcher.search(Query("verifier", limit=100, fold=True))
    series = [hit.record["series"] for hit in folded.hits if hit.record["series"]]
    assert len(series) == len(set(series))
    assert every.total == folded.total == sum(1 + hit.folded for hit in folded.hits)
    assert folded.results == len(folded.hits) < every.results == every.total


def test_the_best_patch_of_a_series_is_shown_at_its_rank(searcher: Searcher) -> None:
    every = searcher.search(Query("verifier", limit=100)).hits
    first = {hit.record["series"] or hit.record["id"]: hit.record["id"] for hit in reversed(every)}
    folded = [hit.record["id"] for hit in searcher.search(Query("verifier", limit=100, fold=True)).hits]
    assert folded == [hit.record["id"] for hit in every if hit.record["id"] in first.values()]


def test_pages_of_folded_hits_have_no_hit_twice(searcher: Searcher) -> None:
    pages = [searcher.search(Query("verifier", fold=True, limit=10, page=n)) for n in range(1, 20)]
    ids = [hit.record["id"] for page in pages for hit in page.hits]
    assert len(ids) == len(set(ids)) == pages[0].results
    assert pages[0].pages == -(-pages[0].results // 10)


def test_the_rest_of_a_series_is_one_click_away(searcher: Searcher) -> None:
    page = searcher.search(Query("verifier", fold=True))
    hit = next(hit for hit in page.hits if hit.folded)
    opened = searcher.search(of_series(page.query, hit.record["series"]))
    assert opened.total == hit.folded + 1


def test_the_api_lists_every_entry_with_fold_0(client: FlaskClient) -> None:
    folded = client.get("/api/v1/search?q=verifier&limit=100").get_json()
    every = client.get("/api/v1/search?q=verifier&limit=100&fold=0").get_json()
    assert folded["total"] == every["total"] == len(every["hits"]) > len(folded["hits"])
    assert all(hit["folded"] == 0 for hit in every["hits"])


def test_the_page_shows_how_many_patches_are_folded(client: FlaskClient) -> None:
    page = client.get("/?q=verifier").text
    assert "more patches of this series" in page
    assert "fold=0" in page


@pytest.mark.parametrize("query", [Query("xdp", fold=True), Query("xdp"), Query()])
def test_folding_is_part_of_the_url(query: Query) -> None:
    assert from_args(to_args(query)) == query


def test_the_command_line_folds_series_and_explains_how_to_see_each_patch(archive: Archive) -> None:
    folded = run(archive, "search", "verifier", "--limit", "100")
    every = run(archive, "search", "verifier", "--limit", "100", "--no-fold")
    assert "more patches of this series; --no-fold lists them" in folded.stdout
    assert "of this series" not in every.stdout
    hits = records(run(archive, "search", "verifier", "--limit", "100", "--json"))
    entries = records(run(archive, "search", "verifier", "--limit", "100", "--json", "--no-fold"))
    assert len(hits) + sum(int(str(hit["folded"])) for hit in hits) == len(entries)


def test_the_command_line_counts_hits_and_entries(archive: Archive, searcher: Searcher) -> None:
    page = searcher.search(Query("verifier", fold=True, limit=5))
    said = run(archive, "search", "verifier", "--limit", "5").stderr
    assert f"5 of {page.results} results ({page.total} entries)" in said


def test_all_entries_of_a_filter_are_listed_unfolded(archive: Archive) -> None:
    said = run(archive, "search", "--topic", "xdp", "--limit", "5").stderr
    assert "entries)" not in said


def test_the_library_folds_series_by_default(archive: Archive) -> None:
    with open_library(archive.data) as library:
        folded, every = library.search("verifier", limit=100), library.search("verifier", limit=100, fold=False)
    assert folded.total == every.total == every.results == sum(1 + hit.folded for hit in folded.hits)
    assert len(folded.hits) < len(every.hits)
