"""Files of a folder that a user names: those of known formats, or all of them to be refused by name."""

from __future__ import annotations

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
