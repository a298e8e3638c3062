"""Exports of Substack: pages without titles, and a table with their titles and dates."""

from __future__ import annotations

from pathlib import Path

from indexer.collecting.parts import parts_in
from indexer.sources.downloader import Downloader
from indexer.sources.given import given_by

TABLE = """post_id,post_date,is_published,title
101.logs,2024-03-05T08:00:00.000Z,true,"Logs, and ""maps"" & more"
102.draft,,false,Not yet
"""
PAGE = f"<h2>Reads</h2><p><a href='https://e.org/a'>A text</a> has {'very ' * 20}many words.</p>"


def test_a_page_has_the_title_and_the_date_in_the_table_of_its_export(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (tmp_path / "posts.csv").write_text(TABLE)
    for name in ("101.logs", "102.draft", "103.unlisted"):
        (posts / f"{name}.html").write_text(PAGE)
    listed, unlisted = (parts_in(given, Downloader())[0].document for given in given_by([str(tmp_path)]))
    assert listed.title == 'Logs, and "maps" & more'
    assert f"{listed.date:%Y-%m-%d}" == "2024-03-05"
    assert (unlisted.title, unlisted.date) == ("", None)


def test_a_bad_row_in_the_table_of_an_export_costs_only_itself(tmp_path: Path) -> None:
    long = f"100.long,2024-03-04,true,{'x' * 200_000}\n"
    (tmp_path / "posts.csv").write_text(TABLE.replace("101.logs", f"{long}101.logs"))
    for name in ("100.long", "101.logs", "102.draft"):
        (tmp_path / f"{name}.html").write_text(PAGE)
    found = [parts_in(given, Downloader())[0].document.title for given in given_by([str(tmp_path)])]
    assert found == ["", 'Logs, and "maps" & more']
