"""Run git on a repository, without its configuration, its hooks, or programs that it names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

# The repository's own configuration must not change the output, start a program, or use the network.
SETTINGS = {
    "log.showSignature": "false",
    "log.mailmap": "true",
    "log.follow": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "gc.auto": "0",
    "http.followRedirects": "false",  # a redirect could lead to a private network
}
ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
# Grafts and replacements, which users make to cut or join histories, change what a release contains.
AS_COMMITTED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
# Transports that cannot start a program chosen by the URL.
ONLINE = {"GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
LONGEST_REASON = 200  # characters of git's own message that an error repeats


def run(
    folder: Path, arguments: Sequence[str], *, online: bool = False, grafted: bool = True, seconds: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git on the repository in a folder, never on one that surrounds the folder.

    Only `online` commands may connect to other machines. Without `grafted`, grafts and replacements are ignored.
    Raises `OSError` if git cannot be started, and `subprocess.TimeoutExpired` after `seconds`.
    """
    place = folder.resolve()
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    extra = (ONLINE if online else {}) | ({} if grafted else AS_COMMITTED)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(  # noqa: S603 - a list, without a shell
        ["git", "--no-pager", "-C", str(place), *settings, *arguments],  # noqa: S607 - the git of the PATH
        env=inherited | ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(place.parent)} | extra,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=seconds,
    )


def reason(ran: subprocess.CompletedProcess[bytes]) -> str:
    """Return why git failed, from what it printed: its first error, without the full stop."""
    lines = [line for line in ran.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("warning: ")]
    errors = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    said = next(iter(errors or lines), "no reason given").removeprefix("fatal: ").removeprefix("error: ")
    return said[:LONGEST_REASON].rstrip(".")
