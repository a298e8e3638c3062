"""Fetch a file that a partial clone left where it was cloned from."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.model import LARGEST
from indexer.sources.files import write_whole
from indexer.sources.folders import make_folder
from indexer.sources.git import run

SECONDS = 30  # for one small file
SHA256 = 64  # hexadecimal digits


def promised_file(folder: Path, commit: str, name: str, store: Path) -> Path | None:
    """Return a file of a commit from the folder `store`, fetched if necessary; None if that is not possible.

    The file is fetched into a new repository, because the settings of the clone may name programs to run.
    """
    address = origin_of(folder)
    identity = output(run(folder, ("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"))).decode("ascii").strip()
    if not address or not identity:
        return None
    kept = store / identity
    if not kept.exists():
        raw = fetched(address, identity, name)
        if not 0 < len(raw) <= LARGEST:
            return None
        make_folder(store)
        write_whole(kept, raw)
    return kept


def origin_of(folder: Path) -> str:
    """Return the URL that a partial clone fetches missing files from; "" for a complete clone."""
    row = output(run(folder, ("config", "--get-regexp", r"^remote\..*\.promisor$"))).decode("utf-8", "replace")
    remote = row.partition(" ")[0].removeprefix("remote.").removesuffix(".promisor")
    return output(run(folder, ("config", f"remote.{remote}.url"))).decode("utf-8", "replace").strip() if remote else ""


def fetched(address: str, commit: str, name: str) -> bytes:
    """Return a file in the top folder of a commit; nothing if the repository cannot be reached."""
    options = ("fetch", "--quiet", "--no-tags", "--depth=1")
    with TemporaryDirectory() as folder:
        place = Path(folder)
        run(place, ("init", "--quiet", "--bare", f"--object-format={'sha256' if len(commit) == SHA256 else 'sha1'}"))
        try:
            run(place, (*options, "--filter=tree:1", "--", address, commit), online=True, seconds=SECONDS)
            row = output(run(place, ("ls-tree", commit, "--", name))).decode("utf-8", "replace").split()
            if not row:
                return b""
            run(place, (*options, "--", address, row[2]), online=True, seconds=SECONDS)
        except subprocess.TimeoutExpired:
            return b""
        return output(run(place, ("cat-file", "blob", row[2])))


def output(ran: subprocess.CompletedProcess[bytes]) -> bytes:
    return b"" if ran.returncode else ran.stdout
