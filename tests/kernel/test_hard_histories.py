"""`backissue outcomes` on histories in which patches are not simply committed under their subject and author."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.model import Outcome
from tests.kernel.history import History, git
from tests.kernel.outcomes import ANN, BEN, day, found, of, start

FIRST = "bpf: the first thing"
JUNE, JULY, OCTOBER = (day(f"2017-{each}") for each in ("06-18", "07-18", "10-18"))


def released(history: History, folder: Path, data: Path) -> tuple[dict[int, str], dict[str, Outcome]]:
    """Return the commits by mark, and the outcomes if v4.13 contains all of them."""
    history.tag("v4.13", day("2017-09-03"))
    commits = history.save(folder)
    return commits, found(data, "--git", folder)


@pytest.mark.parametrize(
    "subject",
    [
        "bpf: the\n first  thing",
        "[PATCH net-next v3 1/2] bpf: the first thing.",
        "BPF: The `first` thing",
        "net: bpf: the first thing",
        "bpf, x86: the first thing",
    ],
)
def test_a_subject_may_change_before_the_commit(data: Path, tmp_path: Path, subject: str) -> None:
    history = start()
    mark = history.commit(f"{subject}\n\nWhy.\n", BEN, JUNE, sent=JUNE - 9)
    commits, rows = released(history, tmp_path / "linux", data)
    assert of(rows, "the-first-thing").commit == commits[mark]


def test_the_same_change_to_another_driver_is_another_patch(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("mlx5: the first thing", BEN, JULY, sent=JULY - 9)
    _, rows = released(history, tmp_path / "linux", data)
    assert not any("the-first-thing" in entry for entry in rows)


def test_a_truncated_subject_is_found_by_its_opening(data: Path, tmp_path: Path) -> None:
    history = start()
    mark = history.commit("selftests/bpf: check that the verifier rejects bad pointers", BEN, JUNE)
    history.commit("selftests/bpf: check that the verifier rejects more", ANN, JUNE)
    commits, rows = released(history, tmp_path / "linux", data)
    assert of(rows, "that-the-verifier-rejects").commit == commits[mark]


@pytest.mark.parametrize(
    ("author", "trailer"),
    [
        ("Quiet Author <q@example.org>", "Signed-off-by: Bjorn Luk <b@example.org>"),
        ("Quiet Author <q@example.org>", "Co-developed-by: Bjørn Łuk <b@example.org>"),
        ("Luk, Bjørn <b@example.org>", ""),
        ("Bjoern Luk <b@example.org>", ""),
        ("Bjorn Q. Łuk (Corp) <b@example.org>", ""),
        ("bl <bl@corp.example>", ""),
    ],
)
def test_people_are_found_by_other_names(data: Path, tmp_path: Path, author: str, trailer: str) -> None:
    history = start()
    mark = history.commit(f"bpf: written by another\n\n{trailer}\n", author, JUNE)
    history.commit("map names", when=JUNE, mailmap="Bjorn Luk <b@example.org> <bl@corp.example>\n")
    commits, rows = released(history, tmp_path / "linux", data)
    assert (rows and of(rows, "written-by-another").commit) == commits[mark]


def test_a_revert_of_a_revert_brings_a_patch_back(data: Path, tmp_path: Path) -> None:
    history = start()
    mark = history.commit(FIRST, BEN, JUNE)
    history.commit(f'Revert "{FIRST}"', when=JUNE + 60)
    history.commit(f'Revert "Revert "{FIRST}""', when=JUNE + 120)
    commits, rows = released(history, tmp_path / "linux", data)
    row = of(rows, "the-first-thing")
    assert (row.commit, row.release, row.grade) == (commits[mark], "v4.13", "author")


def test_a_patch_that_is_applied_again_later_belongs_to_the_later_release(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(FIRST, BEN, JUNE)
    history.commit(f'Revert "{FIRST}"', when=JUNE + 60)
    history.tag("v4.13", day("2017-09-03"))
    mark = history.commit(f'Reapply "{FIRST}"', when=OCTOBER)
    history.tag("v4.14", day("2017-11-12"))
    commits = history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.outcome, row.commit, row.release) == ("merged", commits[mark], "v4.14")


@pytest.mark.parametrize(
    "message",
    [
        "Merge branch 'x'\n\nBen Example says:\n\n====\nbpf: two things\nat once\n\nBoth.\n",
        "Merge branch 'bpf: two things at once'\n\nBen Example says:\n\n====\nBoth.\n",
    ],
)
def test_the_title_of_a_cover_letter_may_be_folded_or_name_the_branch(data: Path, tmp_path: Path, message: str) -> None:
    history = start()
    side = history.commit("bpf: something else", BEN, JUNE, branch="side", start=1)
    merge = history.commit(message, when=JUNE + 60, merging=side)
    commits, rows = released(history, tmp_path / "linux", data)
    assert of(rows, "two-things-at-once").commit == commits[merge]


def test_a_release_without_a_tag_is_not_taken_for_the_next(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(FIRST, BEN, JUNE)
    history.commit("bpf: the second thing", BEN, JUNE)
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.outcome, row.release) == ("merged", "")


def test_a_candidate_replaces_a_release_without_a_tag(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(FIRST, BEN, JUNE)
    history.tag("v4.13-rc7", day("2017-08-28"))
    history.commit("bpf: the second thing", BEN, OCTOBER)
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    rows = found(data, "--git", tmp_path / "linux")
    assert [of(rows, f"the-{each}-thing").release for each in ("first", "second")] == ["v4.13", "v4.14"]


def test_a_cherry_pick_into_an_earlier_release_counts(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("open net-next", when=JUNE - 60, branch="next", start=1)
    picked = history.commit(FIRST, BEN, JUNE, sent=JUNE - 99, branch="next")
    mark = history.commit(f"{FIRST}\n\n(cherry picked from commit {picked:040x})", BEN, JULY, sent=JUNE - 99)
    history.tag("v4.13", day("2017-09-03"))
    history.commit("Merge net-next", when=OCTOBER, merging=picked)
    history.tag("v4.14", day("2017-11-12"))
    commits = history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.commit, row.release) == (commits[mark], "v4.13")


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    """Return a clone whose authors are known only from .mailmap, and a patch by one of them."""
    history = start()
    history.commit(FIRST, BEN, JUNE)
    history.commit("bpf: the second thing", "be <be@corp.example>", JUNE)
    history.commit("map names", when=JULY, mailmap="Ben Example <ben@example.org> <be@corp.example>\n")
    history.tag("v4.13", day("2017-09-03"))
    history.save(tmp_path / "linux")
    git("-C", str(tmp_path / "linux"), "config", "uploadpack.allowFilter", "true")
    return tmp_path / "linux"


@pytest.mark.parametrize(
    "how",
    [
        ["--bare"],
        ["--no-checkout"],
        ["--bare", "--filter=blob:none"],
        ["--no-checkout", "--filter=blob:none"],
        ["--bare", "--filter=tree:0"],
    ],
    ids=" ".join,
)
def test_the_mailmap_is_read_or_fetched(data: Path, mapped: Path, tmp_path: Path, how: list[str]) -> None:
    git("clone", "-q", *how, f"file://{mapped}", str(tmp_path / "copy"))
    rows = found(data, "--git", tmp_path / "copy")
    assert [of(rows, f"the-{each}-thing").outcome for each in ("first", "second")] == ["merged", "merged"]


def test_without_its_origin_a_partial_clone_is_read_without_the_mailmap(
    data: Path, mapped: Path, tmp_path: Path
) -> None:
    git("clone", "-q", "--bare", "--filter=blob:none", f"file://{mapped}", str(tmp_path / "copy"))
    mapped.rename(tmp_path / "moved")
    rows = found(data, "--git", tmp_path / "copy")
    assert [of(rows, f"the-{each}-thing").outcome for each in ("first", "second")] == ["merged", "unknown"]


def test_fetching_the_mailmap_runs_no_program_of_the_clone(data: Path, mapped: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    git("clone", "-q", "--bare", "--filter=blob:none", f"file://{mapped}", str(copy))
    git("-C", str(copy), "config", "remote.origin.uploadpack", f"touch {tmp_path / 'ran'}; git-upload-pack")
    found(data, "--git", copy)
    git("-C", str(copy), "config", "remote.origin.url", f"ext::touch {tmp_path / 'ran'}")
    (data / "mailmaps").rename(tmp_path / "mailmaps")
    found(data, "--git", copy)
    assert not (tmp_path / "ran").exists()


def test_packed_and_light_tags_and_long_ids_are_read(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(FIRST, BEN, JUNE)
    history.save(tmp_path / "linux", "sha256")
    git("-C", str(tmp_path / "linux"), "tag", "v4.13")
    git(
        "-C",
        str(tmp_path / "linux"),
        "-c",
        "user.name=D",
        "-c",
        "user.email=d@e",
        "tag",
        "-m",
        "of a tag",
        "v4.14",
        "v4.13",
    )
    git("-C", str(tmp_path / "linux"), "pack-refs", "--all")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (len(row.commit), row.release) == (64, "v4.13")


def test_a_commit_only_on_a_stable_branch_is_no_outcome(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit("bpf: the second thing", BEN, JUNE)
    history.tag("v4.13", day("2017-09-03"))
    branched = history.heads["master"]
    history.commit(FIRST, BEN, OCTOBER, branch="linux-4.13.y", start=branched)
    history.tag("v4.13.1", OCTOBER + 60, branch="linux-4.13.y")
    history.save(tmp_path / "linux")
    address = f"file://{tmp_path / 'linux'}"
    git("clone", "-q", "--single-branch", "--branch=linux-4.13.y", address, str(tmp_path / "copy"))
    rows = found(data, "--git", tmp_path / "copy")
    assert of(rows, "the-second-thing").release == "v4.13"
    assert not any(entry.endswith("the-first-thing") for entry in rows)
