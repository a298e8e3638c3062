"""Files of a folder that a user names: those of known formats, or all of them to be refused by name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from indexer.sources.given import given_by


@pytest.mark.parametrize(
    ("files", "endings", "found"),
    [
        (("1.md", "1.pdf", "logo.png"), (), ["1.md"]),
        (("1.pdf", "2.pages", "README.md", ".hidden.pdf"), (), ["1.pdf", "2.pages"]),
        (("1.pdf",), (".md",), []),
        ((), (), []),
    ],
)
def test_a_folder_without_a_known_format_yields_all_that_may_be_issues(
    tmp_path: Path, files: tuple[str, ...], endings: tuple[str, ...], found: list[str]
) -> None:
    for name in files:
        (tmp_path / name).write_bytes(b"%PDF-1.4\n")
    assert [given.name for given in given_by([str(tmp_path)], endings)] == found


@pytest.mark.skipif(os.name != "posix", reason="Windows has neither FIFOs nor names of any bytes")
def test_a_file_that_cannot_be_read_is_yielded_once(tmp_path: Path) -> None:
    for name in ("pipe", "pipe[1]"):
        os.mkfifo(tmp_path / name)
        assert [given.where for given in given_by([str(tmp_path / name)])] == [str(tmp_path / name)]
    assert [given.where for given in given_by([str(tmp_path / "p*e")])] == [str(tmp_path / "pipe")]


@pytest.mark.skipif(sys.platform != "linux", reason="the system accepts only names in UTF-8")
def test_a_name_that_is_not_utf_8_can_be_read_and_stored(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/1\xff.md")
    Path(path).write_text("x", encoding="utf-8")
    for named in (path, str(tmp_path), f"{tmp_path}/*.md"):
        (given,) = given_by([named])
        assert given.where == path
        assert given.name.endswith("1\N{REPLACEMENT CHARACTER}.md")
        assert given.name.encode()
