"""Fill the disk during writing: the old index answers, one message reports it, and a run with space succeeds."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.sources.archive import Archive
from tests.faults.stage import (
    NUMBERS,
    ROOT,
    Ended,
    answers,
    command_line,
    files,
    must,
    original_text,
    put_retold,
    run,
    strays,
    surroundings,
    three_issues,
)

ROOM = 64 << 20


@dataclass
class Filled:
    """The number of full disks, their kind, and the number of runs with enough space."""

    disk: str
    full: int = 0
    enough: int = 0

    def __str__(self) -> str:
        return (
            f"Ran index and add on {self.disk} that filled up {self.full} times, and had enough space {self.enough} "
            "times: each failure gave one message, the old index still answered, every original was unchanged or "
            "complete, and with enough space the next run succeeded"
        )


def fill(folder: Path, times: int) -> Filled:
    """Run index and add with growing space, from none to enough; on a tmpfs if one can be mounted."""
    archive = three_issues(folder)
    archive.data.mkdir(mode=0o755)
    with small_disk(archive.data) as disk:
        found = Filled(disk)
        must(run(archive, "index").status == 0, "the first index could not be built")
        needed = 2 * sum(map(len, files(archive.data).values()))
        for time in range(times):
            one_time(archive, found, needed * time // times, "add" if time % 2 else "index", time)
    return found


def one_time(archive: Archive, found: Filled, room: int, name: str, time: int) -> None:
    """Run a command with limited space, then again with enough."""
    number = NUMBERS[time % len(NUMBERS)]
    source = archive.folder.parent / "one.md"
    source.write_text(original_text(number, f"word{time}"), encoding="utf-8")
    if name == "index":  # a table is changed, too, so that all is written anew
        with (archive.folder / "profiles" / "linux" / "words.toml").open("a", encoding="utf-8") as file:
            file.write(f"# {time}\n")
        put_retold(archive, number, f"word{time}")
    args = [name, source, "--replace"] if name == "add" else [name]
    before, originals = answers(archive), files(archive.originals)
    ended = limited(archive, found.disk, room, *args)
    if ended.status == 0:
        found.enough += 1
    else:
        found.full += 1
        must(ended.explained, f"on a full disk, {name} ended with {ended}")
        must(answers(archive) == before, f"on a full disk, {name} changed the answers of the index")
        for path, held in files(archive.originals).items():
            must(held in (originals.get(path), source.read_bytes()), f"on a full disk, {name} left {path} half written")
    ended = run(archive, *args)
    must(ended.status == 0, f"with enough space, {name} ended with {ended}")
    must(not strays(archive), f"after {name} on a full disk there are {strays(archive)}")


TMPFS, FSIZE = "a tmpfs", "files of limited size (no tmpfs could be mounted)"


@contextmanager
def small_disk(folder: Path) -> Iterator[str]:
    """Mount a tmpfs on a folder during the block, if possible. Yield its usage."""
    options = f"size={ROOM},mode=0755"
    mounted = (
        os.geteuid() == 0
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
        ).returncode
        == 0
    )
    try:
        yield TMPFS if mounted else FSIZE
    finally:
        if mounted:
            gc.collect()  # an index opened here maps its files until it is garbage-collected
            subprocess.run(["umount", folder], check=True)


def limited(archive: Archive, disk: str, room: int, *args: object) -> Ended:
    """Run a command with limited space."""
    if disk == TMPFS:
        about = os.statvfs(archive.data)
        used = (about.f_blocks - about.f_bfree) * about.f_frsize
        resize(archive.data, used + max(room, about.f_frsize))
        try:
            return run(archive, *args)
        finally:
            resize(archive.data, ROOM)
    done = subprocess.run(
        command_line(archive, *args), cwd=ROOT, env=surroundings(archive), capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def resize(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)
