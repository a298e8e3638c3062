"""Edit archives at random with a jumping clock: an updated index equals a newly built one."""

from __future__ import annotations

import os
import random
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.archives import contents_anew, contents_of, edit, small
from tests.faults.stage import must

WHAT = ("write", "write", "original", "remove", "garbage", "touch")
NUMBERS = range(1, 9)
VARIANTS = range(5)
END = 2_000_000_000  # seconds since 1970, in 2033


@dataclass(slots=True)
class Edited:
    """The numbers of edits, and of comparisons with a new index."""

    edits: int = 0
    compared: int = 0

    def __str__(self) -> str:
        return (
            f"Edited archives {self.edits} times at random, with file times and the clock anywhere between 1970 and "
            f"2033: {self.compared} updated indexes all equalled new ones"
        )


def edit_at_random(folder: Path, rounds: int, seed: int) -> Edited:
    """Edit an archive and update its index several times."""
    chance, found = random.Random(seed), Edited()  # noqa: S311
    archive = small(folder, "first tool", "second tool")
    build(archive)
    for _ in range(rounds):
        for _ in range(chance.randint(1, 4)):
            one_edit(archive, chance)
            found.edits += 1
        with clock_at(chance.randrange(END)):
            build(Archive(archive.folder, archive.data))
        must(contents_of(archive) == contents_anew(archive), f"seed {seed}: an updated index differs from a new one")
        found.compared += 1
    return found


def one_edit(archive: Archive, chance: random.Random) -> None:
    """Write, remove, damage or touch the file of an issue, and set random times for all files."""
    what, number, variant = chance.choice(WHAT), chance.choice(NUMBERS), chance.choice(VARIANTS)
    retold = archive.folder / "bpf-updates" / f"{number:02d}.md"
    if what == "garbage":
        retold.write_bytes(b"\xff\x00" * variant)
    elif what != "touch":
        edit(archive, what, number, variant)
    for path in (*archive.folder.glob("*/*.md"), *archive.originals.glob("*/*.md")):
        moment = chance.randrange(END)
        os.utime(path, (moment, moment))


def clock_at(moment: int) -> AbstractContextManager[object]:
    """Set the clock of a build."""
    clock = SimpleNamespace(strftime=time.strftime, gmtime=lambda: time.gmtime(moment))
    return patch("indexer.build.publish.time", clock)
