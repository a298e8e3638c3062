"""The parts of a score are added in the same order in every process, so that they give the same sum."""

from __future__ import annotations

import os
import subprocess
import sys

from indexer.sources.archive import Archive

PROGRAM = """
import sys
from pathlib import Path
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.storage.index import open_index
searcher = Searcher(open_index(Path(sys.argv[1])))
for text in ("verifier", "unprivileged", "tables"):
    for hit in searcher.search(Query(text), explained=True).hits:
        print(hit.record["id"], [(reason.text, reason.value) for reason in hit.reasons])
"""


def test_the_reasons_of_a_hit_do_not_depend_on_the_seed_of_hashes(archive: Archive) -> None:
    found = {explained(archive, seed) for seed in ("1", "2", "3", "4")}
    assert len(found) == 1
    assert "in its patches" in found.pop()


def explained(archive: Archive, seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", PROGRAM, str(archive.data)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300).stdout
