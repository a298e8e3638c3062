"""Originals belong to the user alone, whatever the umask is and whoever else uses the machine."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.errors import UnsafeFolder
from indexer.sources.archive import Archive
from indexer.sources.folders import make_folder
from tests.archives import found, small
from tests.commands import an_original, run, run_process

STRANGER = 65534
needs_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
def test_nothing_in_the_data_folder_is_open_to_others_under_an_open_umask(tmp_path: Path) -> None:
    archive = Archive(small(tmp_path, "tool").folder, tmp_path / "a" / "b" / "c")
    result = run(archive, "add", an_original(tmp_path), "--date", "2017-12-24")
    assert result.exit_code == 0, result.output
    made = [tmp_path / "a", *(tmp_path / "a").rglob("*")]
    assert [path for path in made if path.stat().st_mode & 0o022] == []
    assert any(path.name == "01.md" for path in made)


@pytest.mark.parametrize(
    "args",
    [("export", "-o", "a/entries.csv"), ("export", "--static", "a/site"), ("init", "a/archive", "one.md")],
    ids=["export", "site", "init"],
)
@pytest.mark.usefixtures("open_to_all")
def test_what_commands_write_elsewhere_is_not_open_to_others_either(tmp_path: Path, args: tuple[str, ...]) -> None:
    archive = small(tmp_path, "tool")
    build(archive)
    (tmp_path / "one.md").write_text("# Other #1\n\n- [A bullet](https://a.example)\n", encoding="utf-8")
    (tmp_path / "a").mkdir(0o755)
    command, *rest = (str(tmp_path / each) if each.startswith(("a/", "one")) else each for each in args)
    places = [] if command == "init" else ["--archive", archive.folder, "--data", archive.data]
    result = run_process(command, *rest, *places)
    assert result.returncode == 0, result.stderr
    assert [path for path in (tmp_path / "a").rglob("*") if path.stat().st_mode & 0o022] == []
    assert list((tmp_path / "a").iterdir())


@needs_root
def test_an_original_of_another_user_is_a_problem_and_the_retold_issue_stays(tmp_path: Path) -> None:
    archive = small(tmp_path, "retold tool")
    assert run(archive, "add", an_original(tmp_path, "the original tool")).exit_code == 0
    os.chown(archive.originals / "bpf-updates" / "01.md", STRANGER, -1)
    assert any("belongs to another user" in problem.message for problem in build(archive).problems)
    assert found(archive, "tool") == ["retold tool"]


@needs_root
@pytest.mark.parametrize("name", [".", "bpf-updates"])
def test_a_folder_of_another_user_is_not_indexed(tmp_path: Path, name: str) -> None:
    archive = small(tmp_path, "retold tool")
    assert run(archive, "add", an_original(tmp_path, "the original tool")).exit_code == 0
    os.chown(archive.originals / name, STRANGER, -1)
    with pytest.raises(UnsafeFolder, match="belongs to another user"):
        build(archive)


def test_a_fifo_among_the_originals_is_a_problem(tmp_path: Path) -> None:
    archive = small(tmp_path, "retold tool")
    (archive.originals / "bpf-updates").mkdir(parents=True)
    os.mkfifo(archive.originals / "bpf-updates" / "01.md")
    assert any("not a regular file" in problem.message for problem in build(archive).problems)
    assert found(archive, "tool") == ["retold tool"]


def test_an_original_that_was_added_while_another_was_read_is_not_overwritten(tmp_path: Path) -> None:
    archive = small(tmp_path, "retold tool")
    read_meanwhile, other = an_original(tmp_path, "one", "one.md"), an_original(tmp_path, "two", "two.md")

    def download(*_: object) -> bytes:
        assert run(archive, "add", other).exit_code == 0
        return read_meanwhile.read_bytes()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.cli.add.Downloader.download", lambda *_: (download(), ""))
        result = run(archive, "add", "https://example.org/one.md")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "was added in the meantime" in result.stderr
    assert found(archive, "one OR two") == ["two"]


def test_a_path_that_is_too_long_is_refused_before_its_parents_are_listed() -> None:
    path = Path("/a" * 4_000)
    tracemalloc.start()
    with pytest.raises(OSError, match="File name too long"):
        make_folder(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000  # the lists of all parents take 60 MB
