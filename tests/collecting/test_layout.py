"""backissue init with folders of items, several formats of one issue, and feeds in folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli

FEED = """<rss version="2.0"><channel><title>ZZ Weekly</title><link>https://zz.example/</link>
{items}</channel></rss>"""
ITEM = """<item><title>Issue #{n}</title><link>https://zz.example/{n}/</link>
<pubDate>Mon, {n:02d} Jan 2024 12:00:00 GMT</pubDate><description>&lt;h2&gt;News&lt;/h2&gt;&lt;ul&gt;
&lt;li&gt;&lt;a href="https://example.org/{n}/a"&gt;The first article of issue {n}&lt;/a&gt; is a long one about this.
&lt;li&gt;&lt;a href="https://example.org/{n}/b"&gt;The second article of issue {n}&lt;/a&gt; is a longer one on that.
&lt;/ul&gt;</description></item>"""


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def entries(folder: Path, data: Path) -> list[dict[str, object]]:
    indexed = run("index", "--archive", folder, "--data", data)
    assert indexed.exit_code == 0, indexed.output
    found = run("export", "--format", "jsonl", "--archive", folder, "--data", data)
    return [json.loads(line) for line in found.stdout.splitlines()]


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """Return a folder of three issues, each a folder with one file per item."""
    folder = tmp_path / "contents"
    for day in ("05", "12", "19"):
        for n, name in enumerate(("ascii.nvim", "undo tree", "ports"), 1):
            text = f"### [{name} {day}](https://example.org/{day}/{n})\n\nOn day {day} it draws {name}.\n"
            put(folder / f"2022/Dec/{day}/3-new-plugins/{n:02d}-{name}.md", text)
        put(folder / f"2022/Dec/{day}/4-did-you-know.md", f"On day {day} you can undo *everything*.\n")
        put(folder / f"2022/Dec/{day}/3-new-plugins/0-HEADER.md", "## [New plugins](#new-plugins)\n")
    put(folder / "2022/Jul/15.md", "# News\n\n- [One whole file](https://example.org/whole), with text.\n")
    return folder


def test_a_folder_of_items_is_one_issue_of_its_day(items: Path, tmp_path: Path) -> None:
    made = run("init", tmp_path / "zz", items)
    assert made.exit_code == 0, made.output
    assert "4 issues in" in made.output
    assert 'layout = "items"' in (tmp_path / "zz/newsletters/zz/newsletter.toml").read_text(encoding="utf-8")
    found = [each for each in entries(tmp_path / "zz", tmp_path / "data") if each["issue"] == "2022-12-12"]
    assert [(each["title"], each["section"]) for each in found] == [
        ("ascii.nvim 12", ["New plugins"]),
        ("undo tree 12", ["New plugins"]),
        ("ports 12", ["New plugins"]),
        ("Did you know", []),
    ]


def test_the_richest_format_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        put(tmp_path / f"in/txt/2024-01-0{n}-news.txt", f"News {n}\n\n- a tool that is new (https://example.org/{n})\n")
        put(
            tmp_path / f"in/md/2024-01-0{n}-news.md", f"# News {n}\n\n- [A tool](https://example.org/{n}) that is new\n"
        )
    made = run("init", tmp_path / "zz", tmp_path / "in")
    assert made.exit_code == 0, made.output
    assert "Read: .md. Left out: 3 .txt." in made.output
    assert len(list((tmp_path / "zz/newsletters/zz").glob("*.md"))) == 3


def test_another_text_of_an_issue_is_left_out_with_a_reason(tmp_path: Path) -> None:
    for day in range(1, 13):
        put(tmp_path / f"in/2024-01-{day:02d}-one.md", f"- [A tool](https://example.org/{day}) that is new\n")
    put(tmp_path / "in/2024-01-01-two.md", "- [A tool](https://example.org/2) that is newer\n")
    made = run("init", tmp_path / "zz", tmp_path / "in")
    assert made.exit_code == 1
    assert "2024-01-01-two.md: Issue 2024-01-01 is also in 2024-01-01-one.md, which was copied." in made.output


def test_the_items_of_a_feed_in_a_folder_are_issues(tmp_path: Path) -> None:
    put(tmp_path / "in/feed.rss", FEED.format(items="".join(ITEM.format(n=n) for n in (1, 8, 15))))
    put(tmp_path / "in/README.md", "# How to write an issue\n\nWrite it.\n")
    made = run("init", tmp_path / "zz", tmp_path / "in")
    assert made.exit_code == 0, made.output
    assert 'name = "ZZ Weekly"' in (tmp_path / "zz/newsletters/zz/newsletter.toml").read_text(encoding="utf-8")
    found = entries(tmp_path / "zz", tmp_path / "data")
    assert len(found) == 6
    assert {each["issue"] for each in found} == {1, 8, 15}
    assert found[0]["section"] == ["News"]


TEXT = """<p>The first words of this issue, which has a few more than one could need, are about
<a href='https://example.org/{n}'>the tool of the week</a>, which is new, number {n}.</p>"""
MAIL = """From zz@example.org Mon Jan  1 10:00:00 2024
From: zz@example.org
Date: Mon, {n} Jan 2024 10:00:00 +0000
Subject: ZZ #{n}
Content-Type: text/plain

- A tool of week {n} (https://example.org/{n})

"""


def test_a_json_feed_and_a_mailbox_are_read(tmp_path: Path) -> None:
    items = [
        {"title": f"ZZ #{n}", "url": f"https://zz.example/{n}", "date_published": f"2024-01-0{n}"}
        | {"content_html": TEXT.format(n=n)}
        for n in (1, 2)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "ZZ", "items": items}
    put(tmp_path / "in/feed.json", json.dumps(feed))
    put(tmp_path / "in/all.mbox", MAIL.format(n=3) + MAIL.format(n=4))
    made = run("init", tmp_path / "zz", tmp_path / "in")
    assert made.exit_code == 0, made.output
    assert {each["issue"] for each in entries(tmp_path / "zz", tmp_path / "data")} == {1, 2, 3, 4}


def test_files_about_pages_of_different_sites_are_items_with_links_and_dates(tmp_path: Path) -> None:
    for week in (20, 21, 22):
        for day, name in enumerate(("Packages", "Graphics", "Conference"), 10):
            head = f"title: {name} {week}\nurl: https://{name.lower()}.example/\ncreatedOn: 2012-0{week - 15}-{day}"
            put(tmp_path / f"in/2012/{week}/{name.lower()}.md", f"---\n{head}\n---\n\nIn week {week} {name} grew.\n")
    made = run("init", tmp_path / "zz", tmp_path / "in")
    assert "3 issues in" in made.output, made.output
    found = [each for each in entries(tmp_path / "zz", tmp_path / "data") if each["issue"] == "2012/21"]
    assert [(each["title"], each["url"], each["date"][:10]) for each in found] == [
        ("Conference 21", "https://conference.example/", "2012-06-12"),
        ("Graphics 21", "https://graphics.example/", "2012-06-12"),
        ("Packages 21", "https://packages.example/", "2012-06-12"),
    ]
