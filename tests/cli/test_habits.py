"""The command line has the usual habits: strict options, short forms, hints, and quiet pipes."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.cli import cli
from indexer.cli.command import Command, Option
from indexer.cli.terminal import has_hyperlinks
from indexer.cli.wording import as_line
from indexer.sources.archive import Archive
from indexer.sources.folders import SHIPPED
from tests.archives import small
from tests.commands import records, run
from tests.pages import STORY
from tests.users import without_override

COMMANDS = cli.list_commands(click.Context(cli))
PROGRAM = "from indexer.cli import main; main()"


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("search", "sockmap", "-fix"), "'word -fix'"),
        (("search", "-Q", "xdp"), "There is no option -Q."),
        (("search", "xdp", "-l", "3"), "--limit"),
        (("search", "xdp", "--limt", "3"), "Did you mean --limit?"),
        (("search", "-kernel", "v4.15"), "Did you mean --kernel?"),
        (("search", "-test"), "There is no option -test."),
        (("search", "-kv4.15"), "There is no option -kv4.15."),
        (("export", "xdp", "-fix"), "'word -fix'"),
        (("show", "-x", "id"), "There is no option -x."),
        (("issues", "--jsn"), "Did you mean --json?"),
    ],
)
def test_an_unknown_option_is_an_error_with_a_hint(archive: Archive, args: tuple[str, ...], hint: str) -> None:
    result = run(archive, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr


def test_a_misspelt_long_option_is_not_taken_for_an_excluded_word(archive: Archive) -> None:
    assert "exclude" not in run(archive, "search", "xdp", "--limt", "3").stderr


@pytest.mark.parametrize(("name", "meant"), [("serach", "search"), ("exprt", "export"), ("kernels", "kernel")])
def test_an_unknown_command_is_an_error_with_the_nearest(name: str, meant: str) -> None:
    result = CliRunner().invoke(cli, [name])
    assert result.exit_code == 2
    assert re.search(rf"There is no command {name}\. Did you mean .*{meant}", result.stderr)


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("help",), "Did you mean --help?"),
        (("version",), "Did you mean --version?"),
        (("--limit", "3", "search"), "There is no option --limit before the command."),
    ],
)
def test_a_wrong_use_before_the_command_is_an_error_with_a_hint(args: tuple[str, ...], hint: str) -> None:
    result = CliRunner().invoke(cli, args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("search", "xdp", "-n", "0"), "0 is not a whole number of 1 or more."),
        (("search", "xdp", "-p", "x"), "x is not a whole number from 1 to 1,000."),
        (("fetch", "--pause", "nan"), "nan is not a number from 0 to 60."),
        (("search", "xdp", "-s", "best"), "best is unknown. Use one of: relevance, newest, oldest, kernel."),
        (("parse", "a.md", "--date", "May"), "May is not a date such as 2018-01-14."),
        (("fetch", "--pause", "99"), "99 is not a number from 0 to 60."),
    ],
)
def test_an_invalid_value_is_an_error_that_says_what_is_valid(
    archive: Archive, args: tuple[str, ...], message: str
) -> None:
    result = run(archive, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_narrow_terminal_leaves_room_for_the_help_of_options() -> None:
    lines = CliRunner().invoke(cli, ["search", "-h"], terminal_width=40).stdout.splitlines()
    assert not any(len(line) - len(line.lstrip()) > 24 for line in lines)


def test_a_correction_names_the_option_that_turns_it_off(archive: Archive) -> None:
    notices = run(archive, "search", "sockmpa", "-n", "1").stderr
    assert "Showing results for sockmap. Use --literal to search for sockmpa instead." in notices


def test_inferred_filters_are_named(archive: Archive) -> None:
    notices = run(archive, "search", "talks about cilium in 2017", "-n", "1").stderr
    assert "Filtered by Kind: Talks and Date: 2017, from words of the query. Use --literal" in notices
    assert "Filtered" not in run(archive, "search", "cilium", "-n", "1").stderr
    assert "(Filtered by Issue: 13" in run(archive, "search", "issue 13", "--json").stderr


def test_control_characters_are_not_printed(tmp_path: Path) -> None:
    archive = small(tmp_path, "the tool")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "01.md").write_text("---\ntitle: A 1\ndate: 2024-05-06\n---\n\n- [b](https://e.org)\n", "utf-8")
    made = run(archive, "init", str(tmp_path / "\x1b[31m\u202ered"), str(tmp_path / "in"))
    assert "Written to" in made.stdout
    assert not {"\x1b", "\u202e"} & set(made.output)


def test_json_escapes_what_a_terminal_would_interpret() -> None:
    assert as_line({"title": "a\u202eb\x9bc"}) == '{"title": "a\\u202eb\\u009bc"}'


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (("-n", "3"), ("--limit", "3")),
        (("-n3",), ("--limit", "3")),
        (("-k", "v4.15"), ("--kernel", "v4.15")),
        (("-t", "xdp"), ("--topic", "xdp")),
        (("-a", "John Fastabend"), ("--author", "John Fastabend")),
        (("-i", "13"), ("--issue", "13")),
        (("-s", "newest"), ("--sort", "newest")),
        (("-p", "2"), ("--page", "2")),
    ],
)
def test_a_short_option_is_the_long_one(archive: Archive, short: tuple[str, ...], long: tuple[str, ...]) -> None:
    assert run(archive, "search", "bpf", "-j", *short).stdout == run(archive, "search", "bpf", "--json", *long).stdout


def test_the_value_of_an_option_may_begin_with_a_hyphen(archive: Archive) -> None:
    assert run(archive, "search", "--author", "-nobody").exit_code == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_in_groups_with_examples_that_exist(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, Command)
    assert all(isinstance(param, Option) for param in command.params if isinstance(param, click.Option))
    shown = CliRunner().invoke(cli, [name, "-h"]).stdout
    assert "General options:" in shown
    assert "Examples:" in shown
    for line, _ in command.examples:
        assert line.split()[0] == name
        assert parsed(command, line) is None


@pytest.mark.parametrize("name", COMMANDS)
def test_no_line_of_help_is_broken_at_a_hyphen(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "-h"], terminal_width=70).stdout
    assert "\u2011" not in shown
    assert [line for line in shown.splitlines() if line.endswith("-")] == []


def parsed(command: Command, line: str) -> Exception | None:
    """Parse an example without running it. Return its error, if any."""
    try:
        command.make_context(command.name, shlex.split(line.partition(" > ")[0])[1:])
    except click.UsageError as error:
        return error
    return None


def test_the_help_lists_each_command_on_a_line_in_groups() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).stdout
    for section in ("Search and read:", "Browse:", "Add issues:", "Serve:", "Examples:"):
        assert f"\n{section}\n" in shown or f"\n  {section}\n" in shown
    assert "..." not in shown.partition("\n")[2]
    assert all(re.search(rf"^  {name} +\S.*\.$", shown, re.M) for name in COMMANDS)


@pytest.mark.parametrize("limit", [1, 7, 120])
def test_a_search_prints_as_many_hits_as_requested(archive: Archive, limit: int) -> None:
    assert len(records(run(archive, "search", "bpf", "-n", str(limit), "--json"))) == limit


@pytest.mark.parametrize("command", ["kernel", "series", "issues"])
def test_limit_applies_to_lists_as_text_and_as_json(archive: Archive, command: str) -> None:
    assert len(records(run(archive, command, "-n", "2", "--json"))) == 2
    assert len(run(archive, command, "-n", "2").stdout.splitlines()) == 3  # the header and two


def on_a_terminal(columns: str, *command: str) -> tuple[int, str]:
    """Return the exit status and the output of a command on a terminal that does not know its size."""
    reader, terminal = os.openpty()
    args, environment = [sys.executable, "-c", PROGRAM, *command], {**os.environ, "COLUMNS": columns, "LINES": columns}
    ended = subprocess.run(args, stdout=terminal, stderr=terminal, env=environment, check=False)
    os.close(terminal)
    said = os.read(reader, 20_000).decode()
    os.close(reader)
    return ended.returncode, said


def test_an_error_of_usage_is_wrapped_to_the_width_of_the_terminal() -> None:
    status, said = on_a_terminal("50", "search", "--sort", "latest")
    assert status == 2
    assert max(map(len, said.splitlines())) <= 50
    assert "latest is unknown. Use one of: relevance, newest" in " ".join(said.splitlines())


@pytest.mark.parametrize("columns", ["", "0", "-5", "wide", "1.5", "²", "9" * 5000])
def test_an_odd_width_of_the_terminal_is_ignored(archive: Archive, columns: str) -> None:
    for command, status in ((("search", "xdp", "--limit", "1"), 0), (("search", "--sort", "latest"), 2)):
        ended, said = on_a_terminal(columns, *command, "--data", str(archive.data))
        assert (ended, "Traceback" in said) == (status, False)


@pytest.mark.parametrize(
    "command", [("search", "bpf", "-n", "1000"), ("export",), ("show", STORY), ("issues",), ("search", "--help")]
)
def test_a_closed_pipe_ends_a_command_without_noise(archive: Archive, command: tuple[str, ...]) -> None:
    args = [sys.executable, "-c", PROGRAM, *command, "--data", str(archive.data)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=300) in (0, 141)
    assert [line for line in errors.splitlines() if not line.startswith(("The newsletter", "Showing"))] == []


def test_only_an_error_in_the_data_folder_advises_another_one(tmp_path: Path) -> None:
    archive, file = small(tmp_path, "the tool"), tmp_path / "file"
    file.write_text("not a folder")
    elsewhere = run(archive, "init", file / "new", archive.folder / "bpf-updates")
    within = run(Archive(archive.folder, file / "data"), "index")
    assert [elsewhere.exit_code, within.exit_code] == [1, 1]
    assert "--data" not in elsewhere.stderr
    assert "Choose another folder with --data" in within.stderr


def test_commands_run_without_standard_output_and_standard_error(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    for command in (["search", "bpf"], ["stats"], ["check", "--index"]):
        cli.main([*command, "--data", str(archive.data)], standalone_mode=False)


def test_the_index_is_built_on_first_use_with_a_message(tmp_path: Path) -> None:
    archive = small(tmp_path, "the tool")
    first, second = run(archive, "search", "tool", "--json"), run(archive, "search", "tool", "--json")
    assert [first.exit_code, second.exit_code] == [0, 0]
    assert "Building it" in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["title"] == "the tool"


@pytest.mark.parametrize(
    ("environment", "shown"),
    [({}, False), ({"FORCE_HYPERLINK": "1"}, True), ({"FORCE_HYPERLINK": "0", "TERM": "xterm-kitty"}, False)],
)
def test_links_are_hidden_only_in_terminals_that_can_show_them(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], shown: bool
) -> None:
    monkeypatch.setattr("os.environ", environment)
    assert has_hyperlinks() is shown


def test_brief_lists_print_the_url_of_each_entry_in_a_pipe(archive: Archive) -> None:
    out = run(archive, "id", "bpf_getsockopt").stdout
    [patch] = re.findall(r"^    (bpf-updates/13/patch\S+)", out, re.M)
    (entry,) = records(run(archive, "show", patch, "-j"))
    assert f"    {entry['url']}\n" in out


def test_an_option_without_its_value_is_an_error_that_points_to_the_help(archive: Archive) -> None:
    result = run(archive, "export", "--static")
    assert result.exit_code == 2
    assert "'--static' requires an argument" in result.stderr
    assert "export --help" in result.stderr


def test_a_folder_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    folder, archive = tmp_path / "secret", Archive(SHIPPED, tmp_path / "data")
    folder.mkdir(mode=0)
    with without_override():
        added, inferred = run(archive, "add", folder), run(archive, "init", tmp_path / "new", folder)
    reason = f"backissue: {folder}: The folder could not be listed (Permission denied). Check its permissions.\n"
    assert (added.exit_code, added.stderr) == (1, f"{reason}backissue: Nothing was added. The reasons are above.\n")
    assert (inferred.exit_code, inferred.stderr) == (1, reason)


def test_files_refused_for_the_same_reason_share_a_message(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.md").write_text("")
    refused = CliRunner().invoke(cli, ["init", str(tmp_path / "new"), str(tmp_path)])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[0].startswith(f"backissue: {tmp_path / '0.md'} and 4 more files: ")
    assert refused.stderr.splitlines()[1:] == ["backissue: No issue could be read. The reasons are above."]


def test_an_archive_that_does_not_exist_is_reported_as_missing(archive: Archive, tmp_path: Path) -> None:
    result = run(Archive(tmp_path / "none", archive.data), "search", "xdp")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"backissue: {tmp_path / 'none'}: There is no such folder.")
