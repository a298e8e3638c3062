"""The kernel is a guest: only its own package and its profile name it and its identifiers."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

NAMED = re.compile(r"kernel|linux|[\"']bpf_", re.I)
IMPORT = re.compile(r"^\s*from indexer\.kernel[\w.]* import .*$", re.M)
# Each with why it may name what it names.
ALLOWED = {
    "indexer/profile/profiles.py": "the one profile of version 0.1, whose tables stood in the archive folder itself",
    "indexer/profile/newsletters.py": "a key of the tables of version 0.1",
    "indexer/profile/misspellings.py": "a key of the tables of version 0.1",
    "indexer/library.py": "its examples run on the shipped archive",
    "indexer/cli/outcomes.py": "a command of the guest: what became of patches, from a clone of the kernel",
    "indexer/build/fingerprint.py": "the folder of the guest is one of the steps of a build",
    "indexer/build/workers.py": "the name of an operating system",
    "indexer/dividing/authors.py": "a list of words that are no names of people",
    "indexer/sources/clone.py": "reads such a clone",
    "indexer/sources/saved_log.py": "reads its log",
    "indexer/sources/archive.py": "loads the facts of the guest",
    "indexer/storage/generations.py": "a path of the operating system",
    "indexer/search/english.txt": "a list of English words",
}
FILES = sorted(
    path
    for package in ("indexer", "webui")
    for path in (ROOT / package).rglob("*")
    if path.suffix in (".py", ".html", ".js", ".css", ".txt") and "kernel" not in path.relative_to(ROOT).parts
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_guest_names_the_kernel(path) -> None:  # type: ignore[no-untyped-def]
    text = IMPORT.sub("", path.read_text(encoding="utf-8"))
    named = [line.strip() for line in text.splitlines() if NAMED.search(line)]
    assert named == [] or str(path.relative_to(ROOT)) in ALLOWED
