"""`backissue outcomes` finds the outcomes of patches in clones, and claims nothing without evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.sources.archive import Archive
from tests.kernel.clones import kernel_clone
from tests.kernel.history import git
from tests.kernel.outcomes import ANN, BEN, EVE, MERGE, day, found, of, run, start


@pytest.mark.parametrize("seed", [1, 2])
def test_nearly_all_patches_are_found_and_hardly_any_are_wrong(
    archive: Archive, shipped_data: Path, tmp_path: Path, seed: int
) -> None:
    made, commits = kernel_clone(archive, tmp_path / "linux", seed=seed)
    rows = found(shipped_data, "--git", tmp_path / "linux")
    truth = {entry: (commits[mark], release) for entry, (mark, release) in made.truth.items()}
    claimed = {
        entry: (row.commit, row.release) for entry, row in rows.items() if row.outcome == "merged" and row.commit
    }
    right = [entry for entry in truth if claimed.get(entry) == truth[entry]]
    wrong = [entry for entry in claimed if entry in made.kinds and claimed[entry] != truth.get(entry)]
    assert len(right) >= 0.97 * len(truth), [(made.kinds[e], e) for e in truth if e not in right][:20]
    assert len(wrong) <= 0.005 * len(claimed), [(made.kinds[e], e, rows[e]) for e in wrong][:20]


def test_a_commit_belongs_to_the_last_version_and_supersedes_the_one_before(data: Path, tmp_path: Path) -> None:
    history = start()
    mark = history.commit("bpf: add {LT,LE to the verifier", ANN, day("2017-06-20"))
    history.tag("v4.13", day("2017-09-03"))
    commits = history.save(tmp_path / "linux")
    rows = found(data, "--git", tmp_path / "linux")
    (v1, v2) = (row for entry, row in rows.items() if "verifier" in entry)
    assert (v1.outcome, v1.release) == ("superseded", "v4.13")
    assert (v2.outcome, v2.commit, v2.repository, v2.release) == ("merged", commits[mark], "linux", "v4.13")


def test_a_cover_letter_is_found_in_the_message_of_its_merge(data: Path, tmp_path: Path) -> None:
    history = start()
    side = history.commit("bpf: the first thing", BEN, day("2017-06-18"), branch="side", start=1)
    merge = history.commit(MERGE, when=day("2017-06-20"), merging=side)
    history.tag("v4.13", day("2017-09-03"))
    commits = history.save(tmp_path / "linux")
    rows = found(data, "--git", tmp_path / "linux")
    assert of(rows, "two-things-at-once").commit == commits[merge]
    assert of(rows, "the-first-thing").commit == commits[side]


def test_a_cover_letter_without_a_merge_takes_the_outcome_of_its_patches(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.commit("bpf: the second thing", BEN, day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.save(tmp_path / "linux")
    cover = of(found(data, "--git", tmp_path / "linux"), "two-things-at-once")
    assert (cover.outcome, cover.commit, cover.release, cover.grade) == ("merged", "", "v4.13", "series")


def test_two_commits_of_one_subject_and_author_are_ambiguous(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.commit("bpf: the first thing", BEN, day("2017-10-18"))
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.outcome, row.commit, row.grade) == ("unknown", "", "ambiguous")
    assert "v4.13" in row.source
    assert "v4.14" in row.source


def test_a_patch_applied_to_two_branches_belongs_to_the_first_release(data: Path, tmp_path: Path) -> None:
    history = start()
    first = history.commit("bpf: the first thing", BEN, day("2017-06-18"), sent=day("2017-06-10"))
    history.tag("v4.13", day("2017-09-03"))
    history.commit("bpf: the first thing", BEN, day("2017-10-18"), sent=day("2017-06-10"))
    history.tag("v4.14", day("2017-11-12"))
    commits = history.save(tmp_path / "linux")
    assert of(found(data, "--git", tmp_path / "linux"), "the-first-thing").commit == commits[first]


def test_a_patch_that_was_reverted_and_applied_again_belongs_to_the_release_that_kept_it(
    data: Path, tmp_path: Path
) -> None:
    history = start()
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.commit('Revert "bpf: the first thing"', when=day("2017-06-20"))
    history.tag("v4.13", day("2017-09-03"))
    again = history.commit("bpf: the first thing", BEN, day("2017-10-18"))
    history.tag("v4.14", day("2017-11-12"))
    commits = history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.commit, row.release) == (commits[again], "v4.14")


def test_a_revert_is_reported(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.commit('Revert "bpf: the first thing"', when=day("2017-10-20"))
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.outcome, row.release, "in v4.14" in row.source) == ("merged", "v4.13", True)


def test_a_link_to_the_mail_is_enough_if_the_subject_changed(data: Path, tmp_path: Path) -> None:
    history = start()
    message = "bpf: named anew\n\nLink: https://lore.kernel.org/netdev/2017061.77-una@example.org\n"
    mark = history.commit(message, "Una Example <una@example.org>", day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    commits = history.save(tmp_path / "linux")
    assert of(found(data, "--git", tmp_path / "linux"), "renamed-when-applied").commit == commits[mark]


def test_an_unreleased_commit_is_merged_without_a_release(data: Path, tmp_path: Path) -> None:
    history = start()
    mark = history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    commits = history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.outcome, row.commit, row.release) == ("merged", commits[mark], "")


def test_a_release_candidate_determines_the_next_release(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.tag("v4.13-rc1", day("2017-07-15"))
    history.save(tmp_path / "linux")
    assert of(found(data, "--git", tmp_path / "linux"), "the-first-thing").release == "v4.13"


def test_another_project_has_its_own_releases(data: Path, tmp_path: Path) -> None:
    history = start("v4.12.0")
    history.commit("tc: show the thing", EVE, day("2017-06-18"))
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.tag("v4.13.0", day("2017-09-05"))
    history.save(tmp_path / "iproute2")
    rows = found(data, "--git", tmp_path / "iproute2")
    assert [(row.repository, row.release) for row in rows.values()] == [("iproute2", "v4.13.0")]


def test_a_commit_of_llvm_is_found_by_its_revision(data: Path, tmp_path: Path) -> None:
    history = start("llvmorg-5.0.0")
    mark = history.commit("Whatever\n\nllvm-svn: 302055\n", when=day("2017-05-03"))
    history.tag("llvmorg-6.0.0", day("2018-03-08"))
    commits = history.save(tmp_path / "llvm")
    row = of(found(data, "--git", tmp_path / "llvm"), "add-a-thing")
    assert (row.repository, row.release, row.commit) == ("llvm", "6.0.0", commits[mark])


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    history = start()
    history.commit("bpf: the first thing", BEN, day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.save(tmp_path / "linux")
    return tmp_path / "linux"


@pytest.mark.parametrize(
    "how", [["--bare"], ["--no-checkout", "--depth=2"], ["--filter=blob:none"], ["--bare", "--filter=blob:none"]]
)
def test_bare_shallow_and_blobless_clones_are_read(data: Path, clone: Path, tmp_path: Path, how: list[str]) -> None:
    git("-C", str(clone), "config", "uploadpack.allowFilter", "true")
    git("clone", "-q", *how, f"file://{clone}", str(tmp_path / "copy"))
    assert of(found(data, "--git", tmp_path / "copy"), "the-first-thing").release == "v4.13"


def test_a_saved_log_gives_the_same_outcomes_as_the_clone(data: Path, clone: Path, tmp_path: Path) -> None:
    saved = tmp_path / "log-4.13"
    saved.write_text(git("-C", str(clone), "log", "v4.12..v4.13"))
    by_clone = found(data, "--git", clone)
    (data / "outcomes.tsv").unlink()
    assert found(data, "--log", f"v4.13={saved}") == by_clone


def test_settings_of_the_clone_do_not_matter(data: Path, clone: Path, tmp_path: Path) -> None:
    before = found(data, "--git", clone)
    for name in ("log.showSignature", "log.follow", "color.ui"):
        git("-C", str(clone), "config", name, "always" if name == "color.ui" else "true")
    git("-C", str(clone), "config", "format.pretty", "oneline")
    git("-C", str(clone), "config", "core.fsmonitor", str(tmp_path / "ran"))
    assert found(data, "--git", clone) == before


def test_an_unusable_folder_gives_one_message(data: Path, clone: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    git("init", "-q", str(tmp_path / "untagged"))
    (clone / "net").mkdir()
    (tmp_path / "log").write_text("nothing\n")
    for arguments in (
        ("--git", tmp_path / "missing"), ("--git", tmp_path / "empty"), ("--git", tmp_path / "untagged"),
        ("--git", clone / "net"), ("--log", f"v4.13={tmp_path / 'log'}"), ("--log", f"v4.13={tmp_path / 'none'}"),
    ):  # fmt: skip
        ran = run(data, *arguments)
        assert (ran.exit_code, len(ran.output.splitlines())) == (1, 1), (ran.output, ran.exception)
        assert not (data / "outcomes.tsv").exists()


def test_a_damaged_clone_gives_one_message(data: Path, clone: Path) -> None:
    shutil.rmtree(clone / ".git" / "objects")
    (clone / ".git" / "objects").mkdir()
    ran = run(data, "--git", clone)
    assert (ran.exit_code, len(ran.output.splitlines())) == (1, 1), (ran.output, ran.exception)
