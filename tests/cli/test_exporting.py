"""Exported entries are complete in each format, and files are written atomically."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markdown import markdown

from indexer.cli.entry_formats import COLUMNS, FORMATS, block_text, escaped, link, to_csv
from indexer.cli.export import exported
from indexer.cli.rows import flat
from indexer.engines.local import LocalCatalog
from indexer.model import Block, Span
from indexer.records import to_record
from indexer.sources.archive import Archive
from indexer.sources.unfinished import locked, unfinished
from indexer.views import lookup
from tests.commands import assert_error, records, run
from tests.pages import STORY


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_whole_archive_is_exported_in_the_order_of_the_issues(archive: Archive, catalog: LocalCatalog) -> None:
    ids = [each["id"] for each in records(run(archive, "export"))]
    assert ids == [entry.id for entry in catalog.find()]


def test_an_exported_line_is_what_show_prints_with_the_day_of_the_issue(archive: Archive) -> None:
    (line,) = records(run(archive, "export", f"id:{STORY}"))
    (shown,) = records(run(archive, "show", STORY, "--json"))
    assert line == shown | {"date": "2017-11-20"}


def test_a_query_exports_what_a_search_finds(archive: Archive) -> None:
    asked = ("sockmap", "-fix", "--topic", "maps", "--kind", "patch")
    found = [each["id"] for each in records(run(archive, "search", *asked, "--limit", "100", "--json"))]
    assert [each["id"] for each in records(run(archive, "export", *asked))] == found
    assert [each["id"] for each in records(run(archive, "export", *asked, "--limit", "3"))] == found[:3]


def test_a_query_exports_more_than_a_search_shows(archive: Archive) -> None:
    assert len(records(run(archive, "export", "bpf"))) > 100


def test_a_limit_may_be_larger_than_any_list(archive: Archive) -> None:
    assert run(archive, "export", "jit", "--limit", "9" * 30).stdout == run(archive, "export", "jit").stdout


def test_a_requested_order_is_kept(archive: Archive) -> None:
    days = [str(each["date"]) for each in records(run(archive, "export", "--kind", "talk", "--sort", "newest"))]
    assert days == sorted(days, reverse=True)


def test_csv_has_a_row_per_entry(archive: Archive, catalog: LocalCatalog) -> None:
    found = rows(run(archive, "export", "--format", "csv").stdout)
    assert len(found) == catalog.about.entries
    assert set(found[0]) == {*COLUMNS, "kernel"}
    entry = next(each for each in found if each["id"] == STORY)
    assert (entry["kernel"], entry["date"], entry["source"]) == ("v4.15 issue; v4.15 landed", "2017-11-20", "retold")


def test_csv_preserves_the_texts(archive: Archive, catalog: LocalCatalog) -> None:
    found = {each["id"]: each for each in rows(run(archive, "export", "--format", "csv").stdout)}
    for doc in range(0, catalog.about.entries, 40):
        record = catalog.index.stored(doc)
        assert found[record["id"]]["body"] == record["body"]
        assert found[record["id"]]["title"] == record["title"]


def test_quotes_commas_and_line_breaks_stay_in_their_cell(catalog: LocalCatalog) -> None:
    first = next(exported(catalog, catalog.find()))
    lines = "".join(to_csv([first], ("id", "section"))).splitlines()
    assert lines[0] == "id,section"
    assert flat("section", ['a "b"', "c, d"]) == 'a "b"; c, d'
    assert rows('x\n"a ""b""\n, c"\n') == [{"x": 'a "b"\n, c'}]


@pytest.mark.parametrize("name", ["names", "links", "kernel"])
def test_a_column_of_objects_can_be_chosen(archive: Archive, name: str) -> None:
    found = rows(run(archive, "export", f"id:{STORY}", "--format", "csv", "--fields", f"id,{name}").stdout)
    assert list(found[0]) == ["id", name]


def test_every_field_of_an_entry_can_be_a_column(archive: Archive, catalog: LocalCatalog) -> None:
    first = next(exported(catalog, catalog.find()))
    assert set(COLUMNS) <= set(first.record)
    assert set(to_record(first.entry)) <= set(first.record)
    run_all = run(archive, "export", "--format", "csv", "--fields", ",".join(first.record), "--limit", "50")
    assert run_all.exit_code == 0, run_all.output


def test_markdown_renders_to_titles_texts_and_links(archive: Archive, catalog: LocalCatalog) -> None:
    text = run(archive, "export", "--kind", "article", "--format", "markdown").stdout
    page = BeautifulSoup(markdown(text), "html5lib")
    entries = [lookup.entry(catalog, str(each["id"])) for each in records(run(archive, "export", "--kind", "article"))]
    headings = [" ".join(heading.get_text().split()) for heading in page.select("h2")]
    assert headings == [" ".join(entry.title.split()) for entry in entries]
    links = {str(tag["href"]) for tag in page.select("h2 a, p a")}
    assert {entry.source_url for entry in entries} <= links


def test_markdown_of_hostile_text_is_text() -> None:
    text = "1. <b>x</b> *y* `z` [a](b) _c_ &lt; \\* ](d) __e__"
    page = BeautifulSoup(markdown(block_text(Block("paragraph", text))), "html5lib")
    assert [tag.name for tag in page.body.find_all(True)] == ["p"] if page.body else False
    assert page.get_text().strip() == text


@pytest.mark.parametrize("text", ["# x", "> x", "- x", "+ x", "10. x", "10) x", "#hash", "-1"])
def test_a_paragraph_stays_a_paragraph_however_it_begins(text: str) -> None:
    page = BeautifulSoup(markdown(block_text(Block("paragraph", text))), "html5lib")
    assert [tag.get_text() for tag in page.find_all("p")] == [text]


def test_paragraphs_between_tildes_stay_paragraphs() -> None:
    texts = ["~~~", "x", "~~~"]
    made = "\n\n".join(block_text(Block("paragraph", text)) for text in texts)
    page = BeautifulSoup(markdown(made, extensions=["fenced_code"]), "html5lib")
    assert [tag.get_text() for tag in page.find_all("p")] == texts


def test_a_link_holds_any_space_as_its_bytes() -> None:
    assert link("x", "https://example.org/a\u3000b\tc") == "[x](https://example.org/a%E3%80%80b%09c)"


def test_links_and_code_of_a_text_stay_links_and_code() -> None:
    block = Block("bullet", "see a_b and `c", 0, (Span(4, 7, "link", "https://example.org"), Span(12, 14, "code")))
    page = BeautifulSoup(markdown(block_text(block)), "html5lib")
    assert [(tag.name, tag.get_text()) for tag in page.select("li *")] == [("a", "a_b"), ("code", "`c")]


def test_a_link_in_markdown_stays_a_link_whatever_it_contains() -> None:
    page = BeautifulSoup(markdown(link(escaped("[PATCH 0/5] x"), "https://example.org/a_(b) c")), "html5lib")
    (found,) = page.select("a")
    assert (found.get_text(), found["href"]) == ("[PATCH 0/5] x", "https://example.org/a_%28b%29%20c")


def test_code_that_contains_a_fence_stays_code() -> None:
    block = Block("code", "a\n```\nb", 0)
    assert block_text(block) == "````\na\n```\nb\n````"


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_contains_what_would_be_printed(archive: Archive, tmp_path: Path, name: str) -> None:
    printed = run(archive, "export", "jit", "--format", name)
    result = run(archive, "export", "jit", "--format", name, "--output", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "out").read_bytes().decode() == printed.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_keeps_its_old_text_if_writing_fails(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old")
    for args in (("zeppelin",), ("--fields", "colour"), ("x" * 301,)):
        assert run(archive, "export", *args, "--output", tmp_path / "out").exit_code in (1, 2)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "old")]


def test_a_file_that_cannot_be_written_is_reported(archive: Archive, tmp_path: Path) -> None:
    assert_error(run(archive, "export", "xdp", "--output", tmp_path / "none" / "out"), "none/out", "--output")
    assert_error(run(archive, "export", "xdp", "--output", tmp_path), str(tmp_path), "--output")


def test_nothing_found_exits_1_with_a_message(archive: Archive, tmp_path: Path) -> None:
    result = run(archive, "export", "zeppelin", "--output", tmp_path / "out")
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (1, "", [])
    assert "No entry matches: zeppelin" in result.stderr


def test_notices_of_a_query_go_to_standard_error(archive: Archive) -> None:
    result = run(archive, "export", "sockmap zeppelin")
    assert "No entry contains all" in result.stderr
    assert records(result)


@pytest.mark.parametrize(
    "args",
    [
        ("--format", "yaml"),
        ("--sort", "size"),
        ("--limit", "0"),
        ("--format", "markdown", "--fields", "id"),
        ("--format", "csv", "--fields", "id,nope"),
    ],
)
def test_a_wrong_use_of_export_exits_2(archive: Archive, args: tuple[str, ...]) -> None:
    result = run(archive, "export", *args)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_pipe_that_is_closed_early_ends_the_export_quietly(archive: Archive) -> None:
    command = [sys.executable, "-c", "from indexer.cli import main; main()", "export", "--data", str(archive.data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        first: dict[str, Any] = json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=300) in (0, 141)
    assert first["issue"] == 1


@pytest.mark.parametrize(("name", "begins"), [("e.csv", "id,"), ("e.MD", "#"), ("e.jsonl", "{"), ("e", "{")])
def test_the_suffix_of_a_file_determines_its_format(archive: Archive, tmp_path: Path, name: str, begins: str) -> None:
    run(archive, "export", "sockmap", "--limit", "2", "--output", tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_symbolic_link_in_place_of_the_temporary_file_is_not_followed(archive: Archive, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".out.csv.part").symlink_to(victim)
    assert run(archive, "export", "sockmap", "--output", tmp_path / "out.csv").exit_code == 0
    assert victim.read_text() == "precious"
    assert (tmp_path / "out.csv").is_file()
    assert not (tmp_path / "out.csv").is_symlink()


def test_a_link_stays_and_the_file_that_it_leads_to_is_replaced(archive: Archive, tmp_path: Path) -> None:
    for target in ("made", "missing"):
        (tmp_path / target).with_suffix(".link").symlink_to(target)
    (tmp_path / "made").write_text("old")
    for target in ("made", "missing"):
        link = tmp_path / f"{target}.link"
        assert run(archive, "export", "sockmap", "--output", link).exit_code == 0
        assert link.readlink() == Path(target)
        assert (tmp_path / target).read_text(encoding="utf-8").startswith("{")


def test_a_hyphen_stands_for_standard_output(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(archive, "export", "jit", "-o", "-").stdout == run(archive, "export", "jit").stdout
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_beside_a_file_is_removed_by_the_next_one(archive: Archive, tmp_path: Path) -> None:
    left, written, other = (unfinished(tmp_path / name) for name in ("out", "out", "out.csv"))
    for path in (left, written, other):
        path.write_text("")
    with locked(written):
        assert run(archive, "export", "jit", "--output", tmp_path / "out").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"out", written.name, other.name}


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", " =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_text_unless_raw(catalog: LocalCatalog, formula: str) -> None:
    each = next(exported(catalog, catalog.find()))
    entry = replace(each, entry=replace(each.entry, title=formula))
    assert rows("".join(to_csv([entry])))[0]["title"] == f"'{formula}"
    assert rows("".join(to_csv([entry], raw=True)))[0]["title"] == formula


@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", " =1", '"=1'])
@pytest.mark.parametrize("separator", [";", "\t", "\n", "; "])
def test_a_spreadsheet_that_expects_another_separator_runs_no_formula(
    separator: str, formula: str, catalog: LocalCatalog
) -> None:
    each = next(exported(catalog, catalog.find()))
    entry = replace(each, entry=replace(each.entry, title=f"A{separator}{formula}; and - more"))
    text = "".join(to_csv([entry], ("title", "url")))
    for delimiter in (",", ";", "\t"):
        cells = [cell for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝"))]
    assert rows(text)[0]["title"].endswith("; and - more")
