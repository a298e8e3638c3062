"""Replacing an original: whenever the run is killed, the old or the new one is there afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from indexer.model import IssueKey
from indexer.sources.archive import SUFFIXES, Archive
from indexer.sources.replacing import recover
from tests.conftest import ROOT, SHIPPED

SCRIPT = """
import sys
from pathlib import Path
from indexer.model import IssueKey
from indexer.model import IssueKey
from indexer.sources.archive import Archive
from tests.faults.victim import kill_at
archive = Archive(Path(sys.argv[2]), Path(sys.argv[3]))
kill_at(int(sys.argv[1]))
archive.put_original(IssueKey("news", 1), b"new", sys.argv[4], sys.argv[5])
"""
BEFORE = {"01.txt": b"old", "01.told": b"said"}


def put_and_kill(archive: Archive, step: int, suffix: str, said: str) -> int:
    """Replace an original in a process that is killed at a step. Return its exit status."""
    command = [sys.executable, "-c", SCRIPT, str(step), str(archive.folder), str(archive.data), suffix, said]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(("suffix", "said"), [(".txt", ""), (".md", ""), (".md", "said anew"), (".txt", "said anew")])
def test_after_a_kill_at_any_step_the_old_or_the_new_original_is_complete(
    tmp_path: Path, suffix: str, said: str
) -> None:
    after = {f"01{suffix}": b"new"} | ({"01.told": said.encode()} if said else {})
    seen = []
    for step in range(1, 60):
        archive = Archive(SHIPPED, tmp_path / str(step))
        folder = archive.put_original(IssueKey("news", 1), b"old", ".txt", "said").parent
        ended = put_and_kill(archive, step, suffix, said)
        recover(folder, SUFFIXES)
        assert sorted(path.name for path in folder.iterdir()) == sorted(held(folder))
        assert held(folder) in (BEFORE, after)
        seen.append(held(folder))
        if ended == 0:
            break
    assert ended == 0
    assert seen[0] == BEFORE
    assert seen[-2:] == [after, after]


def test_a_ready_replacement_is_finished_after_any_number_of_kills(tmp_path: Path) -> None:
    ready = tmp_path / ".replacing-01"
    ready.mkdir()
    (tmp_path / "01.told").write_text("of the old one")
    (ready / "01.md").write_text("new")
    recover(tmp_path, SUFFIXES)
    recover(tmp_path, SUFFIXES)
    assert held(tmp_path) == {"01.md": b"new", "01.told": b"of the old one"}


def test_a_partial_replacement_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".writing-file").write_text("ha")
    (tmp_path / ".writing-folder").mkdir()
    (tmp_path / ".writing-folder" / "01.md").write_text("ha")
    recover(tmp_path, SUFFIXES)
    assert list(tmp_path.iterdir()) == []
