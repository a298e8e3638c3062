"""Built indexes, cached in a folder until the code or the entries change."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.build.fingerprint import digest_of_tables
from indexer.model import Issue
from tests.bench import corpus
from tests.bench.engine import ENGINES, load
from tests.bench.worker import MEGABYTE

ABOUT = "built.json"
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Size:
    """The number of entries: the archive's own if `entries` is None, else synthetic ones from a seed."""

    entries: int | None
    seed: int

    def issues(self) -> Iterator[Issue]:
        """Yield the issues, oldest first."""
        real = corpus.archive_issues(corpus.shipped(corpus.ROOT / "no-data"))
        return iter(real) if self.entries is None else corpus.synthetic(real, self.entries, self.seed)

    def __str__(self) -> str:
        return "archive" if self.entries is None else f"{self.entries:,}"


@dataclass(frozen=True, slots=True)
class Built:
    """The folder of an index, the seconds of CPU time to build it, and its size in megabytes."""

    folder: Path
    seconds: float
    megabytes: float


def built(folder: Path, engine: str, size: Size) -> Built:
    """Return the index of an engine for a size, and build it if it is not cached."""
    kind = f"{engine}-{size}-{size.seed}-".replace(" ", "-").replace(",", "")
    place = folder / f"{kind}{digest(engine)}"
    if not (place / ABOUT).exists():
        for outdated in folder.glob(f"{kind}*"):
            shutil.rmtree(outdated)
        process = multiprocessing.get_context("spawn").Process(target=build, args=(place, engine, size))
        process.start()
        process.join()
        assert process.exitcode == 0, f"{engine} could not index {size}"
    return Built(place, **json.loads((place / ABOUT).read_text(encoding="utf-8")))


def build(place: Path, engine: str, size: Size) -> None:
    """Build an index in a separate process, which frees the memory afterwards."""
    made = load(engine)
    assert made, f"{engine} is not installed"
    place.mkdir(parents=True)
    issues = list(size.issues())
    start = time.process_time()
    made.build(place, issues)
    seconds = time.process_time() - start
    megabytes = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / MEGABYTE
    (place / ABOUT).write_text(json.dumps({"seconds": seconds, "megabytes": megabytes}), encoding="utf-8")


def digest(engine: str) -> str:
    """Return a digest of the engine's version, its module, the tables, and the code that writes an index."""
    made = load(engine)
    assert made, f"{engine} is not installed"
    module = HERE.parents[1] / Path(*ENGINES[engine].split(".")[:-1]).with_suffix(".py")
    code = [module, *(HERE / name for name in ("corpus.py", "kept.py", "nouns.py", "sets.py", "writing.py"))]
    found = hashlib.sha256(made.version().encode())
    found.update(digest_of_tables(corpus.shipped(HERE / "no-data")).encode())
    for path in code:
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
