"""An updated index equals a newly built one, and only changed issues are parsed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.build import waiting
from indexer.build.builder import build
from indexer.build.fingerprint import is_current
from indexer.build.writer import MOST_SEGMENTS
from indexer.sources.archive import Archive
from indexer.storage.arrays import Arrays
from indexer.storage.generations import current
from indexer.storage.index import Index, open_index
from tests.archives import contents_anew, contents_of, edit, put_issue, small

NUMBERS = st.integers(1, 8)
EDITS = st.lists(
    st.tuples(st.sampled_from(["write", "write", "remove", "original"]), NUMBERS, st.integers(0, 4)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_after_any_edits_an_index_equals_a_new_one(rounds: list[list[tuple[str, int, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = small(Path(folder), "first tool", "second tool")
        build(archive)
        for edits in rounds:
            for what, number, variant in edits:
                edit(archive, what, number, variant)
            build(archive)
            assert is_current(archive)
        assert contents_of(archive) == contents_anew(archive)


def test_only_the_changed_issue_is_parsed(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    assert build(archive).parsed == 2
    assert build(archive).parsed == 0
    put_issue(archive, 2, "another tool")
    assert build(archive).parsed == 1


@pytest.mark.parametrize("most_unpacked", [0, waiting.MOST_UNPACKED])
def test_a_new_version_of_a_series_in_an_earlier_issue_changes_the_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_unpacked: int
) -> None:
    monkeypatch.setattr(waiting, "MOST_UNPACKED", most_unpacked)
    archive = small(tmp_path)
    edit(archive, "write", 2, 0)
    build(archive)
    edit(archive, "write", 1, 0)
    assert build(archive).parsed == 1
    assert contents_of(archive) == contents_anew(archive)


def test_an_added_issue_reads_only_the_issues_whose_outcomes_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = small(tmp_path)
    edit(archive, "write", 1, 0)
    put_issue(archive, 2, "another tool")
    build(archive)
    read: list[str] = []
    entries_of = Index.entries_of
    monkeypatch.setattr(Index, "entries_of", lambda index, issue: read.append(issue) or entries_of(index, issue))
    put_issue(archive, 3, "a third tool")
    build(archive)
    assert read == []
    edit(archive, "write", 4, 0)  # version 4 of the series that issue 1 has as version 1
    build(archive)
    assert read == ["bpf-updates/1"]
    assert contents_of(archive) == contents_anew(archive)


def test_of_an_issue_whose_outcomes_change_only_those_patches_are_written(tmp_path: Path) -> None:
    archive = small(tmp_path)
    edit(archive, "write", 1, 0)
    with (archive.folder / "bpf-updates" / "01.md").open("a", encoding="utf-8") as file:
        file.writelines(f"* [PATCH net] another fix, {number} by Grace Hopper\n" for number in range(8))
    build(archive)
    before = {path.name: path.read_bytes() for path in current(archive.data).glob("*.rec")}
    first = [entry.id for entry in open_index(archive.data).entries_of("bpf-updates/1")]
    edit(archive, "write", 4, 0)  # version 4 of the series that issue 1 has as version 1
    build(archive)
    index = open_index(archive.data)
    new = len(index.entries_of("bpf-updates/4"))
    [size] = [Arrays(path).about["documents"] for path in index.folder.glob("*.rec") if path.name not in before]
    assert size == new + 1
    assert len(first) > 8
    assert [entry.id for entry in index.entries_of("bpf-updates/1")] == first
    for number in range(5, 5 + MOST_SEGMENTS):  # until the segments are merged
        put_issue(archive, number, f"tool {number}")
        build(archive)
    assert [entry.id for entry in open_index(archive.data).entries_of("bpf-updates/1")] == first
    assert contents_of(archive) == contents_anew(archive)


def test_a_changed_table_makes_all_issues_parsed_again(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    with (archive.folder / "profiles" / "linux" / "words.toml").open("a", encoding="utf-8") as file:
        file.write("\n# a remark\n")
    assert not is_current(archive)
    assert build(Archive(archive.folder, archive.data)).parsed == 2


def test_problems_of_a_reused_issue_are_reported_again(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool")
    path = archive.folder / "bpf-updates" / "01.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n## Patches\n\n* [PATCH net] a fix without a link\n")
    first = build(archive)
    again = build(archive)
    assert first.problems
    assert (again.parsed, again.problems) == (0, first.problems)


def test_a_removed_issue_is_removed_from_the_index(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    (archive.folder / "bpf-updates" / "02.md").unlink()
    assert (build(archive).entries, is_current(archive)) == (1, True)


def test_issues_can_be_added_after_all_were_removed(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    for number in (1, 2):
        edit(archive, "remove", number, 0)
    assert build(archive).entries == 0
    put_issue(archive, 3, "third tool")
    build(archive)
    assert contents_of(archive) == contents_anew(archive)


def test_many_additions_are_merged_into_one_segment(tmp_path: Path) -> None:
    archive = small(tmp_path, "tool")
    for number in range(2, MOST_SEGMENTS + 4):
        put_issue(archive, number, f"tool {number}")
        build(archive)
        (generation,) = (archive.data / "index").glob("generation-*")
        assert len(list(generation.glob("*.seg"))) <= MOST_SEGMENTS
    assert contents_of(archive) == contents_anew(archive)


def test_an_issue_that_changes_twice_is_stored_once(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool", "third tool", "fourth tool", "fifth tool")
    build(archive)
    for turn in range(3):
        put_issue(archive, 2, f"tool of turn {turn}")
        build(archive)
        assert len(list(current(archive.data).glob("*.seg"))) == 2
    assert contents_of(archive) == contents_anew(archive)


def test_no_file_is_left_over_by_many_builds(tmp_path: Path) -> None:
    archive = small(tmp_path, "tool")
    for number in range(2, 12):
        put_issue(archive, 1 + number % 3, f"tool {number}")
        build(archive)
    assert len(list((archive.data / "index").rglob("*"))) < 9 + MOST_SEGMENTS


def test_files_that_cannot_be_linked_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    monkeypatch.setattr(os, "link", refuse)
    put_issue(archive, 2, "another tool")
    assert build(archive).parsed == 1
    assert contents_of(archive) == contents_anew(archive)
