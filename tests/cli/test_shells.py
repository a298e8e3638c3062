"""Completion in real shells: a line is typed in a terminal, the Tab key pressed, and the completed line read."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from indexer.sources.archive import Archive
from tests.conftest import ROOT

SECONDS = 300  # for a shell to answer; a bound against hangs
# Ctrl-G prints the line as it is typed and completed so far.
STARTS = {
    "bash": (
        ["--norc", "--noprofile", "-i"],
        (
            "bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'\n"
            'bind -x \'"\\C-g": printf "\\nline <%s>\\n" "$READLINE_LINE"\'\n'
            'eval "$(_BACKISSUE_COMPLETE=bash_source backissue)"\n'
        ),
    ),
    "zsh": (
        ["-f", "-i"],
        (
            "unsetopt beep zle_bracketed_paste; autoload -Uz compinit; compinit -D -u\n"
            "told() { print; print -r -- \"line <$BUFFER>\" }; zle -N told; bindkey '^G' told\n"
            'eval "$(_BACKISSUE_COMPLETE=zsh_source backissue)"\n'
        ),
    ),
    "fish": (
        ["--no-config", "-i"],
        (
            "set fish_greeting; set -U fish_autosuggestion_enabled 0; function fish_prompt; end\n"
            'bind \\cg \'echo; echo "line <"(commandline)">"\'\n'
            "_BACKISSUE_COMPLETE=fish_source backissue | source\n"
        ),
    ),
}


class Terminal:
    """A shell in a pseudo-terminal."""

    def __init__(self, shell: str, folder: Path, env: dict[str, str]) -> None:
        program = shutil.which(shell) or pytest.skip(f"{shell} is not installed")
        arguments, start = STARTS[shell]
        self.process, self.side = pty.fork()  # the terminal controls the shell
        if not self.process:
            os.chdir(folder)
            os.execve(program, [program, *arguments], env)  # noqa: S606  a shell to test
        self.said = ""
        self.type(start + "echo rea''dy\n")
        self.until(r"(?m)^ready\s*$")

    def type(self, keys: str) -> None:
        """Type keys; a terminal takes a few at a time."""
        for line in keys.splitlines(keepends=True):
            os.write(self.side, line.encode())
            time.sleep(0.05)

    def until(self, pattern: str) -> re.Match[str]:
        """Return the match of a pattern in what the shell says, and forget what was said so far."""
        end = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.said)):
            if time.monotonic() > end:
                raise AssertionError(f"{pattern} was not said: {self.said!r}")
            if select.select([self.side], [], [], 1)[0]:
                self.said += os.read(self.side, 65536).decode("utf-8", "replace").replace("\r", "")
        self.said = ""
        return found

    def completed(self, words: str) -> str:
        """Return the line after typing words and the Tab key."""
        self.type(words)
        os.write(self.side, b"\t")
        end = time.monotonic() + SECONDS
        while True:  # the answer of backissue takes a moment
            time.sleep(0.5)
            os.write(self.side, b"\x07")
            line = self.until(r"line <([^<>]*)>")[1]
            if line.rstrip() != words or time.monotonic() > end:
                break
        os.write(self.side, b"\x15")  # Ctrl-U: clear the line
        return line

    def close(self) -> None:
        """End the shell."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.side)


@pytest.fixture
def folder(archive: Archive, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return a folder for a shell, and an environment in which it finds backissue and its index."""
    program = tmp_path / "backissue"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom indexer.cli import main\nmain()\n"
    )
    program.chmod(0o755)
    places = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    own = {"BACKISSUE_DATA": str(archive.data), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb"}
    return tmp_path, os.environ | places | own


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_tab_completes_commands_options_values_and_fields(shell: str, folder: tuple[Path, dict[str, str]]) -> None:
    terminal = Terminal(shell, *folder)
    try:
        for words, line in (
            ("backissue sear", "backissue search"),
            ("backissue search --kern", "backissue search --kernel"),
            ("backissue search --topic verif", "backissue search --topic verifier"),
            ("backissue search --author Alexei", r"backissue search --author Alexei\ Starovoitov"),
            ("backissue search topic:xd", "backissue search topic:xdp"),
        ):
            assert terminal.completed(words).strip() == line
    finally:
        terminal.close()
