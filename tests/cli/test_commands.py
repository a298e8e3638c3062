"""The command line: output, errors, exit statuses, and what each command leaves unchanged."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.build.builder import build
from indexer.cli import cli
from indexer.cli.opened import indexed
from indexer.formats.registry import LARGEST
from indexer.model import IssueKey
from indexer.sources.archive import Archive
from indexer.storage.generations import checksum
from tests.archives import IN_A_BUILD, ISSUE, small
from tests.commands import an_original, assert_error, records, run, run_process
from tests.pages import STORY

KEYS = set(
    "newsletter issue n id kind title url author section parent body identifiers helpers kernel topics locator".split()
)
COMMANDS = tuple(cli.list_commands(click.Context(cli)))
PROMISED = {"parse", "add", "fetch", "index", "search", "show", "serve"}
SHELL = "<!DOCTYPE html><html><head><title>BPF Updates 2</title></head><body><div id='app'></div></body></html>"
PROSE = "## Projects\n\n#### [a thing](https://example.org)\n\nOnly for a test.\n"
# Files that are not issues, each with words of the message about it.
BAD_FILES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty.md": (b"", ("empty.md", "empty")),
    "blank.md": (b" \n\n\t\n", ("blank.md", "empty")),
    "binary.md": (b"\x7fELF\x00\x01\x02" * 9, ("binary.md", "binary")),
    "latin.md": ("# Bj\xf6rn\n".encode("latin-1"), ("latin.md", "UTF-8")),
    "large.md": (b"word " * (LARGEST // 5 + 1), ("large.md", f"{LARGEST:,}")),
    "shell.html": (SHELL.encode(), ("shell.html", "no article", "Save the page")),
    "nowhere.md": (PROSE.encode(), ("nowhere.md", "--newsletter")),
    "numberless.md": (f"---\nnewsletter: bpf-updates\n---\n\n{PROSE}".encode(), ("numberless.md", "--issue NUMBER")),
}


def snapshot(archive: Archive) -> dict[Path, bytes]:
    """Return the contents of all files of the archive and data folder."""
    files = (path for folder in (archive.folder, archive.data) for path in folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files}


@pytest.fixture
def mine(tmp_path: Path) -> Archive:
    """Return a small archive with its own index."""
    made = small(tmp_path, "the retold tool")
    build(made)
    return made


@pytest.fixture
def locked(mine: Archive) -> Iterator[Archive]:
    """Return a small archive whose index is being built by another process."""
    command = [sys.executable, "-c", IN_A_BUILD, str(mine.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline()
        yield mine
        process.kill()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_for_itself_and_for_every_option(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))
    assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_the_help_lists_every_command_and_all_that_are_promised() -> None:
    result = CliRunner().invoke(cli, ["--help"])
    assert set(COMMANDS) >= PROMISED
    assert all(re.search(rf"^  {name} +\S", result.stdout, re.M) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_folders(name: str) -> None:
    help_text = CliRunner().invoke(cli, [name, "--help"]).stdout
    assert "--archive" in help_text
    assert "--data" in help_text


@pytest.mark.parametrize(
    "args",
    [
        ["dance"],
        ["search", "--colour", "x"],
        ["search", "--limit", "0", "x"],
        ["search", "--sort", "size"],
        ["serve", "--port", "99999"],
        ["serve", "--base-url", "ftp://example.org"],
        ["parse", "--date", "soon", "x.md"],
        ["parse"],
        ["show"],
    ],
)
def test_wrong_usage_exits_with_2(args: list[str]) -> None:
    result = CliRunner().invoke(cli, args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


def test_a_query_beyond_the_limits_exits_with_2(archive: Archive) -> None:
    result = run(archive, "search", "x" * 301)
    assert result.exit_code == 2
    assert "300" in result.stderr


def test_a_full_disk_is_reported_and_the_index_is_unchanged(mine: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert run(mine, "index").exit_code == 0
    before = snapshot(mine)
    monkeypatch.setattr("indexer.build.builder.seal", full)
    assert_error(run(mine, "index"), "No space left on device", "Free some space")
    assert snapshot(mine) == before


def test_parse_prints_json_lines_with_the_agreed_keys(archive: Archive) -> None:
    result = run(archive, "parse", archive.folder / "bpf-updates" / "13.md", "--json")
    assert result.exit_code == 0
    assert all(set(record) >= KEYS for record in records(result))
    assert STORY in {record["id"] for record in records(result)}


def test_parse_prints_chosen_fields(archive: Archive) -> None:
    lines = run(archive, "parse", archive.folder / "bpf-updates" / "13.md", "--fields", "n,kind").stdout.splitlines()
    assert lines[-1] == f"{len(lines)}\tpatch"


def test_parse_needs_no_index(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    result = run(archive, "parse", archive.folder / "bpf-updates" / "01.md", "--json")
    assert [record["title"] for record in records(result)] == ["a tool"]
    assert not archive.data.exists()


def test_options_give_parse_what_a_file_lacks(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(PROSE, encoding="utf-8")
    told = ("--newsletter", "bpf-updates", "--issue", "77", "--date", "2017-08-01")
    result = run(archive, "parse", tmp_path / "x.md", *told, "--json")
    assert [record["id"] for record in records(result)] == ["bpf-updates/77/a-thing"]


def test_parse_prints_the_other_files_if_one_cannot_be_read(mine: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    result = run(mine, "parse", tmp_path / "empty.md", mine.folder / "bpf-updates" / "01.md", "--json")
    assert result.exit_code == 1
    assert [record["title"] for record in records(result)] == ["the retold tool"]
    assert "empty.md" in result.stderr


def test_parse_reports_problems_on_standard_error_only(archive: Archive, tmp_path: Path) -> None:
    text = (archive.folder / "bpf-updates" / "01.md").read_text(encoding="utf-8")
    (tmp_path / "01.md").write_text(text.replace("original_lines: [", "original_lines: [1, "), encoding="utf-8")
    result = run(archive, "parse", tmp_path / "01.md", "--json")
    assert result.exit_code == 0
    assert records(result)
    assert "01.md:1: original_lines" in result.stderr


@pytest.mark.parametrize("command", ["parse", "add"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_not_an_issue_is_reported_and_nothing_changes(
    mine: Archive, tmp_path: Path, command: str, name: str
) -> None:
    raw, words = BAD_FILES[name]
    (tmp_path / name).write_bytes(raw)
    before = snapshot(mine)
    assert_error(run(mine, command, tmp_path / name), *words)
    assert snapshot(mine) == before


@pytest.mark.parametrize("command", ["parse", "add"])
def test_a_file_that_cannot_be_read_is_reported(mine: Archive, tmp_path: Path, command: str) -> None:
    (tmp_path / "folder.md").mkdir()
    for name in ("missing.md", "folder.md"):
        assert_error(run(mine, command, tmp_path / name), name)


def test_a_bad_file_ends_a_real_process_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(b"\0" * 99)
    done = run_process("parse", "--data", tmp_path, "--json", tmp_path / "binary.md")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"backissue: binary\.md: .*binary.*\n", done.stderr)


@pytest.mark.parametrize("lines", ["[1]", "[1, 2, 3]", "[]", "x", "[x]", "{}", "[-1, 0]"])
@pytest.mark.parametrize("edition", ["retold", "original"])
def test_odd_front_matter_is_at_most_a_problem(mine: Archive, tmp_path: Path, edition: str, lines: str) -> None:
    text = ISSUE.format(number=1, title="a tool").replace(
        "edition: retold", f"edition: {edition}\noriginal_lines: {lines}"
    )
    (tmp_path / "x.md").write_text(f"{text}\n#### [another](https://example.org)\n\nIs here, too.\n", encoding="utf-8")
    result = run(mine, "parse", tmp_path / "x.md", "--json")
    assert result.exit_code == 0, result.exception
    assert len(records(result)) == 2


def test_index_ends_with_a_one_line_summary(tmp_path: Path) -> None:
    result = run(small(tmp_path, "one tool", "two tools"), "index")
    assert result.exit_code == 0
    assert re.fullmatch(r"2 issues, 2 entries, 0 problems, [\d.]+ seconds\n", result.stdout)


def test_index_reports_an_unreadable_file(mine: Archive) -> None:
    (mine.folder / "bpf-updates" / "02.md").write_bytes(b"\0")
    result = run(mine, "index")
    assert result.stdout.startswith("1 issue, 1 entry, 1 problem")
    assert "bpf-updates/02.md" in result.stderr


def test_search_prints_hits_as_json_lines(archive: Archive) -> None:
    result = run(archive, "search", "bpf_getsockops", "--kernel", "v4.15", "--json")
    assert result.exit_code == 0
    assert records(result)[0]["id"] == STORY


def test_search_prints_each_hit_with_its_id_and_the_evidence_for_its_version(archive: Archive) -> None:
    result = run(archive, "search", "bpf_getsockops", "--kernel", "4.15", "--limit", "1")
    assert STORY in result.stdout
    assert "landed in v4.15" in result.stdout
    assert "\x1b" not in result.stdout


def test_search_says_in_development_for_a_version_known_from_the_issue_alone(archive: Archive) -> None:
    result = run(archive, "search", "how:issue", "kind:talk", "--limit", "3")
    assert result.stdout == "" or "in v4" not in result.stdout
    alone = "how:issue NOT how:landed NOT how:merged kind:feature"
    assert "in development for v4." in run(archive, "search", alone, "--limit", "1").stdout


@pytest.mark.parametrize("options", [["--json"], []])
def test_search_without_hits_exits_with_1_and_a_message(archive: Archive, options: list[str]) -> None:
    result = run(archive, "search", "zeppelin", *options)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No entry matches: zeppelin" in result.stderr
    result = run(archive, "search", "bpf_getsockops", "--kernel", "v4.12")
    assert result.exit_code == 1
    assert "There are 3 entries without the filter Kernel version: v4.12" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--kernel", "v4.155", ("kernel:v4.155", "v4.15")),
        ("--topic", "xpd", ("topic:xpd", "xdp")),
        ("--kind", "tlak", ("talk",)),
    ],
)
def test_an_unknown_value_of_a_filter_is_reported_with_the_nearest(
    archive: Archive, option: str, value: str, words: tuple[str, ...]
) -> None:
    result = run(archive, "search", "xdp", option, value)
    assert (result.exit_code, result.stdout) == (1, "")
    assert all(word in result.stderr for word in words)


def test_show_prints_an_entry_with_its_links_and_evidence(archive: Archive) -> None:
    result = run(archive, "show", STORY)
    assert result.exit_code == 0
    for text in ("bpf_getsockops is bpf_getsockopt", "landed in v4.15", "#L34", "retold", "cd86d1fd2102"):
        assert text in result.stdout


def test_show_prints_an_entry_as_one_json_object(archive: Archive) -> None:
    (record,) = records(run(archive, "show", STORY, "--json"))
    assert set(record) >= {*KEYS, "source", "original_url", "source_url", "archived_url"}


def test_show_reports_an_unknown_id(archive: Archive) -> None:
    assert_error(run(archive, "show", "bpf-updates/99/x"), "bpf-updates/99/x", "Did you mean")


@pytest.mark.parametrize("command", [("search", "xdp"), ("show", STORY)])
def test_a_missing_index_of_a_large_archive_is_reported_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    monkeypatch.setattr("indexer.cli.opened.MOST_BYTES", 10)
    assert_error(run(small(tmp_path, "a tool"), *command), "Run backissue index")


@pytest.mark.parametrize("command", [("search", "xdp"), ("show", STORY)])
def test_an_index_of_another_version_is_reported_with_what_to_do(mine: Archive, command: tuple[str, str]) -> None:
    (about,) = mine.data.glob("index/*/about.json")
    about.write_text(json.dumps({"format": 999, "archive": str(mine.folder), "shipped": False}))
    (about.parents[1] / "current").write_text(f"{about.parent.name} {checksum(about)}")
    before = snapshot(mine)
    assert_error(run(mine, *command), "another version", f"Run backissue index --archive {mine.folder}")
    assert snapshot(mine) == before


@pytest.mark.parametrize("command", [("search", "tool"), ("issues",), ("show", "bpf-updates/1/the-retold-tool")])
def test_an_index_of_another_archive_is_reported_if_one_is_named(
    mine: Archive, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "other").mkdir()
    other = Archive(small(tmp_path / "other", "another tool").folder, mine.data)
    before = snapshot(mine)
    assert_error(run(other, *command), "belongs to another archive", str(mine.folder), "Run backissue index")
    assert snapshot(mine) == before
    assert run(other, "index").exit_code == 0
    assert [each["title"] for each in records(run(other, "search", "tool", "--json"))] == ["another tool"]


def test_without_a_named_archive_any_index_is_used(mine: Archive) -> None:
    assert CliRunner().invoke(cli, ["search", "tool", "--data", str(mine.data)]).exit_code == 0


def test_the_archive_of_an_index_of_another_version_is_found(mine: Archive, tmp_path: Path) -> None:
    (about,) = mine.data.glob("index/*/about.json")
    about.write_text(json.dumps({"format": 999, "archive": str(mine.folder), "shipped": False}))
    with click.Context(cli):
        assert indexed(Archive(tmp_path / "other", mine.data)).folder == mine.folder


def test_an_index_of_another_installations_archive_names_no_archive(mine: Archive, tmp_path: Path) -> None:
    (about,) = mine.data.glob("index/*/about.json")
    about.write_text(json.dumps({"format": 999, "archive": str(mine.folder), "shipped": True}))
    with click.Context(cli):
        assert indexed(Archive(tmp_path / "other", mine.data)).folder == tmp_path / "other"


def test_an_archive_that_was_moved_is_the_same_one(mine: Archive, tmp_path: Path) -> None:
    moved = Archive(mine.folder.rename(tmp_path / "moved"), mine.data)
    assert run(moved, "search", "tool").exit_code == 0


def test_an_index_that_another_process_builds_is_reported_and_nothing_changes(locked: Archive) -> None:
    before = snapshot(locked)
    assert_error(run(locked, "index"), "Another process is building the index")
    assert snapshot(locked) == before


def test_search_answers_while_another_process_builds(locked: Archive) -> None:
    assert [record["title"] for record in records(run(locked, "search", "tool", "--json"))] == ["the retold tool"]


def test_add_while_another_process_builds_is_reported_and_nothing_changes(locked: Archive, tmp_path: Path) -> None:
    path, before = an_original(tmp_path), snapshot(locked)
    assert_error(run(locked, "add", path), "Another process is building the index")
    assert snapshot(locked) == before


def test_an_added_original_is_found_instead_of_the_retold_issue(mine: Archive, tmp_path: Path) -> None:
    result = run(mine, "add", an_original(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.startswith("1 issue, 1 entry,")
    (record,) = records(run(mine, "search", "tool", "--json"))
    assert (record["title"], record["source"]) == ("the original tool", "original")


def test_an_added_text_file_keeps_its_options(mine: Archive, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(PROSE, encoding="utf-8")
    told = ("--newsletter", "bpf-updates", "--issue", "9", "--date", "2017-08-30")
    assert run(mine, "add", tmp_path / "x.md", *told).exit_code == 0
    assert run(mine, "index").stdout.startswith("2 issues, 2 entries, 0 problems")
    (record,) = records(run(mine, "search", "thing", "--json"))
    assert str(record["issue"]["date"]).startswith("2017-08-30")  # type: ignore[index]


def test_adding_the_same_again_changes_nothing(mine: Archive, tmp_path: Path) -> None:
    path = an_original(tmp_path)
    run(mine, "add", path)
    before = {file: raw for file, raw in snapshot(mine).items() if "originals" in file.parts}
    assert run(mine, "add", path).exit_code == 0
    assert {file: raw for file, raw in snapshot(mine).items() if "originals" in file.parts} == before


def test_another_text_of_an_added_issue_is_refused(mine: Archive, tmp_path: Path) -> None:
    run(mine, "add", an_original(tmp_path))
    before = snapshot(mine)
    assert_error(run(mine, "add", an_original(tmp_path, "another", "two.md")), "two.md", "issue 1", "--replace")
    assert snapshot(mine) == before


def test_another_text_replaces_an_added_one_with_replace(mine: Archive, tmp_path: Path) -> None:
    run(mine, "add", an_original(tmp_path))
    assert run(mine, "add", "--replace", an_original(tmp_path, "the newer tool", "two.md")).exit_code == 0
    assert [record["title"] for record in records(run(mine, "search", "tool", "--json"))] == ["the newer tool"]


def test_a_replaced_original_loses_the_options_of_the_old_one(mine: Archive, tmp_path: Path) -> None:
    run(mine, "add", an_original(tmp_path), "--date", "2017-12-24")
    assert run(mine, "add", "--replace", an_original(tmp_path, "the newer tool", "two.md")).exit_code == 0
    (record,) = records(run(mine, "search", "tool", "--json"))
    assert str(record["issue"]["date"]).startswith("2017-08-01")  # type: ignore[index]


def test_a_text_with_far_fewer_entries_is_refused_without_replace(archive: Archive, tmp_path: Path) -> None:
    mine = Archive(archive.folder, tmp_path / "data")
    cut = tmp_path / "cut.txt"
    cut.write_text("May 24, 2017\n\nBPF updates 04\n\nSome text that ends in the middle of\n", encoding="utf-8")
    assert_error(run(mine, "add", cut), "only 1 entry, but issue 4 of bpf-updates has 28", "--replace")
    assert run(mine, "add", "--replace", cut).exit_code == 0


def test_an_issue_without_entries_is_not_kept(archive: Archive, tmp_path: Path) -> None:
    mine = Archive(archive.folder, tmp_path / "data")
    path = tmp_path / "nothing.md"
    path.write_text("---\ntitle: BPF Updates 99\ndate: 2017-08-01\n---\n\nHappy BPF hacking!\n", encoding="utf-8")
    assert_error(run(mine, "add", path), "nothing.md", "No entries were found")


def test_an_original_can_be_removed_again(mine: Archive, tmp_path: Path) -> None:
    run(mine, "add", an_original(tmp_path))
    [kept] = mine.issues_in(mine.originals)
    result = run(mine, "remove", kept)
    assert result.exit_code == 0, result.output
    assert mine.issues_in(mine.originals) == {}
    assert_error(run(mine, "remove", kept), "There is no original of issue")


def test_a_new_newsletter_is_reported(mine: Archive, tmp_path: Path) -> None:
    path = tmp_path / "some.md"
    path.write_text(PROSE, encoding="utf-8")
    result = run(mine, "add", path, "--newsletter", "other", "--issue", 1, "--date", "2017-08-01")
    assert "other is a new newsletter" in result.stderr
    assert (result.exit_code, IssueKey("other", 1) in mine.issues_in(mine.originals)) == (0, True)


def test_an_issue_without_a_date_is_kept_undated_and_a_message_says_so(mine: Archive, tmp_path: Path) -> None:
    path = tmp_path / "some.md"
    path.write_text(PROSE, encoding="utf-8")
    added = run(mine, "add", path, "--newsletter", "other", "--issue", "2018q3")
    assert added.exit_code == 0, added.output
    assert "Nothing says when this issue appeared" in added.stderr
    assert "2018q3" in run(mine, "issues", "--newsletter", "other").output
    assert "2018q3" in run(mine, "parse", path, "--newsletter", "other", "--issue", "2018Q3").output


def test_a_misspelt_newsletter_is_not_added(mine: Archive, tmp_path: Path) -> None:
    path = tmp_path / "some.md"
    path.write_text(PROSE, encoding="utf-8")
    result = run(mine, "add", path, "--newsletter", "bpf-update", "--issue", 1, "--date", "2017-08-01")
    assert_error(result, "Did you mean bpf-updates?", "Nothing was added")
    assert mine.issues_in(mine.originals) == {}


def test_control_characters_do_not_reach_the_terminal(mine: Archive, tmp_path: Path) -> None:
    path = tmp_path / "odd.md"
    path.write_text(
        f"{PROSE}\n#### [odd](https://example.org/2)\n\nring \x1b]0;owned\x07 and \x9b2J\n", encoding="utf-8"
    )
    out = run(mine, "parse", path, "--newsletter", "any", "--issue", 1, "--date", "2017-08-01", "--json").stdout
    assert "ring" in out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]|\\u00[019]", out)


@pytest.mark.parametrize(
    "args", [("parse", b"/none/\xff.md"), ("search", b"zzqqzz \xff"), ("show", b"\xff"), ("search", b"--\xff")]
)
def test_bytes_that_are_no_text_do_not_end_in_a_traceback(mine: Archive, args: tuple[str, bytes]) -> None:
    places = () if args[1].startswith(b"--") else ("--data", str(mine.data), "--archive", str(mine.folder))
    result = run_process(args[0], *places, os.fsdecode(args[1]))
    assert result.returncode in (1, 2)
    assert "\ufffd" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("sockmap -fix",), ("sockmap", "NOT", "fix"), ("--", "sockmap", "-fix")])
def test_a_word_is_excluded_in_a_quoted_query_with_not_or_after_two_hyphens(
    archive: Archive, words: tuple[str, ...]
) -> None:
    result = run(archive, "search", "--limit", "100", "--json", *words)
    found = [record["id"] for record in records(result)]
    everything = [record["id"] for record in records(run(archive, "search", "sockmap", "-n", "100", "-j"))]
    assert 0 < len(found) < len(everything)
    assert found == [record["id"] for record in records(run(archive, "search", "sockmap -fix", "-n", "100", "-j"))]


def test_a_commit_id_finds_the_entry_about_it(archive: Archive) -> None:
    for commit in ("cd86d1fd2102", "cd86d1fd2102" + "0" * 28):
        first, *_ = records(run(archive, "search", commit, "--json"))
        assert first["id"] == STORY


def test_issues_waiting_to_be_added_need_no_space_in_the_temporary_folder(
    mine: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    assert run(mine, "add", an_original(tmp_path)).exit_code == 0
    assert {path.name for path in mine.data.iterdir()} == {"index", "originals"}


def test_two_files_for_one_issue_are_refused(mine: Archive, tmp_path: Path) -> None:
    one, two = an_original(tmp_path), an_original(tmp_path, "another", "two.md")
    before = snapshot(mine)
    assert_error(run(mine, "add", one, two), "two.md", "Issue 1 of bpf-updates", "one.md")
    assert snapshot(mine) == before


def test_each_further_file_for_an_issue_is_reported_with_the_first(mine: Archive, tmp_path: Path) -> None:
    files = [an_original(tmp_path, title, f"{title}.md") for title in ("one", "two", "three")]
    told = run(mine, "add", *files).stderr.splitlines()[:2]
    assert told == [
        f"backissue: {name}.md: Issue 1 of bpf-updates is also in one.md. Add only one of the two."
        for name in ("two", "three")
    ]


def test_with_strict_one_bad_file_keeps_all_from_being_added(mine: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    before = snapshot(mine)
    assert_error(
        run(mine, "add", "--strict", an_original(tmp_path), tmp_path / "empty.md"), "empty.md", "Nothing was added"
    )
    assert snapshot(mine) == before


def test_a_newsletter_that_cannot_be_a_folder_is_refused(mine: Archive, tmp_path: Path) -> None:
    before = snapshot(mine)
    assert_error(run(mine, "add", an_original(tmp_path), "--newsletter", "../../up"), "../../up")
    assert snapshot(mine) == before


def test_a_second_file_for_an_issue_of_the_archive_is_reported(mine: Archive) -> None:
    (mine.folder / "bpf-updates" / "01.html").write_text("x")
    before = snapshot(mine)
    assert_error(run(mine, "index"), "01.md", "issue 1 of bpf-updates", "Remove one of the two files")
    assert snapshot(mine) == before


def test_a_missing_archive_folder_is_reported(tmp_path: Path) -> None:
    assert_error(run(Archive(tmp_path / "none", tmp_path), "index"), "none", "--archive")


@pytest.mark.parametrize(
    "name", ["newsletters.toml", "topics.toml", "facts/names.tsv", "facts/kernel-releases.tsv", "profile.toml"]
)
def test_a_garbage_table_is_reported_and_the_old_index_answers(mine: Archive, name: str) -> None:
    path = mine.folder / name
    path = path if path.exists() else mine.folder / "profiles" / "linux" / name
    path.write_bytes(b"\xff = [")
    assert_error(run(mine, "index"), Path(name).name)
    assert records(run(mine, "search", "tool", "--json"))


def test_a_data_folder_that_cannot_be_one_is_reported(mine: Archive) -> None:
    inside_a_file = mine.folder / "links.toml" / "data"
    assert_error(run(Archive(mine.folder, inside_a_file), "index"), "--data")


def test_an_unknown_newsletter_cannot_be_fetched(mine: Archive) -> None:
    assert_error(run(mine, "fetch", "daily-planet"), "daily-planet", "bpf-updates")


@pytest.mark.parametrize(
    "address", ["http://[bad/x.md", "http://a..b/x.md", "http://127.0.0.1:99999/x.md", "http:///x.md"]
)
def test_an_invalid_url_is_reported(mine: Archive, address: str) -> None:
    assert_error(run(mine, "add", address), address)


def test_the_folders_may_be_named_in_the_environment(mine: Archive) -> None:
    environment = {"BACKISSUE_ARCHIVE": str(mine.folder), "BACKISSUE_DATA": str(mine.data)}
    result = CliRunner(env=environment).invoke(cli, ["search", "tool", "--json"])
    assert [record["title"] for record in records(result)] == ["the retold tool"]


def test_an_option_overrides_the_environment(mine: Archive, tmp_path: Path) -> None:
    environment = {"BACKISSUE_DATA": str(tmp_path / "elsewhere")}
    result = CliRunner(env=environment).invoke(cli, ["search", "tool", "--json", "--data", str(mine.data)])
    assert result.exit_code == 0


def test_serve_reports_a_port_in_use(mine: Archive) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert_error(run(mine, "serve", "--port", port), f"127.0.0.1:{port}", "--port")


def test_nothing_large_is_imported_before_a_command_runs() -> None:
    code = "import sys, indexer.cli; print([m for m in ('whoosh', 'flask', 'numpy', 'httpx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout == "[]\n"
