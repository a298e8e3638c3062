"""Clone a newsletter's Git repository to the data folder, and update it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import httpx

from indexer.errors import FetchFailed
from indexer.sources.connecting import Allowance
from indexer.sources.downloader import LONGEST, Downloader
from indexer.sources.downloads import HEADERS, TemporaryFailure, checked, shown
from indexer.sources.folders import make_folder
from indexer.sources.git import reason, run

PREFIX = "git+"
ENDING = ".git"
CLONES = "clones"
SECONDS = 600  # for a clone or an update


def is_repository(text: str) -> bool:
    """Return whether a text names a Git repository: git+URL#PATH, or URL.git#PATH."""
    return text.startswith(PREFIX) or ("://" in text and text.partition("#")[0].endswith(ENDING))


def checked_out(text: str, data: Path, downloader: Downloader) -> Path:
    """Return the folder or file named by a repository's URL, from the current default branch.

    Raises `FetchFailed`.
    """
    address, _, path = text.removeprefix(PREFIX).partition("#")
    refuse_private(address, downloader)
    clone = data / CLONES / hashlib.sha256(address.encode()).hexdigest()[:16]
    if clone.is_dir():
        git(address, clone, "fetch", "--quiet", "--depth=1", "--no-tags", "origin", "HEAD")
        git(address, clone, "reset", "--quiet", "--hard", "FETCH_HEAD")
    else:
        make_folder(clone.parent)
        part = clone.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        git(address, clone.parent, "clone", "--quiet", "--depth=1", "--no-tags", "--", address, str(part))
        part.rename(clone)
    remove_links_outside(clone.resolve())
    place = (clone / path.strip("/")).resolve()
    if not place.is_relative_to(clone.resolve()) or not place.exists():
        raise FetchFailed(f"{shown(address)}: The repository has no {path}. Give a path in it after the #.")
    return place


def remove_links_outside(clone: Path) -> None:
    """Remove symbolic links that lead out of a clone."""
    for folder, below, files in os.walk(clone):
        for path in (Path(folder, name) for name in (*below, *files)):
            if path.is_symlink() and not path.resolve().is_relative_to(clone):
                path.unlink()


def refuse_private(address: str, downloader: Downloader) -> None:
    """Raise `FetchFailed` for a host on a private network, unless the downloader allows these."""
    if address.startswith("file://"):
        return
    try:
        named = httpx.URL(address)
        checked(named, 1, Allowance(time.monotonic() + LONGEST, HEADERS), private=downloader.private)
    except (TemporaryFailure, ValueError, httpx.InvalidURL) as error:
        raise FetchFailed(f"{shown(address)}: {error}. Check the URL.") from error


def git(address: str, folder: Path, *arguments: str) -> None:
    """Run git in a folder, ignoring the repository's settings and hooks. Raises `FetchFailed` with git's reason."""
    try:
        ran = run(folder, arguments, online=True, seconds=SECONDS)
    except OSError as error:
        raise FetchFailed(f"Git could not be started ({error.strerror}). Install git to read a repository.") from error
    except subprocess.TimeoutExpired as error:
        raise FetchFailed(f"{shown(address)}: git took more than {SECONDS} seconds. Try again later.") from error
    if ran.returncode:
        raise FetchFailed(f"{shown(address)}: Git could not read the repository: {shown(reason(ran))}.")
