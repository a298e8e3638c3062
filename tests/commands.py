"""Run commands in tests, and read their output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.sources.archive import Archive
from tests.archives import ISSUE


def run(archive: Archive, command: str, *args: object) -> Result:
    folders = ["--archive", str(archive.folder), "--data", str(archive.data)]
    return CliRunner().invoke(cli, [command, *folders, *map(str, args)])


def run_process(*args: object) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process."""
    command = [sys.executable, "-W", "error", "-c", "from indexer.cli import main; main()", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def records(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def assert_error(result: Result, *words: str, status: int = 1) -> None:
    """Check that a command failed with only our own messages on standard error."""
    assert result.exit_code == status, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.stdout == ""
    assert all(line.startswith(("backissue: ", "(")) for line in result.stderr.splitlines())
    assert all(word in result.stderr for word in words), result.stderr


def an_original(folder: Path, title: str = "the original tool", name: str = "one.md") -> Path:
    path = folder / name
    path.write_text(ISSUE.format(number=1, title=title).replace("edition: retold\n", ""), encoding="utf-8")
    return path
