"""An index that other users could have changed is neither opened nor updated."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.build.builder import build
from indexer.cli import cli
from indexer.errors import IndexMissing, UnsafeFolder
from indexer.sources.archive import Archive
from indexer.storage.index import open_index
from tests.archives import found, small

PARTS = [
    ".",
    "index",
    "index/current",
    "index/generation-*",
    "index/*/about.json",
    "index/*/*.seg",
    "index/*/*.rec",
    "index/*/*.toc",
]
OPEN_TO_ALL = 0o000


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = small(tmp_path, "tool")
    build(made)
    return made


def part(archive: Archive, pattern: str) -> Path:
    (path,) = archive.data.glob(pattern) if pattern != "." else (archive.data,)
    return path


@pytest.mark.parametrize("bit", [0o020, 0o002])
@pytest.mark.parametrize("pattern", PARTS)
def test_an_index_that_others_can_write_to_is_not_opened(archive: Archive, pattern: str, bit: int) -> None:
    path = part(archive, pattern)
    path.chmod(path.stat().st_mode | bit)
    with pytest.raises(UnsafeFolder, match=r"Other users could change the index here\. Run chmod go-w"):
        open_index(archive.data)
    path.chmod(path.stat().st_mode & ~bit)
    assert found(archive, "tool") == ["tool"]


@pytest.mark.parametrize("pattern", [".", "index"])
def test_no_index_is_built_where_others_may_write(archive: Archive, pattern: str) -> None:
    part(archive, pattern).chmod(0o777)
    with pytest.raises(UnsafeFolder, match="chmod go-w"):
        build(archive)


def test_an_index_of_another_user_is_not_opened(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(part(archive, "index/*/*.toc"), 65534, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 65534)
    with pytest.raises(UnsafeFolder, match="belongs to another user"):
        open_index(archive.data)


def test_an_index_of_root_is_trusted(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.storage.ownership.ROOT", archive.data.stat().st_uid)
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    assert found(archive, "tool") == ["tool"]


def built_under(umask: int, folder: Path) -> Archive:
    """Return a small archive that was indexed under a given umask."""
    before = os.umask(umask)
    try:
        archive = small(folder, "tool")
        build(archive)
    finally:
        os.umask(before)
    return archive


def test_an_index_belongs_to_the_user_alone_under_any_umask(tmp_path: Path) -> None:
    archive = built_under(OPEN_TO_ALL, tmp_path)
    assert found(archive, "tool") == ["tool"]


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_readers_of_an_index_can_read_its_pointer(tmp_path: Path, umask: int) -> None:
    archive = built_under(umask, tmp_path)
    modes = {part(archive, pattern).stat().st_mode for pattern in ("index/current", "index/*/about.json")}
    assert len(modes) == 1


def test_an_index_without_a_readable_pointer_is_rejected(archive: Archive) -> None:
    pointer = part(archive, "index/current")
    pointer.unlink()
    pointer.mkdir()
    with pytest.raises(IndexMissing, match=r"The index cannot be read \(.*directory.*\)\. Run backissue index"):
        open_index(archive.data)


def test_the_command_gives_one_message(archive: Archive) -> None:
    archive.data.chmod(0o777)
    for command in (["search", "tool"], ["index"], ["serve", "--port", "0"]):
        folders = ["--archive", str(archive.folder), "--data", str(archive.data)]
        result = CliRunner().invoke(cli, [*command, *folders])
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert "Other users could change the index" in result.stderr
