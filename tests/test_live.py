"""The server continues while a new generation is opened, and then uses it."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from weakref import ref

import pytest
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.engines.local import LocalCatalog
from indexer.errors import IndexMissing
from indexer.live import LONGEST_PAUSE, Live
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.cache import LRU
from indexer.storage.index import Index, open_index
from tests.archives import built, put_issue, small
from webui.app import create_app

LONGEST = 120  # seconds; a bound against hangs


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return built(tmp_path, "old tool")


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def titles(client: FlaskClient) -> list[str]:
    return [hit["title"] for hit in client.get("/api/v1/search?q=tool").get_json()["hits"]]


def rebuild(archive: Archive, title: str) -> None:
    put_issue(archive, 1, title)
    build(archive)


@pytest.fixture
def slow(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """Return events for openings after the first: one has begun, and it may end."""
    assert titles(client) == ["old tool"]
    begun, may_end = Event(), Event()
    warm = Searcher.warm

    def slowly(searcher: Searcher) -> None:
        begun.set()
        assert may_end.wait(LONGEST)
        warm(searcher)

    monkeypatch.setattr(Searcher, "warm", slowly)
    yield begun, may_end
    may_end.set()


def test_requests_are_answered_while_a_new_generation_is_opened(
    archive: Archive, client: FlaskClient, slow: tuple[Event, Event]
) -> None:
    begun, may_end = slow
    rebuild(archive, "new tool")
    opener = Thread(target=titles, args=(client.application.test_client(),), daemon=True)
    opener.start()
    assert begun.wait(LONGEST)
    assert titles(client) == ["old tool"]
    may_end.set()
    opener.join(LONGEST)
    assert titles(client) == ["new tool"]


def test_a_new_generation_is_noticed_after_the_clock_was_set_back(archive: Archive, client: FlaskClient) -> None:
    pointer = archive.data / "index" / "current"
    before = pointer.stat()
    assert titles(client) == ["old tool"]
    rebuild(archive, "new tool")
    os.utime(pointer, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert titles(client) == ["new tool"]


def test_a_request_uses_one_generation(archive: Archive, client: FlaskClient) -> None:
    live: Live = client.application.extensions["backissue"]
    with client.application.test_request_context():
        catalog = live.catalog()
        rebuild(archive, "new tool")
        assert Live.catalog(live) is not catalog
        assert live.catalog() is catalog


def test_an_index_of_another_archive_does_not_replace_the_current_one(
    archive: Archive, client: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert titles(client) == ["old tool"]
    (tmp_path / "other").mkdir()
    other = Archive(small(tmp_path / "other", "other tool").folder, archive.data)
    build(other)
    assert [titles(client), titles(client)] == [["old tool"], ["old tool"]]
    (told,) = caplog.messages
    assert "belongs to another archive" in told
    assert str(other.folder) in told
    rebuild(archive, "new tool")
    assert titles(client) == ["new tool"]


def test_following_continues_after_an_unusable_index(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    live: Live = client.application.extensions["backissue"]
    assert titles(client) == ["old tool"]

    def fail(_: Searcher) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(Searcher, "warm", fail)
        rebuild(archive, "a tool that nobody sees")
        assert not live.renew()
        assert titles(client) == ["old tool"]
    rebuild(archive, "new tool")
    assert live.renew()
    assert titles(client) == ["new tool"]


def test_a_damaged_generation_is_reported_once_and_not_opened_again(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("indexer.live.FIRST_PAUSE", 0.0)
    assert titles(client) == ["old tool"]
    (archive.data / "index" / "current").write_text("generation-of-another-day")
    with monkeypatch.context() as counting:
        tried = counted(counting)
        assert [titles(client) for _ in range(3)] == [["old tool"]] * 3
    assert len(tried) == 1
    (told,) = caplog.messages
    assert "is damaged" in told
    assert told.endswith("Answering from the previous index.")


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), MemoryError(), IndexMissing("cannot be read")])
def test_temporary_errors_are_retried_until_the_new_generation_is_open(
    archive: Archive,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    monkeypatch.setattr("indexer.live.FIRST_PAUSE", 0.0)
    assert titles(client) == ["old tool"]
    rebuild(archive, "new tool")

    def fail(_: Path) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr("indexer.engines.local.open_index", fail)
        assert [titles(client), titles(client)] == [["old tool"], ["old tool"]]
    assert titles(client) == ["new tool"]
    (told,) = caplog.messages
    assert told.endswith("Answering from the previous index. Trying again.")


def test_the_pause_between_retries_grows(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert titles(client) == ["old tool"]
    rebuild(archive, "new tool")
    now, tries = [1_000.0], []

    def fail(_: Path) -> None:
        tries.append(now[0])
        raise MemoryError

    monkeypatch.setattr("indexer.engines.local.open_index", fail)
    monkeypatch.setattr("indexer.live.time.monotonic", lambda: now[0])
    while now[0] < 1_200:
        assert titles(client) == ["old tool"]
        now[0] += 0.25
    pauses = [after - before for before, after in itertools.pairwise(tries)]
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0]
    assert max(pauses) == pauses[-1] == LONGEST_PAUSE


def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list to which each opened index adds its folder."""
    tried: list[Path] = []

    def opened(data: Path) -> Index:
        tried.append(data)
        return open_index(data)

    monkeypatch.setattr("indexer.engines.local.open_index", opened)
    return tried


