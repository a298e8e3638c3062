"""Damage each file of an index: it is noticed and reported, no answer is wrong, and a new build repairs it."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from click.testing import CliRunner

from indexer.cli import cli
from indexer.errors import IndexMissing
from indexer.sources.archive import Archive
from indexer.storage.generations import ABOUT, CHECKED, POINTER, checksum, current, index_folder
from tests.faults.stage import Ended, answers, must, three_issues
from webui.building import make_ready

Damage = Callable[[Path, random.Random], None]


@dataclass
class Damaged:
    """The numbers of noticed damages by kind, of harmless ones, and of repairs."""

    noticed: Counter[str] = field(default_factory=Counter)
    harmless: int = 0
    mended: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.noticed.items())
        mended = " and ".join(f"{count} times by {who}" for who, count in self.mended.items())
        return (
            f"Damaged an index {self.noticed.total()} times ({kinds}): each damage was noticed when the index was "
            f"opened or checked, with one message. {self.harmless} more changed no answer, and no answer was wrong. "
            f"The index was repaired {mended}"
        )


def flip(path: Path, chance: random.Random) -> None:
    held = bytearray(path.read_bytes())
    held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    path.write_bytes(held)


def cut(path: Path, chance: random.Random) -> None:
    held = path.read_bytes()
    path.write_bytes(held[: chance.randrange(len(held))])


def delete(path: Path, _: random.Random) -> None:
    path.unlink()


def empty(path: Path, _: random.Random) -> None:
    path.write_bytes(b"")


def add_another(path: Path, _: random.Random) -> None:
    shutil.copyfile(path, path.with_name(f"another{path.suffix}"))


def older_format(generation: Path, _: random.Random) -> None:
    about = generation / ABOUT
    about.write_text(json.dumps(json.loads(about.read_text(encoding="utf-8")) | {"format": 1}), encoding="utf-8")
    (generation.parent / POINTER).write_text(f"{generation.name} {checksum(about)}", encoding="ascii")


def delete_generation(generation: Path, _: random.Random) -> None:
    shutil.rmtree(generation)


def another_archive(generation: Path, _: random.Random) -> None:
    """Make the index belong to another archive, with another first issue."""
    about = generation / ABOUT
    held = json.loads(about.read_text(encoding="utf-8"))
    held["archive"], held["issues"][0]["made_of"] = "/another/archive", "of another text"
    about.write_text(json.dumps(held), encoding="utf-8")
    (generation.parent / POINTER).write_text(f"{generation.name} {checksum(about)}", encoding="ascii")


IN_PLACE = "flipped bits"  # damages that keep the size of a file, so only reading notices them
AT_PLACES: dict[str, Damage] = {IN_PLACE: flip, "cut files": cut}
WHOLE: dict[str, Damage] = {"deleted files": delete, "emptied files": empty, "extra files": add_another}
OF_GENERATION: dict[str, Damage] = {
    "deleted generations": delete_generation,
    "older formats": older_format,
    "indexes of another archive": another_archive,
}


def damage(folder: Path, places: int, seed: int) -> Damaged:
    """Damage each file in several places, one at a time, and the index as a whole. Repair each kind."""
    chance, found, archive = random.Random(seed), Damaged(), three_issues(folder)  # noqa: S311
    must(call(archive, "index").status == 0, "the index could not be built")
    right, whole = answers(archive), folder / "whole"
    shutil.copytree(index_folder(archive.data), whole, symlinks=True)
    for kind, mend, do in damages(archive, places):
        do(chance)
        if notice(archive, found, kind, right) and mend:
            for who in ("backissue index", "backissue serve"):
                mended(archive, who, right)
                found.mended[who] += 1
                restored(archive, whole)
                do(chance)
        restored(archive, whole)
    return found


def damages(archive: Archive, places: int) -> Iterator[tuple[str, bool, Callable[[random.Random], None]]]:
    """Yield the kind of each damage, whether to repair it, and the function that causes it."""
    generation = current(archive.data)
    files = [index_folder(archive.data) / POINTER, *(p for p in sorted(generation.iterdir()) if p.stat().st_size)]
    for path in files:
        for kind, do in AT_PLACES.items():
            for place in range(places):
                yield kind, place == 0, bound(do, path)
        for kind, do in WHOLE.items():
            if not (do is add_another and path.name == POINTER):
                yield kind, True, bound(do, path)
    for kind, do in OF_GENERATION.items():
        yield kind, True, bound(do, generation)


def bound(do: Damage, path: Path) -> Callable[[random.Random], None]:
    return lambda chance: do(path, chance)


def notice(archive: Archive, found: Damaged, kind: str, right: str) -> bool:
    """Return whether a damage is noticed. If not, all answers must be unchanged."""
    ended = call(archive, "search", "bpf")
    if kind == IN_PLACE and ended.status == 0:
        ended = call(archive, "check", "--index")
        (index_folder(archive.data) / CHECKED).unlink(missing_ok=True)  # as after an unclean stop
    if ended.status == 0:
        must(answers(archive) == right, f"{kind}: a wrong answer without a message")
        found.harmless += 1
        return False
    must(ended.explained and "run backissue index" in ended.err.lower(), f"{kind}: {ended}")
    try:
        answered = answers(archive)
    except IndexMissing:
        found.noticed[kind] += 1
    else:  # an intact index of another archive
        must(answered == right and "another archive" in ended.err, f"{kind}: {ended}")
        found.noticed[kind] += 1
    return True


def mended(archive: Archive, who: str, right: str) -> None:
    """Rebuild the index, by the command or by the server before it listens."""
    (index_folder(archive.data) / CHECKED).unlink(missing_ok=True)  # as after an unclean stop
    if who == "backissue index":
        must(call(archive, "index").status == 0, "backissue index did not rebuild the index")
    else:
        with redirect_stdout(StringIO()):
            make_ready(Archive(archive.folder, archive.data))
    must(answers(archive) == right, f"the index rebuilt by {who} gives other answers")
    must(call(archive, "search", "bpf").status == 0, f"the index rebuilt by {who} cannot be searched")


def restored(archive: Archive, whole: Path) -> None:
    """Restore the index as it was built."""
    shutil.rmtree(index_folder(archive.data))
    shutil.copytree(whole, index_folder(archive.data))


def call(archive: Archive, name: str, *args: str) -> Ended:
    """Run a command in this process."""
    folders = ["--archive", str(archive.folder), "--data", str(archive.data)]
    result = CliRunner().invoke(cli, [name, *folders, *args])
    must(result.exception is None or isinstance(result.exception, SystemExit), f"{name}: {result.exception!r}")
    return Ended(result.exit_code, result.stdout, result.stderr)
