"""With the extra `semantic`, the last places of the closest matches go to entries that are similar in meaning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.build.writer import MOST_SEGMENTS
from indexer.catalog.answers import hit_record
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.index import open_index
from tests.archives import put_issue, small
from tests.commands import records, run
from tests.conftest import SHIPPED

NEEDED = pytest.mark.skipif(
    "not __import__('importlib.util').util.find_spec('wordllama')", reason="needs the extra semantic"
)
LONG = Query("spread the load of received frames over several processors", limit=10)
pytestmark = NEEDED


@pytest.fixture(scope="module", autouse=True)
def turned_on() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKISSUE_SEMANTIC", "on")
        yield


@pytest.fixture(scope="module")
def archive(turned_on: None, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(SHIPPED, tmp_path_factory.mktemp("similar"))
    build(archive)
    return archive


@pytest.fixture(scope="module")
def searcher(archive: Archive) -> Searcher:
    return Searcher(open_index(archive.data))


def test_similar_entries_take_the_last_places_and_are_marked(searcher: Searcher) -> None:
    page = searcher.search(LONG)
    marked = [hit.similar for hit in page.hits]
    assert page.closest
    assert any(marked)
    assert not any(marked[:8])
    assert [hit_record(hit)["similar"] for hit in page.hits] == marked


def test_hits_without_any_of_the_words_are_the_closest(searcher: Searcher) -> None:
    page = searcher.search(Query("fentry fexit"))
    assert page.total == 0
    assert page.hits
    assert page.closest
    assert page.notices[0].endswith("Showing entries that are similar in meaning.")
    assert not any("nothing" in notice for notice in page.notices)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_command_that_prints_only_similar_entries_succeeds(archive: Archive, options: list[str]) -> None:
    result = run(archive, "search", "fentry fexit", *options)
    assert result.exit_code == 0
    assert "similar" in result.stdout
    assert "Showing entries that are similar in meaning." in result.stderr
    assert "No entry matches" not in result.stderr


def test_the_page_after_similar_entries_is_empty(archive: Archive, searcher: Searcher) -> None:
    assert searcher.search(Query("fentry fexit", page=2)).hits == ()
    result = run(archive, "search", "fentry fexit", "--page", "2")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No entry matches: fentry fexit." in result.stderr


@pytest.mark.parametrize("text", ["fentry fexit", "mainframe zeppelin", LONG.text])
def test_an_export_has_each_entry_once(archive: Archive, searcher: Searcher, text: str) -> None:
    exported = [each["id"] for each in records(run(archive, "export", text, "--limit", "3000"))]
    shown = [hit.record["id"] for hit in searcher.search(Query(text, limit=2)).hits]
    assert len(exported) == len(set(exported))
    assert set(shown) <= set(exported)


def test_an_archive_without_entries_has_nothing_similar(turned_on: None, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", tmp_path / "data")
    (archive.folder / "newsletters").mkdir(parents=True)
    build(archive)
    assert Searcher(open_index(archive.data)).search(LONG).hits == ()


def test_no_entry_is_on_two_pages(searcher: Searcher) -> None:
    pages = [searcher.search(LONG.on_page(number)) for number in (1, 2, 3)]
    ids = [hit.record["id"] for page in pages for hit in page.hits]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("query", [Query("sockmap"), Query("verifier alignment"), Query(LONG.text, sort="newest")])
def test_nothing_else_changes(searcher: Searcher, query: Query) -> None:
    assert not any(hit.similar for hit in searcher.search(query).hits)


def test_filters_apply_to_similar_entries(searcher: Searcher) -> None:
    page = searcher.search(Query(LONG.text, {"kind": ("talk",)}, limit=10))
    assert {hit.record["kind"] for hit in page.hits} <= {"talk"}


def test_vectors_are_taken_over_from_the_index_before(tmp_path: Path) -> None:
    archive = small(tmp_path, "Filtering of packets")
    build(archive)
    (before,) = open_index(archive.data).folder.glob("*.vec")
    inode = before.stat().st_ino
    build(archive)
    (after,) = open_index(archive.data).folder.glob("*.vec")
    assert after.stat().st_ino == inode


def similarities(archive: Archive) -> list[float]:
    found = open_index(archive.data).similarity(LONG.text)
    assert found is not None
    return [float(each) for each in found]


def test_entries_of_merged_segments_have_their_vectors(tmp_path: Path) -> None:
    archive = small(tmp_path, "tool")
    for number in range(2, MOST_SEGMENTS + 4):
        put_issue(archive, number, f"tool {number} for {'frames' * (number % 2)}")
        build(archive)
    index = open_index(archive.data)
    assert len(list(index.folder.glob("*.vec"))) == len(list(index.folder.glob("*.seg"))) < MOST_SEGMENTS + 3
    anew = Archive(archive.folder, tmp_path / "anew")
    build(anew)
    assert similarities(archive) == similarities(anew)


def test_without_the_model_an_index_with_vectors_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive: Archive = small(tmp_path, "Filtering of packets")
    build(archive)
    monkeypatch.setenv("BACKISSUE_SEMANTIC", "off")
    assert open_index(archive.data).similarity("anything at all") is None
