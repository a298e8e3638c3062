"""Commands whose standard streams are closed or cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.sources.archive import Archive
from tests.commands import run_process

PROGRAM = "from indexer.cli import main; main()"
FULL = Path("/dev/full")
COMPLETE = "_BACKISSUE_COMPLETE"

on_linux = pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")


def in_a_shell(redirection: str, *args: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process with redirected streams."""
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-W", "error", "-c", PROGRAM]
    return subprocess.run(
        [*command, *map(str, args)],
        capture_output=True, text=True, timeout=300, check=False, env=os.environ | environment,
    )  # fmt: skip


@on_linux
@pytest.mark.parametrize(
    "command", [("export",), ("stats",), ("search", "xdp", "--json"), ("issues",), ("--help",), ("--version",)]
)
def test_output_that_cannot_be_written_is_reported_as_such(archive: Archive, command: tuple[str, ...]) -> None:
    done = in_a_shell(">/dev/full", *command, BACKISSUE_DATA=str(archive.data))
    assert (done.returncode, done.stderr) == (
        1,
        "backissue: The output could not be written (No space left on device). Redirect it to another file.\n",
    )


@on_linux
def test_a_message_that_cannot_be_written_leaves_the_output_complete(archive: Archive) -> None:
    command = ("search", "xdpp", "--json", "--data", archive.data)  # with a message about the corrected word
    done, usual = in_a_shell("2>/dev/full", *command), run_process(*command)
    assert usual.stderr
    assert (done.returncode, done.stdout) == (0, usual.stdout)
    assert in_a_shell("2>/dev/full", "search", "--nope").returncode == 2


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", [("mcp",), ("search", "xdp")])
def test_commands_run_with_closed_streams(archive: Archive, command: tuple[str, ...], redirection: str) -> None:
    if command == ("mcp",):
        pytest.importorskip("mcp")
    done = in_a_shell(f"</dev/null {redirection}", *command, "--data", archive.data)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_programs_do_not_get_files_in_place_of_closed_streams(tmp_path: Path) -> None:
    """A program that writes to its standard output would write to a file that was opened there."""
    program = (
        "import os, subprocess; from indexer.cli.streams import prepare; prepare()\n"
        f"with open({str(tmp_path / 'index')!r}, 'w') as file: file.write('whole'); file.flush(); "
        "subprocess.run('echo said; echo more >&2', shell=True)"
    )
    subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", program], check=True)
    assert (tmp_path / "index").read_text() == "whole"


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("bash", {}),
        ("zsh", {}),
        ("fish", {}),
        ("zsh", {"COMP_WORDS": "backissue se"}),
        ("zsh", {"COMP_WORDS": "backissue se", "COMP_CWORD": "x"}),
        ("bash", {"COMP_WORDS": "backissue se", "COMP_CWORD": "9" * 5000}),
        ("fish", {"COMP_CWORD": "se"}),
    ],
)
def test_a_completion_without_its_variables_is_an_error(shell: str, variables: dict[str, str]) -> None:
    done = in_a_shell("", **{COMPLETE: f"{shell}_complete"}, **variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"backissue: {COMPLETE}={shell}_complete needs COMP_WORDS and COMP_CWORD")
    assert len(done.stderr.splitlines()) == 1
