"""An archive of three issues in a folder of its own, commands run on it, and what its index answers."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.generations import CHECKED
from indexer.storage.index import open_index

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = (1, 2, 3)
QUERIES = ("tool", "bpf", "kernel:v4.15 fix", "sockmap OR xdp", '"load averages"', "kind:patch net")
LONGEST = 120  # seconds for one command; none takes so long
SENTENCE = re.compile(r"backissue: [^\n]+\n")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status, negative for a signal, and what it said."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> bool:
        """Whether it ended with one sentence, as an error of ours does."""
        return self.status == 1 and bool(SENTENCE.fullmatch(self.err)) and not self.out


class WentWrongError(AssertionError):
    """What must not happen, happened."""


def must(holds: object, what: str) -> None:
    """Raise `WentWrongError` where something does not hold."""
    if not holds:
        raise WentWrongError(what)


def three_issues(folder: Path) -> Archive:
    """Return an archive with the shipped tables and three of the shipped issues."""
    shutil.copytree(ROOT / "archive", folder / "archive", ignore=shutil.ignore_patterns("bpf-updates"))
    (folder / "archive" / "bpf-updates").mkdir()
    (folder / "temporary").mkdir()
    for number in NUMBERS:
        shutil.copy(ROOT / "archive" / "bpf-updates" / f"{number:02d}.md", folder / "archive" / "bpf-updates")
    return Archive(folder / "archive", folder / "data")


def retold_path(archive: Archive, number: int) -> Path:
    return archive.folder / "bpf-updates" / f"{number:02d}.md"


def put_retold(archive: Archive, number: int, word: str) -> None:
    """Write a retold issue of the archive anew: the shipped text, and one project more, which is called by a word."""
    retold_path(archive, number).write_text(changed_text(number, word), encoding="utf-8")


def original_text(number: int, word: str) -> str:
    """Return the same as an original of the issue."""
    return changed_text(number, word).replace("edition: retold\n", "")


def changed_text(number: int, word: str) -> str:
    text = (ROOT / "archive" / "bpf-updates" / f"{number:02d}.md").read_text(encoding="utf-8")
    return f"{text}\n## Projects\n\n#### [the tool {word}](https://example.org/{word})\n\nMade for a test.\n"


def command_line(
    archive: Archive, *args: object, main: Sequence[str] = ("-c", "from indexer.cli import main; main()")
) -> list[str]:
    """Return what runs a command of ours on an archive, in a process."""
    name, *rest = map(str, args)
    return [sys.executable, *main, name, "--archive", str(archive.folder), "--data", str(archive.data), *rest]


def surroundings(archive: Archive) -> Mapping[str, str]:
    """Return the environment of a command: temporary files in a folder that can be looked into."""
    return os.environ | {"TMPDIR": str(archive.folder.parent / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}


def run(archive: Archive, *args: object) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        command_line(archive, *args), cwd=ROOT, env=surroundings(archive), capture_output=True, text=True,
        timeout=LONGEST, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def answers(archive: Archive) -> str:
    """Return a digest of every entry that the index holds, and of what it answers to some questions."""
    with closing(open_index(archive.data)) as index:
        searcher = Searcher(index)
        held: list[object] = [index.stored(doc) for doc in range(index.size)]
        for query in QUERIES:
            page = searcher.search(Query(query))
            held.append([page.total, [(hit.record["id"], round(hit.score, 4)) for hit in page.hits]])
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with what it holds."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def strays(archive: Archive) -> list[str]:
    """Return what should not be in the data folder, nor among temporary files, when no command runs."""
    index = archive.data / "index"
    current = (index / "current").read_text(encoding="ascii").split()[0]
    kept = {"current", "lock", CHECKED, current}
    found = [path for path in index.iterdir() if path.name not in kept]
    found += [path for path in archive.originals.glob("*/*") if path.name.startswith(".")]
    found += (archive.folder.parent / "temporary").iterdir()
    return [str(path) for path in found]
