"""backissue init creates an archive whose inferred table needs no edits."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.errors import BadArchive
from indexer.profile.newsletters import load_newsletter

ISSUE = """---
title: "ZZ Weekly #{n}: number {n}"
date: 2024-01-{day:02d}
permalink: https://zz.example/{n}/
---

Hello there! This paragraph says another thing in issue {n}.

Want something mentioned here? Write to us about it, dear reader {n}.

## News

- [Article number {n}](https://example.org/a/{n}), by Ann Bee
- [Another](https://example.org/b/{n})

## Packages

- [Tool {n}](https://github.com/zz/tool-{n})

## Help us

Tell your friends about this and that.

Thanks to Reader{n} for the suggestion!
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    folder = tmp_path / "issues"
    folder.mkdir()
    for n in range(1, 7):
        (folder / f"post-{n}.md").write_text(ISSUE.format(n=n, day=n), encoding="utf-8")
    return folder


def test_a_new_archive_reports_what_it_inferred_and_needs_no_edit(issues: Path, tmp_path: Path) -> None:
    made = run("init", tmp_path / "zz-weekly", issues, "--data", tmp_path / "data")
    assert made.exit_code == 0, made.output
    assert 'name (sure): "ZZ Weekly" is in the title of all 6 issues.' in made.output
    newsletter = load_newsletter(tmp_path / "zz-weekly" / "newsletters" / "zz-weekly" / "newsletter.toml")
    assert (newsletter.name, newsletter.home) == ("ZZ Weekly", "https://zz.example/")
    assert newsletter.sections == {"news": "article", "packages": "project"}
    folders = ("--archive", tmp_path / "zz-weekly", "--data", tmp_path / "data")
    indexed = run("index", *folders)
    assert indexed.output.startswith("6 issues, 18 entries"), indexed.output
    assert "Article number 3" in run("search", "article", "--json", *folders).output


def test_a_name_with_accents_becomes_an_id_without_them(issues: Path, tmp_path: Path) -> None:
    run("init", tmp_path / "new", issues, "--name", "Nürnberger Käfer", "--data", tmp_path / "data")
    assert (tmp_path / "new/newsletters/nurnberger-kafer/newsletter.toml").exists()


def test_repeated_paragraphs_are_boilerplate(issues: Path, tmp_path: Path) -> None:
    run("init", tmp_path / "zz", issues)
    table = tomllib.loads((tmp_path / "zz/newsletters/zz/newsletter.toml").read_text(encoding="utf-8"))
    assert [pattern[:24] for pattern in table["boilerplate"]] == [
        "^Tell your friends about",
        "^Thanks to .+ for the sug",
        "^Want something mentione",
    ] or len(table["boilerplate"]) >= 2


def test_an_edited_table_is_kept_and_changes_are_proposed(issues: Path, tmp_path: Path) -> None:
    run("init", tmp_path / "zz", issues)
    table = tmp_path / "zz/newsletters/zz/newsletter.toml"
    edited = table.read_text(encoding="utf-8").replace('packages = "project"', "").replace("ZZ Weekly", "Our Weekly")
    table.write_text(edited, encoding="utf-8")
    again = run("init", tmp_path / "zz", issues)
    assert table.read_text(encoding="utf-8") == edited
    assert 'Write: packages = "project"' in again.output
    assert 'Proposed: name = "ZZ Weekly"' in again.output


def test_one_bad_file_does_not_stop_the_others(issues: Path, tmp_path: Path) -> None:
    (issues / "binary.md").write_bytes(b"\0\1")
    made = run("init", tmp_path / "zz", issues)
    assert made.exit_code == 1
    assert "6 issues in" in made.output
    assert "binary.md" in made.output


@pytest.mark.parametrize(("wrong", "said"), [
    ('homme = "https://zz.example/"', "line 2: 'homme' is not a key. Did you mean home?"),
    ('titles = ["#(?P<nummber>1)"]', "line 2: 'nummber' is not a group in titles. Did you mean number?"),
    ('[shapes]\nnews = "bulets"', "line 3: 'bulets' is not a shape. Did you mean bullets?"),
])  # fmt: skip
def test_a_misspelt_word_in_a_table_is_reported_with_the_nearest_one(tmp_path: Path, wrong: str, said: str) -> None:
    path = tmp_path / "zz" / "newsletter.toml"
    path.parent.mkdir()
    path.write_text(f'name = "ZZ"\n{wrong}\n', encoding="utf-8")
    with pytest.raises(BadArchive, match="zz, line") as raised:
        load_newsletter(path)
    assert said in str(raised.value)


def test_the_current_folder_may_be_named_by_nothing(
    issues: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(issues)
    made = run("init", tmp_path / "zz", "")
    assert made.exit_code == 0, made.output


@pytest.mark.skipif(sys.platform != "linux", reason="the system accepts only names in UTF-8")
def test_names_and_folders_that_are_not_utf_8_can_be_read_and_indexed(issues: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(b"a\xff")
    (issues / "post-1.md").rename(issues / f"{odd}.md")
    issues.rename(tmp_path / odd)
    for named in ([tmp_path / odd], sorted((tmp_path / odd).iterdir())):
        made = run("init", tmp_path / f"{odd}{len(named)}", *named, "--name", "zz")
        assert made.exit_code == 0, made.output
    folders = ("--archive", tmp_path / f"{odd}6", "--data", tmp_path / f"data{odd}")
    assert "6 issues" in run("index", *folders).stdout
    assert run("search", "number", *folders).exit_code == 0
