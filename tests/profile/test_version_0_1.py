"""An archive folder of version 0.1, with its tables in the folder itself, still works."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.commands import records, run
from tests.conftest import SHIPPED


@pytest.fixture
def old(tmp_path: Path) -> Archive:
    """Return the shipped archive as version 0.1 had it."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "archive"))
    for name in ("topics.toml", "words.toml", "facts"):
        (folder / "profiles" / "linux" / name).rename(folder / name)
    (folder / "facts" / "prefixes.tsv").unlink()  # since 0.2
    shutil.rmtree(folder / "profiles")
    shutil.rmtree(folder / "newsletters")
    table = folder / "newsletters.toml"
    text = (
        table.read_text(encoding="utf-8")
        .replace('profile = "linux"\n', "")
        .replace("tracks = true", "tracks_kernel = true", 1)
    )
    table.write_text(text.replace('profile = "kubernetes"\ntracks = true\n', ""), encoding="utf-8")
    return Archive(folder, tmp_path / "data")


def test_entries_versions_and_topics_are_as_before(old: Archive, archive: Archive) -> None:
    assert build(old).problems == ()
    asked = ("search", "xdp", "--kernel", "v4.15", "--json")
    assert records(run(old, *asked)) == records(run(archive, *asked))


def test_an_archive_s_own_topics_and_facts_are_used(old: Archive) -> None:
    topics = old.folder / "topics.toml"
    topics.write_text(topics.read_text(encoding="utf-8").replace("[xdp]", "[express]"), encoding="utf-8")
    build(old)
    assert records(run(old, "search", "topic:express", "--json"))
    assert run(old, "search", "topic:xdp").exit_code == 1
