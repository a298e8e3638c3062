"""`backissue check` as a judge: what does not divide well, each with an example and what to write into the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli

ISSUE = """---
title: "ZZ Weekly #{n}"
date: 2024-01-{n:02d}
---

A season of {word} has come, see [our page](https://zz.example/{n}).

## News

- [Article {n}](https://example.org/a/{n})
- Why {long}

## Tip of the week

Nothing was sent in, so we sleep {n} times.

## Pictures

## Credits

By hand.
"""
TABLE = """name = "ZZ Weekly"
titles = ['#(?P<number>\\d+)']
groups = ["nws"]

[sections]
news = "article"
"""
WORDS = ("rain", "snow", "wind", "sun", "fog", "hail")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "zz" / "newsletters" / "zz"
    folder.mkdir(parents=True)
    (folder / "newsletter.toml").write_text(TABLE, encoding="utf-8")
    for n, word in enumerate(WORDS, 1):
        text = ISSUE.format(n=n, word=word, long=f"the {word} [came](https://e.org/{n}) " + "on many days " * 32)
        (folder / f"{n}.md").write_text(text, encoding="utf-8")
    return tmp_path / "zz"


def check(archive: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["check", "--archive", str(archive), "--data", str(archive / "data"), *args])


def advice(archive: Path) -> list[dict[str, str]]:
    rows = [json.loads(line) for line in check(archive, "--json").stdout.splitlines()]
    return [row for row in rows if row["what"] == "advice"]


@pytest.mark.parametrize(("found", "example", "write"), [
    ("6 of 24 entries are commentary (25 %).", "zz/1/a-season-of-rain", 'introductions = "boilerplate"'),
    ("6 titles are longer than 200 characters.", "zz/1/why-the-rain-came", '"news" = "bullets"'),
    ('6 of 6 issues have an entry "Tip of the week".', "zz/1/tip-of-the-week", '"tip of the week" to groups'),
    ('The section "pictures" of 6 issues has no entries.', "zz/1", '"pictures" = "item" to [shapes]'),
    ('The table names the section "nws", but no issue has it.', 'the issues have "news"', 'Write "news" instead.'),
    ("No entry has an author.", "zz/1/", "by X"),
    ("No issue has a URL.", "zz/1", 'Write page = "https://'),
])  # fmt: skip
def test_advice_has_a_problem_an_example_and_a_remedy(archive: Path, found: str, example: str, write: str) -> None:
    [row] = [row for row in advice(archive) if row["found"] == found]
    assert example in row["example"]
    assert write in row["write"]


def test_a_long_first_sentence_is_no_fault(archive: Path) -> None:
    for path in archive.glob("newsletters/zz/*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("on many days " * 16, ""), encoding="utf-8")
    assert [row for row in advice(archive) if "longer" in row["found"]] == []


def test_check_proposes_what_init_would_write(archive: Path) -> None:
    assert any(row["found"].startswith("shapes is missing.") for row in advice(archive))


def test_advice_is_not_a_problem(archive: Path) -> None:
    result = check(archive, "--strict")
    assert result.exit_code == 0, result.output
    assert "advice: zz: 6 titles are longer than 200 characters. Example: zz/1/why" in result.stdout


def test_a_table_of_the_shipped_kind_gets_no_advice() -> None:
    result = CliRunner().invoke(cli, ["check"])
    assert "advice:" not in result.stdout
