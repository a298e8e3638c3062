"""Workers return all values in order and within limits, whatever happens to them."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn

import pytest

from indexer.build import workers as module
from indexer.build.builder import build
from indexer.build.workers import can_fork, in_worker, in_workers
from indexer.errors import NotFound, UnreadableSource
from indexer.formats.contained import contained
from indexer.sources.archive import Archive
from indexer.storage.index import open_index

HERE = os.getpid()
forks = pytest.mark.skipif(not can_fork(), reason="this process cannot be copied")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 2)


def gone(pid: int) -> bool:
    """Return whether a process has ended and was waited for."""
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return pid != HERE


@forks
def test_workers_compute_values_in_order() -> None:
    with in_workers(lambda thing: (thing, os.getpid()), range(50)) as made:
        found = list(made)
    assert [thing for thing, _ in found] == list(range(50))
    pids = {pid for _, pid in found}
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


@forks
def test_on_one_core_one_worker_computes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 1)
    with in_workers(lambda _: os.getpid(), range(3)) as made:
        found = set(made)
    assert len(found) == 1
    assert HERE not in found


@forks
def test_without_further_processes_everything_is_computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    before = len(list(Path("/dev/fd").iterdir()))
    with in_workers(lambda _: os.getpid(), range(3)) as made:
        assert set(made) == {HERE}
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_with_threads_everything_is_computed_here() -> None:
    done = Event()
    thread = Thread(target=done.wait)
    thread.start()
    try:
        with in_workers(lambda _: os.getpid(), range(3)) as made:
            assert set(made) == {HERE}
    finally:
        done.set()
        thread.join()


@forks
def test_a_value_that_a_worker_omitted_is_computed_here() -> None:
    def make(thing: int) -> tuple[int, bool]:
        if thing == 3 and os.getpid() != HERE:
            sys.exit()
        return thing, os.getpid() == HERE

    with in_workers(make, range(6)) as made:
        assert list(made) == [(thing, thing == 3) for thing in range(6)]


def spin() -> None:
    while True:
        pass


OVERRUNS: dict[str, tuple[Callable[[], object], str]] = {
    "computes without end": (spin, "unusually large"),
    "matches without end": (lambda: re.match(r"(a|a)*b", "a" * 40), "unusually large"),
    "waits without end": (lambda: os.read(os.pipe()[0], 1), "check the disk"),
    "takes all memory": (lambda: [bytearray(10_000_000) for _ in range(1_000)], "300 MB"),
    "is killed": (lambda: os.kill(os.getpid(), signal.SIGKILL), "ended by signal 9"),
    "crashes": (lambda: os.kill(os.getpid(), signal.SIGSEGV), "ended by signal 11"),
}


@pytest.mark.parametrize("overrun", OVERRUNS)
@forks
def test_a_value_that_exceeds_its_bounds_is_an_error_and_the_others_are_computed(
    overrun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 1 if overrun.endswith("s without end") else 60)
    monkeypatch.setattr(module, "WAITING", 5 if overrun == "waits without end" else 600)
    act, why = OVERRUNS[overrun]
    with in_workers(
        lambda thing: act() if thing == "b" else thing, ["a", "b", "c", "d"], lambda thing: f"{thing}.md"
    ) as made:
        assert next(made) == "a"
        with pytest.raises(UnreadableSource, match=rf"^b\.md: .*{why}"):
            next(made)
        assert list(made) == ["c", "d"]
        assert os.getpid() == HERE


@forks
def test_a_backissue_error_is_raised_in_its_turn_and_the_others_are_computed() -> None:
    def make(thing: int) -> int:
        if thing == 1:
            raise NotFound("there is no one", ("two",))
        return thing

    with in_workers(make, range(3)) as made:
        assert next(made) == 0
        with pytest.raises(NotFound, match="there is no one"):
            next(made)
        assert next(made) == 2


@forks
def test_one_value_is_computed_by_a_worker() -> None:
    assert in_worker(lambda thing: (thing, os.getpid() == HERE), "a") == ("a", False)


@forks
def test_an_error_is_raised_in_its_turn() -> None:
    with in_workers(lambda thing: 6 // (3 - thing), range(6)) as made:
        assert [next(made) for _ in range(3)] == [2, 3, 6]
        with pytest.raises(ZeroDivisionError):
            next(made)


@forks
def test_workers_that_made_all_their_values_are_not_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may be writing what they measured, such as coverage."""
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *args: killed.append(args))
    with in_workers(str, range(5)) as made:
        assert list(made) == list("01234")
    assert killed == []


@forks
def test_stopping_early_leaves_no_process_behind() -> None:
    with in_workers(lambda _: (os.getpid(), "x" * 1_000_000), range(1_000)) as made:
        pid, _ = next(made)
    assert gone(pid)


@forks
def test_a_worker_that_is_ended_as_it_begins_does_not_go_on_with_the_code_of_its_parent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fork, ours, escaped = os.fork, os.getpid(), tmp_path / "escaped"

    def ended_at_once() -> int:
        pid = fork()
        if not pid:
            os.kill(os.getpid(), signal.SIGTERM)
        return pid

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    monkeypatch.setattr(os, "fork", ended_at_once)
    before = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(UnreadableSource, match="ended by signal 15"):
            in_worker(str, 1)
    except SystemExit:
        escaped.touch()
    finally:
        signal.signal(signal.SIGTERM, before)
        if os.getpid() != ours:
            os._exit(1)
    assert not escaped.exists()


def test_workers_keep_no_other_file_open(tmp_path: Path) -> None:
    def can_write(descriptor: int) -> bool:
        try:
            os.fstat(descriptor)
        except OSError:
            return False
        return True

    with (tmp_path / "lock").open("w") as held, in_workers(lambda _: can_write(held.fileno()), range(2)) as made:
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
    assert one.metadata["issues"] == other.metadata["issues"]
    assert [one.stored(doc) for doc in range(one.size)] == [other.stored(doc) for doc in range(other.size)]


@forks
def test_each_issue_of_a_source_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 1.5)

    def read(parts: int) -> int:
        for _ in range(parts):
            with contained("a part"):
                until = time.process_time() + 0.7
                while time.process_time() < until:
                    pass
        return parts

    assert in_worker(read, 3) == 3
