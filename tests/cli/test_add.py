"""backissue add: folders, and an unreadable file among good ones."""

from __future__ import annotations

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.collecting import parts
from indexer.errors import FetchFailed, UnreadableSource
from indexer.sources.downloader import Downloader
from indexer.sources.given import Given

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


ITEM = "### {name}.nvim\n\nA plugin that is new.\n\n- [Code](https://example.org/{name})\n"


def item_folder(folder: Path) -> Path:
    place = folder / "contents" / "2022" / "Dec" / "19"
    for section, name in (("2-guides", "how"), ("3-new-plugins", "fold"), ("3-new-plugins", "undo")):
        (place / section).mkdir(parents=True, exist_ok=True)
        (place / section / f"{name}.md").write_text(ITEM.format(name=name), encoding="utf-8")
    return place


def test_a_folder_with_a_file_for_each_item_is_one_issue(tmp_path: Path) -> None:
    place = item_folder(tmp_path)
    added = add(tmp_path, place)
    assert "1 issue, 3 entries" in added.stdout, added.output
    assert (tmp_path / "data" / "originals" / "zz" / "2022-12-19.items").exists()


def test_parse_reads_a_folder_of_items_as_add_does(tmp_path: Path) -> None:
    place = item_folder(tmp_path)
    for named in (place, tmp_path / "contents"):
        parsed = CliRunner().invoke(cli, ["parse", "--newsletter", "zz", str(named)])
        assert "zz 2022-12-19, 2022-12-19: 3 entries" in parsed.output, parsed.output


def test_the_richest_of_several_formats_is_added(tmp_path: Path) -> None:
    place = issues(tmp_path)
    (place / "bad.md").unlink()
    (place / "1.txt").write_text("January 1, 2024\n\nZZ Weekly\n\n- Article 1 is new\n", encoding="utf-8")
    added = add(tmp_path, place)
    assert added.exit_code == 0, added.output
    assert "Read: .md. Left out: 1 .txt." in added.stdout
    assert "3 issues, 3 entries" in added.stdout


def test_a_newsletter_without_a_table_is_numbered_by_titles_and_files(tmp_path: Path) -> None:
    place = tmp_path / "posts"
    place.mkdir()
    (place / "a.md").write_text('---\ntitle: "ZZ Weekly #213"\n---\n\n- [A](https://e.org/a)\n', encoding="utf-8")
    (place / "b.md").write_text("# Edition 33\n\n- [B](https://e.org/b)\n", encoding="utf-8")
    (place / "issue-34.md").write_text("- [C](https://e.org/c)\n", encoding="utf-8")
    (place / "2024-05-20-x.md").write_text("- [D](https://e.org/d)\n", encoding="utf-8")
    (place / "2016-04-25-zz-newsletter-2016-9.md").write_text("- [E](https://e.org/e)\n", encoding="utf-8")
    (place / "c.md").write_text("# ZZ Newsletter 10/2016\n\n- [F](https://e.org/f)\n", encoding="utf-8")
    added = add(tmp_path, place)
    assert added.exit_code == 0
    assert "2016-9: Nothing says when" not in added.stderr
    kept = {path.stem for path in (tmp_path / "data" / "originals" / "zz").glob("*.md")}
    assert kept == {"213", "33", "34", "2024-05-20", "2016-9", "10_2016"}


def test_many_files_that_cannot_be_read_share_a_message(tmp_path: Path) -> None:
    folder = issues(tmp_path)
    for n in range(20, 26):
        (folder / f"{n}.md").write_text("", encoding="utf-8")
    result = add(tmp_path, folder)
    assert result.exit_code == 1
    assert " and 5 more files: " in result.stderr


def test_an_issue_is_added_from_a_url(tmp_path: Path) -> None:
    folder = issues(tmp_path)
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/1.md"
        refused = add(tmp_path, url)
        added = add(tmp_path, url, "--allow-private")
        server.shutdown()
    assert refused.exit_code == 1
    assert added.exit_code == 0, added.output
    assert "1 issue, 1 entry" in added.stdout


PAGE = """<html><head><title>ZZ #{n}</title><meta property="article:published_time" content="2024-01-0{n}"></head>
<body><article><h1>ZZ #{n}</h1><p>This is what we have read since the last time, and what we think of it all.</p>
<ul><li><a href="https://e.org/{n}">Article {n}</a> is new</li></ul></article></body></html>"""
FEED = "<rss><channel><title>ZZ</title>{}</channel></rss>"
SUMMARY = "<item><title>ZZ #{n}</title><link>{host}/{n}.html</link><description>Short.</description></item>"


def test_the_pages_of_a_feed_with_only_summaries_are_added_and_missing_ones_named(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host = f"http://127.0.0.1:{server.server_address[1]}"
        for n in (1, 2):
            (folder / f"{n}.html").write_text(PAGE.format(n=n), encoding="utf-8")
        items = [
            SUMMARY.format(n=n, host=where) for n, where in ((1, host), (2, host), (3, host), (4, "https://e.org"))
        ]
        (folder / "feed.xml").write_text(FEED.format("".join(items)), encoding="utf-8")
        added = add(tmp_path, f"{host}/feed.xml", "--allow-private")
        (folder / "feed.xml").write_text(FEED.format(items[2]), encoding="utf-8")
        missing = add(tmp_path, f"{host}/feed.xml", "--allow-private")
        server.shutdown()
    refused = add(tmp_path, folder / "feed.xml")
    assert added.exit_code == 1
    assert "2 issues, 4 entries" in added.stdout
    assert "2 added, 1 left out" in added.stderr
    assert f"{host}/3.html: The server answered 404." in added.stderr
    assert f"No page of the feed's items could be read. The first: {host}/3.html: " in missing.stderr
    assert "Name the feed by its URL" in refused.stderr


class Slow(Downloader):
    """A downloader whose every page takes the time for all of them, by a clock of its own."""

    asked: ClassVar[list[str]] = []

    def download(self, url: str, etag: str = "") -> tuple[bytes | None, str]:
        self.asked.append(url)
        raise FetchFailed(url)

    @classmethod
    def monotonic(cls) -> float:
        return len(cls.asked) * parts.LONGEST


def test_a_feed_whose_pages_take_too_long_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slow, "asked", [])
    monkeypatch.setattr(parts, "time", Slow)
    items = "".join(SUMMARY.format(n=n, host="https://a.example") for n in (1, 2, 3))
    feed = Given("https://a.example/f", "f")
    with pytest.raises(UnreadableSource, match="take more than two minutes"):
        parts.parts_from(FEED.format(items).encode(), feed, Slow())
    assert Slow.asked == ["https://a.example/1.html"]


def test_added_issues_are_indexed_as_if_read_from_where_they_are_stored(tmp_path: Path) -> None:
    place = issues(tmp_path)
    (place / "5.md").write_text("# ZZ #5\n\n- [Undated](https://example.org/5)\n", encoding="utf-8")
    added = add(tmp_path, place, item_folder(tmp_path))
    places = ["--archive", str(tmp_path / "mine"), "--data", str(tmp_path / "data")]
    found = CliRunner().invoke(cli, ["export", "--format", "jsonl", *places]).stdout
    shutil.rmtree(tmp_path / "data" / "index")
    again = CliRunner().invoke(cli, ["index", *places])
    assert "5 issues, 7 entries, 1 problem" in added.stdout
    [problem] = [line for line in again.stderr.splitlines() if "zz/05.md: " in line]
    assert problem in added.stderr
    assert CliRunner().invoke(cli, ["export", "--format", "jsonl", *places]).stdout == found
