"""Vectors are computed in a process beside the build, or at its end if that process fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.build import beside
from indexer.build.beside import Beside
from indexer.build.builder import build
from indexer.build.workers import can_fork
from indexer.build.writer import MOST_SEGMENTS
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from indexer.storage import vectors
from indexer.storage.generations import current, index_folder
from indexer.storage.index import open_index
from indexer.storage.vectors import write_file
from tests.archives import edit, put_issue, small

pytestmark = [
    pytest.mark.skipif(
        "not __import__('importlib.util').util.find_spec('wordllama')", reason="needs the extra semantic"
    ),
    pytest.mark.skipif(not can_fork(), reason="this process cannot be copied"),
]
TEXTS = ("the verifier", "a map of sockets")
QUERY = "spread the load of frames over several processors"


@pytest.fixture(autouse=True)
def turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKISSUE_SEMANTIC", "on")


def similarities(archive: Archive) -> list[float]:
    found = open_index(archive.data).similarity(QUERY)
    assert found is not None
    return [float(each) for each in found]


def anew(archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the similarities in a new index whose vectors were computed without another process."""
    with monkeypatch.context() as patch:
        patch.setattr(beside, "can_fork", lambda: False)
        other = Archive(archive.folder, folder)
        build(other)
        return similarities(other)


@pytest.fixture
def written_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of vectors that were written in this process."""
    names: list[str] = []

    def note(path: Path, some: object) -> None:
        names.append(path.name)
        write_file(path, some)  # type: ignore[arg-type]

    monkeypatch.setattr(vectors, "write_file", note)
    return names


def test_another_process_computes_the_same_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_here: list[str]
) -> None:
    monkeypatch.setattr(beside, "AT_ONCE", 2)
    archive = small(tmp_path, *TEXTS)
    edit(archive, "write", 3, 0)
    build(archive)
    assert written_here == []
    assert similarities(archive) == anew(archive, tmp_path / "anew", monkeypatch)
    assert len(written_here) == 1


def test_entries_of_merged_segments_keep_their_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_here: list[str]
) -> None:
    archive = small(tmp_path, "tool")
    for number in range(2, MOST_SEGMENTS + 4):
        put_issue(archive, number, f"tool {number} for {'frames' * (number % 2)}")
        build(archive)
    assert len(list(current(archive.data).glob("*.vec"))) == len(list(current(archive.data).glob("*.seg")))
    assert written_here == []
    assert similarities(archive) == anew(archive, tmp_path / "anew", monkeypatch)


def test_a_build_without_new_entries_leaves_no_file(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    (archive.folder / "bpf-updates" / "01.md").write_text("nothing to read", encoding="utf-8")
    build(archive)
    names = sorted(path.suffix for path in current(archive.data).iterdir())
    assert names.count(".vec") == names.count(".seg") == 1


def fails(source: int, path: Path) -> None:
    path.write_bytes(b"half")
    os._exit(1)


def is_killed(source: int, path: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("end", [fails, is_killed])
def test_if_the_process_fails_the_build_computes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_here: list[str], end: Callable[[int, Path], None]
) -> None:
    monkeypatch.setattr(beside, "AT_ONCE", 1)
    archive = small(tmp_path, "first tool", "second tool")
    with monkeypatch.context() as patch:
        patch.setattr(beside, "work", end)
        build(archive)
    assert len(written_here) == 1
    assert similarities(archive) == anew(archive, tmp_path / "anew", monkeypatch)


def test_a_failed_build_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = small(tmp_path, "first tool")
    started: list[int] = []
    start = Beside._start  # noqa: SLF001

    def note(self: Beside) -> None:
        start(self)
        started.append(self._pid)

    monkeypatch.setattr(Beside, "_start", note)

    def stop(done: int, total: int) -> None:
        raise BackissueError("stopped")

    with pytest.raises(BackissueError, match="stopped"):
        build(archive, stop)
    with pytest.raises(ChildProcessError):
        os.waitpid(started[0], os.WNOHANG)
    assert [path for path in index_folder(archive.data).iterdir() if path.is_dir()] == []
