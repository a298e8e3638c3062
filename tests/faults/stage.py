"""An archive of three issues in a separate folder, commands on it, and the answers of its index."""

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
LONGEST = 600  # seconds for one command; a bound against hangs
SENTENCE = re.compile(r"backissue: [^\n]+\n")


@dataclass(frozen=True, slots=True)
class Ended:
    """The result of a command: exit status (negative for a signal) and output."""

    status: int
    out: str
    err: str

    @property
    def explained(self) -> bool:
        """Whether the command ended with one error message."""
        return self.status == 1 and bool(SENTENCE.fullmatch(self.err)) and not self.out


class WentWrongError(AssertionError):
    """Something happened that must not happen."""


def must(holds: object, what: str) -> None:
    """Raise `WentWrongError` unless a condition holds."""
    if not holds:
        raise WentWrongError(what)


def three_issues(folder: Path) -> Archive:
    """Return an archive with the shipped tables and three shipped issues."""
    shutil.copytree(ROOT / "archive", folder / "archive", ignore=shutil.ignore_patterns("bpf-updates"))
    (folder / "archive" / "bpf-updates").mkdir()
    (folder / "temporary").mkdir()
    for number in NUMBERS:
        shutil.copy(ROOT / "archive" / "bpf-updates" / f"{number:02d}.md", folder / "archive" / "bpf-updates")
    return Archive(folder / "archive", folder / "data")


def retold_path(archive: Archive, number: int) -> Path:
    return archive.folder / "bpf-updates" / f"{number:02d}.md"


def put_retold(archive: Archive, number: int, word: str) -> None:
    """Rewrite a retold issue: the shipped text and one more project with a given name."""
    retold_path(archive, number).write_text(changed_text(number, word), encoding="utf-8")


def original_text(number: int, word: str) -> str:
    """Return the same text as an original."""
    return changed_text(number, word).replace("edition: retold\n", "")


def changed_text(number: int, word: str) -> str:
    text = (ROOT / "archive" / "bpf-updates" / f"{number:02d}.md").read_text(encoding="utf-8")
    return f"{text}\n## Projects\n\n#### [the tool {word}](https://example.org/{word})\n\nMade for a test.\n"


def command_line(
    archive: Archive, *args: object, main: Sequence[str] = ("-c", "from indexer.cli import main; main()")
) -> list[str]:
    """Return the arguments to run backissue on an archive in a process."""
    name, *rest = map(str, args)
    return [sys.executable, *main, name, "--archive", str(archive.folder), "--data", str(archive.data), *rest]


def surroundings(archive: Archive) -> Mapping[str, str]:
    """Return the environment of a command, with temporary files in a known folder."""
    return os.environ | {"TMPDIR": str(archive.folder.parent / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}


def run(archive: Archive, *args: object) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        command_line(archive, *args), cwd=ROOT, env=surroundings(archive), capture_output=True, text=True,
        timeout=LONGEST, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def answers(archive: Archive) -> str:
    """Return a digest of all entries of an index, and of its answers to some queries."""
    with closing(open_index(archive.data)) as index:
        searcher = Searcher(index)
        held: list[object] = [index.stored(doc) for doc in range(index.size)]
        for query in QUERIES:
            page = searcher.search(Query(query))
            held.append([page.total, [(hit.record["id"], round(hit.score, 4)) for hit in page.hits]])
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def files(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def strays(archive: Archive) -> list[str]:
    """Return unexpected files in the data folder and among temporary files."""
    index = archive.data / "index"
    current = (index / "current").read_text(encoding="ascii").split()[0]
    kept = {"current", "lock", CHECKED, current}
    found = [path for path in index.iterdir() if path.name not in kept]
    found += [path for path in archive.originals.glob("*/*") if path.name.startswith(".")]
    found += (archive.folder.parent / "temporary").iterdir()
    return [str(path) for path in found]
