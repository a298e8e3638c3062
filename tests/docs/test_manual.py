"""The manual page and the command reference are complete, up to date, and readable by man."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import click
import pytest

from indexer.cli import cli
from tests.docs.parts import COMMANDS, divided
from tests.manual import PAGE, ROOT_CONTEXT, SHARED, manual, reference

WIDE = {"MANWIDTH": "400", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": ""}


def test_the_manual_page_matches_the_current_help() -> None:
    assert PAGE.read_text(encoding="ascii") == manual(), "run make man"


def test_the_command_reference_matches_the_current_help() -> None:
    assert divided(COMMANDS.read_text(encoding="utf-8"), "commands")[1] == reference(), "run make man"


def shown() -> str:
    """Return the page as rendered by man."""
    man = shutil.which("man") or pytest.skip("needs man")
    ran = subprocess.run(
        [man, "--warnings=all", "-P", "cat", "-l", str(PAGE)],
        env=os.environ | WIDE, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_every_command_and_option_is_in_the_rendered_page() -> None:
    page = shown()
    context = ROOT_CONTEXT
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        found = re.search(rf"^   backissue {name}\b.*?(?=^   backissue |^\S)", page, re.M | re.S)
        assert found, name
        for option in (each for each in command.params if isinstance(each, click.Option)):
            where = page if option.opts[-1] in SHARED else found[0]
            assert f"\n       {', '.join(option.opts)}" in where
    assert all(f"\n       {status}      " in page for status in (0, 1, 2))


def test_the_page_names_every_setting() -> None:
    page = shown()
    commands = [cli.get_command(click.Context(cli), name) for name in cli.places]
    settings = {str(option.envvar) for command in commands if command for option in command.params if option.envvar}
    assert [name for name in {*settings, "NO_COLOR"} if name not in page] == []


def test_mandoc_finds_no_error_in_the_page() -> None:
    mandoc = shutil.which("mandoc") or pytest.skip("needs mandoc")
    ran = subprocess.run(
        [mandoc, "-T", "lint", "-W", "error", str(PAGE)], capture_output=True, text=True, timeout=300, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")
