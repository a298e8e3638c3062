"""Files that cannot be read or written are reported, and everything else continues."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.build.fingerprint import is_current
from indexer.errors import BadArchive
from indexer.model import IssueKey
from indexer.sources.archive import Archive
from tests.archives import ISSUE, found, small
from tests.users import without_override


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Return an archive of two issues with an index. Permissions are restored at the end."""
    made = small(tmp_path, "first tool", "second tool")
    build(made)
    yield made
    for path in (made.folder / "bpf-updates", made.data, *made.data.rglob("*")):
        path.chmod(0o755)


def issue_file(archive: Archive, number: int) -> Path:
    return archive.folder / "bpf-updates" / f"{number:02d}.md"


def test_an_issue_that_cannot_be_read_is_a_problem_and_the_others_are_indexed(archive: Archive) -> None:
    issue_file(archive, 1).chmod(0)
    with without_override():
        built = build(archive)
        (problem,) = built.problems
        assert str(problem) == "bpf-updates/01.md: The file could not be read (Permission denied)."
        assert found(archive, "tool") == ["second tool"]
        assert build(archive).problems == built.problems


def test_an_original_that_cannot_be_read_leaves_the_retold_issue(archive: Archive) -> None:
    original = ISSUE.format(number=1, title="original tool").replace("edition: retold\n", "")
    kept = archive.put_original(IssueKey("bpf-updates", 1), original.encode(), ".md")
    kept.chmod(0)
    with without_override():
        assert [each.message for each in build(archive).problems] == ["The file could not be read (Permission denied)."]
        assert is_current(archive)
        assert len(found(archive, "tool")) == 2
    kept.chmod(0o644)
    with without_override():
        assert build(archive).problems == ()
        assert sorted(found(archive, "tool")) == ["original tool", "second tool"]


def test_an_unreadable_newsletter_folder_is_not_taken_for_empty(archive: Archive) -> None:
    (archive.folder / "bpf-updates").chmod(0)
    with without_override(), pytest.raises(BadArchive, match="bpf-updates: The folder could not be listed"):
        build(archive)
    assert len(found(archive, "tool")) == 2


def test_a_read_only_data_folder_can_be_searched(archive: Archive) -> None:
    for folder in (archive.data, *archive.data.rglob("*")):
        folder.chmod(0o555)
    with without_override():
        assert len(found(archive, "tool")) == 2
        assert is_current(archive)
        with pytest.raises(PermissionError):
            build(archive)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def three_gigabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


NOT_ISSUES = {
    fifo: "This is not a regular file. Name a file that holds an issue.",
    endless_device: "This is not a regular file. Name a file that holds an issue.",
    three_gigabytes: "The file has 3,000,000,000 bytes. The limit is 2,000,000.",
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
@pytest.mark.parametrize("make", NOT_ISSUES, ids=lambda make: make.__name__)
def test_a_special_file_is_a_problem_at_once_and_the_retold_issue_stays(
    make: Callable[[Path], None], archive: Archive
) -> None:
    path = archive.original_at(IssueKey("bpf-updates", 1), ".md")
    path.parent.mkdir(parents=True)
    make(path)
    assert [str(each) for each in build(archive).problems] == [f"bpf-updates/01.md: {NOT_ISSUES[make]}"]
    assert sorted(found(archive, "tool")) == ["first tool", "second tool"]
    assert is_current(archive)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_retold_issue_that_cannot_be_read_does_not_affect_the_original(archive: Archive) -> None:
    original = ISSUE.format(number=1, title="original tool").replace("edition: retold\n", "")
    archive.put_original(IssueKey("bpf-updates", 1), original.encode(), ".md")
    issue_file(archive, 1).unlink()
    os.mkfifo(issue_file(archive, 1))
    assert build(archive).problems == ()
    assert sorted(found(archive, "tool")) == ["original tool", "second tool"]


def test_an_option_of_the_wrong_type_affects_nothing_else(archive: Archive) -> None:
    original = ISSUE.format(number=1, title="original tool").replace("edition: retold\n", "")
    archive.put_original(IssueKey("bpf-updates", 1), original.encode(), ".md", '{"date": 7, "name": ["a"]}')
    assert build(archive).problems == ()
    archive.put_original(IssueKey("bpf-updates", 1), original.encode(), ".md", "[" * 100_000)
    assert "The file is not valid JSON" in build(archive).problems[0].message
    archive.put_original(IssueKey("bpf-updates", 1), original.encode(), ".md", '["date"]')
    assert "The file is not a JSON object" in build(archive).problems[0].message
