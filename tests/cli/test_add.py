"""backissue add: folders, and an unreadable file among good ones."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from indexer.cli import cli

ISSUE = "---\ntitle: ZZ {n}\ndate: 2024-01-0{n}\n---\n\n- [Article {n}](https://example.org/{n}) is new\n"


def add(folder: Path, *args: object) -> Result:
    (folder / "mine" / "newsletters").mkdir(parents=True, exist_ok=True)
    places = ["--archive", str(folder / "mine"), "--data", str(folder / "data"), "--newsletter", "zz"]
    return CliRunner().invoke(cli, ["add", *places, *map(str, args)])


def issues(folder: Path) -> Path:
    place = folder / "issues"
    place.mkdir()
    for n in (1, 2, 3):
        (place / f"{n}.md").write_text(ISSUE.format(n=n), encoding="utf-8")
    (place / "bad.md").write_bytes(b"\0\1")
    return place


def test_a_bad_file_of_a_folder_is_left_out_with_its_reason(tmp_path: Path) -> None:
    added = add(tmp_path, issues(tmp_path))
    assert added.exit_code == 1
    assert "3 added, 1 left out:" in added.stderr
    assert "bad.md" in added.stderr
    assert "3 issues, 3 entries" in added.stdout


def test_strict_adds_all_or_nothing(tmp_path: Path) -> None:
    added = add(tmp_path, issues(tmp_path), "--strict")
    assert added.exit_code == 1
    assert "Nothing was added" in added.stderr
    assert not list((tmp_path / "data").glob("originals/*/*"))


def test_a_pattern_names_files(tmp_path: Path) -> None:
    added = add(tmp_path, issues(tmp_path) / "[12].md")
    assert added.exit_code == 0, added.output
    assert "2 issues, 2 entries" in added.stdout