def test_following_opens_a_new_generation_before_a_request(archive: Archive) -> None:
    live, stopped = Live(archive.data), Event()
    before = live.catalog()
    follower = Thread(target=live.follow, args=(stopped,), daemon=True)
    follower.start()
    rebuild(archive, "new tool")
    for _ in range(LONGEST * 10):
        if live._opened and live._opened.catalog is not before:  # noqa: SLF001
            break
        stopped.wait(0.1)
    stopped.set()
    follower.join(LONGEST)
    assert live._opened  # noqa: SLF001
    assert live._opened.catalog is not before  # noqa: SLF001


def test_popular_responses_are_made_before_a_new_generation_is_used(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [client.get("/?q=tool").headers["ETag"] for _ in range(2)]
    rebuild(archive, "new tool")
    client.application.extensions["backissue"].renew()
    monkeypatch.setattr(client.application, "full_dispatch_request", None)
    assert client.get("/?q=tool").headers["ETag"] not in old


def test_following_frees_the_memory_of_the_previous_generation(archive: Archive, client: FlaskClient) -> None:
    live, stopped = client.application.extensions["backissue"], Event()
    for path in ("/", "/?q=tool", "/series/", "/author/"):
        assert client.get(path).status_code == 200
    before = ref(live.catalog().index)
    follower = Thread(target=live.follow, args=(stopped,), daemon=True)
    automatic = gc.isenabled()
    gc.disable()
    try:
        follower.start()
        rebuild(archive, "new tool")
        for _ in range(LONGEST * 10):
            if before() is None:
                break
            stopped.wait(0.1)
        assert before() is None
    finally:
        stopped.set()
        follower.join(LONGEST)
        if automatic:
            gc.enable()


def test_with_following_no_reader_waits_for_an_opening(
    archive: Archive, client: FlaskClient, slow: tuple[Event, Event]
) -> None:
    begun, may_end = slow
    live, stopped = client.application.extensions["backissue"], Event()
    follower = Thread(target=live.follow, args=(stopped,), daemon=True)
    follower.start()
    while live._followed_in is None:  # noqa: SLF001
        stopped.wait(0.01)
    rebuild(archive, "new tool")
    assert titles(client) == ["old tool"]  # who opened it here would never return
    assert begun.wait(LONGEST)
    may_end.set()
    stopped.set()
    follower.join(LONGEST)
    assert titles(client) == ["new tool"]


def test_without_a_previous_index_a_damaged_one_is_opened_once_for_all_requests(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    (archive.data / "index" / "current").write_text("generation-of-another-day")
    tried = counted(monkeypatch)
    live = Live(archive.data)
    for _ in range(3):
        with pytest.raises(IndexMissing, match="is damaged"):
            live.catalog()
    assert len(tried) == 1
    rebuild(archive, "new tool")
    assert live.catalog()


def test_what_was_read_is_dropped_before_a_new_generation_is_opened(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(archive.data)
    before = live.catalog()
    assert isinstance(before, LocalCatalog)
    assert len(list(before.find())) == 1
    assert before.search(Query("tool", {"kind": ("talk",)})).total == 0
    assert before.search(Query('"old tool"')).total == 1
    read: list[list[int]] = []
    monkeypatch.setattr(
        "indexer.engines.local.open_index", lambda data: read.append(cached(before)) or open_index(data)
    )
    assert min(cached(before)) > 0
    rebuild(archive, "new tool")
    assert live.catalog() is not before
    assert read == [[0] * len(cached(before))]
    assert before.search(Query('"old tool"')).total == 1  # for requests that still use it


def cached(catalog: LocalCatalog) -> list[int]:
    """Return how many values each cache of a catalog has."""
    parts = (catalog, catalog.searcher, catalog.searcher.words, catalog.searcher.scorer, catalog.index)
    return [len(each) for part in parts for each in vars(part).values() if isinstance(each, LRU)]
