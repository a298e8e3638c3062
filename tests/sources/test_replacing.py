"""Replacing an original: whenever the run is killed, the old or the new one is there afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.sources.archive import SUFFIXES, Archive
from indexer.sources.replacing import HINTS, recover
from tests.conftest import ROOT, SHIPPED

# Replaces an original in a folder for each step, in a fork that is killed at the step, and prints the exit statuses.
SCRIPT = """
import os, sys
from pathlib import Path
from indexer.model import IssueKey
from indexer.sources.archive import Archive
from tests.faults.victim import kill_at
for step in range(1, 60):
    archive = Archive(Path(sys.argv[1]), Path(sys.argv[2], str(step)))
    archive.put_original(IssueKey("news", 1), b"old", ".txt", "said")
    child = os.fork()
    if not child:
        kill_at(step)
        archive.put_original(IssueKey("news", 1), b"new", *sys.argv[3:])
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(ended)
    if ended == 0:
        break
"""
BEFORE = {"01.txt": b"old", f"01{HINTS}": b"said"}


def put_and_kill(folder: Path, suffix: str, said: str) -> list[int]:
    """Replace an original in a process that is killed at the first step, in another one at the second, and so on."""
    command = [sys.executable, "-c", SCRIPT, str(SHIPPED), str(folder), suffix, said]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    return list(map(int, done.stdout.split()))


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(("suffix", "said"), [(".txt", ""), (".md", ""), (".md", "said anew"), (".txt", "said anew")])
def test_after_a_kill_at_any_step_the_old_or_the_new_original_is_complete(
    tmp_path: Path, suffix: str, said: str
) -> None:
    after = {f"01{suffix}": b"new"} | ({f"01{HINTS}": said.encode()} if said else {})
    ended = put_and_kill(tmp_path, suffix, said)
    assert ended == [-signal.SIGKILL] * (len(ended) - 1) + [0]
    seen = []
    for step in range(1, len(ended) + 1):
        folder = Archive(SHIPPED, tmp_path / str(step)).originals / "news"
        recover(folder, SUFFIXES)
        assert sorted(path.name for path in folder.iterdir()) == sorted(held(folder))
        assert held(folder) in (BEFORE, after)
        seen.append(held(folder))
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
