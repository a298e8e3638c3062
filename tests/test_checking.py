"""`backissue check`, and the template of a retold issue."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.build.builder import build
from indexer.checking import check, near_names, words_of
from indexer.cli import cli
from indexer.ingest import Hints, parse
from indexer.model import Issue
from indexer.retelling import frame
from indexer.sources.archive import Archive
from tests.conftest import SHIPPED
from tests.issues import ARCHIVE, NUMBERS, entries_of, issue_in, original_path, retold


@pytest.fixture
def mine(tmp_path: Path) -> Archive:
    """Return an archive of one issue that a test may change."""
    shutil.copytree(SHIPPED, tmp_path / "archive", ignore=shutil.ignore_patterns("*.md"))
    shutil.copy(SHIPPED / "bpf-updates" / "04.md", tmp_path / "archive" / "bpf-updates")
    return Archive(tmp_path / "archive", tmp_path / "data")


def run(archive: Archive, *args: str) -> Result:
    return CliRunner().invoke(cli, ["check", "--archive", str(archive.folder), "--data", str(archive.data), *args])


def changed(archive: Archive, old: str, new: str) -> None:
    path = archive.folder / "bpf-updates" / "04.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shipped_archive_has_no_problem(archive: Archive) -> None:
    result = CliRunner().invoke(cli, ["check", "--strict", "--data", str(archive.data)])
    assert result.exit_code == 0, result.output
    assert "13 issues, 1,292 entries, 0 problems" in result.output


def test_an_issue_is_reported_with_its_lines_kinds_and_boilerplate(mine: Archive) -> None:
    [line] = [line for line in run(mine).stdout.splitlines() if line.startswith("bpf-updates/4")]
    assert "28 entries (18 patch" in line
    assert "1 boilerplate" in line


def test_problems_are_reported_with_their_lines_and_fail_with_strict(mine: Archive) -> None:
    changed(mine, "## Patches", "## Patches\n\n- Ann Example, [PATCH] without a link\n")
    loose, strict = run(mine), run(mine, "--strict")
    assert "04.md:" in loose.stdout
    assert "a patch without a link" in loose.stdout
    assert (loose.exit_code, strict.exit_code) == (0, 1)


def test_the_report_in_words_and_as_objects_agree(mine: Archive) -> None:
    changed(mine, "## Patches", "## Patches\n\n- Ann Example, [PATCH] without a link, for `bpf_map_lookup_elme`\n")
    plain, result = run(mine, "--strict"), run(mine, "--strict", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    issue, problem, *_, decision = found
    assert [each["what"] for each in (issue, problem, decision)] == ["issue", "problem", "decision"]
    assert issue["problems"] == sum(each["what"] == "problem" for each in found)
    assert issue["id"] == "bpf-updates/4"
    assert f"{issue['lines']} lines, {issue['entries']} entries ({issue['kinds']['patch']} patch" in plain.stdout
    assert f"problem: {problem['where']}:{problem['line']}: {problem['message']}" in plain.stdout
    assert f"to decide: {decision['message']}" in plain.stdout


def test_an_id_that_changed_since_the_last_index_is_reported_until_it_has_a_redirect(mine: Archive) -> None:
    build(mine)
    changed(mine, "BPF Verifier Overview", "An Overview of the Verifier")
    assert "The id bpf-updates/4/bpf-verifier-overview no longer exists" in run(mine).stdout
    redirects = mine.folder / "redirects.tsv"
    row = "bpf-updates/4/bpf-verifier-overview\tbpf-updates/4/an-overview-of-the-verifier\n"
    redirects.write_text(redirects.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert "no longer exists" not in run(Archive(mine.folder, mine.data)).stdout


def test_a_lost_word_is_a_problem() -> None:
    issue = retold(4)
    report = check(
        issue, "", words_of(block for piece in issue.division.pieces for block in piece.blocks) + Counter(["lost"])
    )
    assert "No entry contains the word 'lost'." in [problem.message for problem in report.problems]


def test_an_undecided_name_near_a_known_one_is_listed() -> None:
    entries = entries_of(
        "The highlights are\n\n- Work on `bpf_map_lookup_elme`, `bpf_getsockops` and `bpf_something_else`.\n"
    )
    issue = replace(retold(4), entries=entries)
    found = near_names([issue], ARCHIVE.facts)
    assert [(near.written, near.known, near.distance) for near in found] == [
        ("bpf_map_lookup_elme", "bpf_map_lookup_elem", 1)
    ]


def patches_of(issue: Issue) -> list[tuple[str | None, ...]]:
    return [(e.title, e.url, e.author, e.parent) for e in issue.entries if e.kind == "patch"]


def test_the_frame_of_an_undated_issue_has_no_date() -> None:
    [original] = parse(b"# Issue 1\n\n## News\n\n#### [A tool](https://example.org)\n", "1.md", ARCHIVE, Hints("x", 1))
    assert original.date is None
    [made] = parse(frame(original).encode(), "frame.md", ARCHIVE)
    assert (made.label, made.date, made.edition) == (1, None, "retold")


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_the_template_of_a_retold_issue_has_all_facts_of_the_original(shared: Path, number: int) -> None:
    original = issue_in(original_path(shared, number))
    [made] = parse(frame(original).encode(), "frame.md", ARCHIVE)
    assert [entry.id for entry in made.entries] == [entry.id for entry in original.entries]
    assert patches_of(made) == patches_of(original)
    assert [entry.source_url for entry in made.entries] == [entry.source_url for entry in original.entries]
    assert [entry.original_url for entry in made.entries] == [entry.original_url for entry in original.entries]
