"""What is made ahead by other processes comes in its order, and all of it, whatever happens to these."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from indexer.build import workers as module
from indexer.build.builder import build
from indexer.build.workers import ahead, can_fork
from indexer.sources.archive import Archive
from indexer.storage.index import open_index

HERE = os.getpid()
forks = pytest.mark.skipif(not can_fork(), reason="this process cannot be copied")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 2)


def alone(pid: int) -> bool:
    """Return whether a process is not this one, and no child of it is left to be waited for."""
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return pid != HERE


@forks
def test_several_things_are_made_by_other_processes_in_their_order() -> None:
    with ahead(lambda thing: (thing, os.getpid()), range(50)) as made:
        found = list(made)
    assert [thing for thing, _ in found] == list(range(50))
    pids = {pid for _, pid in found}
    assert len(pids) == 2
    assert all(alone(pid) for pid in pids)


def test_one_thing_is_made_here() -> None:
    with ahead(lambda thing: (thing, os.getpid()), ["a"]) as made:
        assert list(made) == [("a", HERE)]


def test_on_one_core_all_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 1)
    with ahead(lambda _: os.getpid(), range(3)) as made:
        assert set(made) == {HERE}


@forks
def test_where_the_system_has_no_more_processes_all_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    before = len(list(Path("/dev/fd").iterdir()))
    with ahead(lambda _: os.getpid(), range(3)) as made:
        assert set(made) == {HERE}
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_beside_threads_all_is_made_here() -> None:
    done = Event()
    thread = Thread(target=done.wait)
    thread.start()
    try:
        with ahead(lambda _: os.getpid(), range(3)) as made:
            assert set(made) == {HERE}
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("end", [sys.exit, lambda: os.kill(os.getpid(), signal.SIGKILL)], ids=["exits", "is killed"])
@forks
def test_what_a_process_that_ends_early_did_not_make_is_made_here(end: Callable[[], None]) -> None:
    def make(thing: int) -> tuple[int, bool]:
        if thing == 3 and os.getpid() != HERE:
            end()
        return thing, os.getpid() == HERE

    with ahead(make, range(6)) as made:
        assert list(made) == [(thing, thing in (3, 5)) for thing in range(6)]


@forks
def test_an_error_is_raised_where_its_turn_comes() -> None:
    with ahead(lambda thing: 6 // (3 - thing), range(6)) as made:
        assert [next(made) for _ in range(3)] == [2, 3, 6]
        with pytest.raises(ZeroDivisionError):
            next(made)


@forks
def test_who_stops_early_leaves_no_process_behind() -> None:
    with ahead(lambda _: (os.getpid(), "x" * 1_000_000), range(1_000)) as made:
        pid, _ = next(made)
    assert alone(pid)


@forks
def test_the_other_processes_hold_no_file_open(tmp_path: Path) -> None:
    def can_write(descriptor: int) -> bool:
        try:
            os.fstat(descriptor)
        except OSError:
            return False
        return True

    with (tmp_path / "lock").open("w") as held, ahead(lambda _: can_write(held.fileno()), range(2)) as made:
        assert list(made) == [False, False]
        assert can_write(held.fileno())


@forks
def test_an_index_is_the_same_whether_its_issues_are_read_ahead_or_not(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead_of_it = Archive(archive.folder, tmp_path / "ahead")
    build(ahead_of_it)
    monkeypatch.setattr(module, "can_fork", lambda: False)
    here = Archive(archive.folder, tmp_path / "here")
    build(here)
    one, other = open_index(ahead_of_it.data), open_index(here.data)
    assert one.about["issues"] == other.about["issues"]
    assert [one.stored(doc) for doc in range(one.size)] == [other.stored(doc) for doc in range(other.size)]
