"""`backissue outcomes` on clones with other branches, missing tags, other encodings and other names of releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.sources.archive import Archive
from tests.kernel.history import History, git
from tests.kernel.outcomes import BEN, day, found, of, start
from tests.kernel.rough import rough_clone
from tests.kernel.rough_merges import MERGES

FIRST, SECOND = "bpf: the first thing", "bpf: the second thing"
LLVM = "[bpf] add a thing"


@pytest.fixture(scope="module")
def rough(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[str, str]]]:
    """Return a clone and the true commit and release of each patch in it."""
    folder = tmp_path_factory.mktemp("rough") / "linux"
    made, commits = rough_clone(archive, folder, seed=22, covers=MERGES)
    git("-C", str(folder), "config", "uploadpack.allowFilter", "true")
    return folder, {entry: (commits[mark], release) for entry, (mark, release) in made.truth.items()}


def recall(data: Path, clone: Path, truth: dict[str, tuple[str, str]]) -> float:
    rows = found(data, "--git", clone)
    right = [entry for entry in truth if entry in rows and (rows[entry].commit, rows[entry].release) == truth[entry]]
    return len(right) / len(truth)


@pytest.mark.parametrize("kept", [("v4.12", "v4.14", "v4.16"), ("v4.15",), ("v4.18",), ("v4.14", "v4.14.1")])
def test_the_commit_of_a_release_stands_in_for_a_missing_tag(
    shipped_data: Path, rough: tuple[Path, dict[str, tuple[str, str]]], tmp_path: Path, kept: tuple[str, ...]
) -> None:
    clone, truth = rough
    git("clone", "-q", "--bare", "--no-local", str(clone), str(tmp_path / "copy"))
    tags = set(git("-C", str(tmp_path / "copy"), "tag").split()) - set(kept)
    git("-C", str(tmp_path / "copy"), "tag", "-d", *tags)
    assert recall(shipped_data, tmp_path / "copy", truth) >= 0.97


@pytest.mark.parametrize("kept", ["blob:none", "tree:0"])
def test_a_partial_clone_fetches_the_map_of_names(
    shipped_data: Path, rough: tuple[Path, dict[str, tuple[str, str]]], tmp_path: Path, kept: str
) -> None:
    clone, truth = rough
    git("clone", "-q", "--bare", f"--filter={kept}", f"file://{clone}", str(tmp_path / "copy"))
    assert recall(shipped_data, tmp_path / "copy", truth) >= 0.97


@pytest.mark.parametrize("way", ["replace", "file"])
def test_grafts_do_not_hide_commits(
    shipped_data: Path, rough: tuple[Path, dict[str, tuple[str, str]]], tmp_path: Path, way: str
) -> None:
    clone, truth = rough
    git("clone", "-q", "--bare", str(clone), str(tmp_path / "copy"))
    cut = git("-C", str(clone), "rev-list", "--first-parent", "--before=2017-09-20", "-1", "master").strip()
    if way == "file":
        (tmp_path / "copy" / "info" / "grafts").write_text(f"{cut}\n")
    else:
        git("-C", str(tmp_path / "copy"), "replace", "--graft", cut)
    assert recall(shipped_data, tmp_path / "copy", truth) >= 0.97


def test_only_commits_that_a_missing_release_cannot_contain_have_a_release(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(FIRST, BEN, day("2017-06-18"))
    history.commit(SECOND, BEN, day("2017-10-18"))
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    rows = found(data, "--git", tmp_path / "linux")
    assert [of(rows, f"the-{each}-thing").release for each in ("first", "second")] == ["", "v4.14"]
    assert "in v4.14 at the latest" in of(rows, "the-first-thing").source


def test_the_first_tag_of_a_clone_takes_no_older_commits_for_its_own(data: Path, tmp_path: Path) -> None:
    history = History()
    history.commit(FIRST, BEN, day("2017-06-18"), sent=day("2017-06-10"))
    history.commit(FIRST, BEN, day("2017-12-18"), sent=day("2017-12-10"))
    history.tag("v4.15", day("2018-01-28"))
    commits = history.save(tmp_path / "linux")
    row = of(found(data, "--git", tmp_path / "linux"), "the-first-thing")
    assert (row.commit, row.release) == (commits[1], "")


@pytest.mark.parametrize("declared", [True, False])
def test_commits_in_latin_1_are_read(data: Path, tmp_path: Path, *, declared: bool) -> None:
    history = start()
    history.commit("bpf: written by another", "Bjørn Luk <b@example.org>", day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    encoding = b"encoding ISO-8859-1\n" if declared else b""
    history.lines = [
        line.decode().encode("latin-1") + (encoding if line.startswith(b"author") else b"") for line in history.lines
    ]
    history.save(tmp_path / "linux")
    assert of(found(data, "--git", tmp_path / "linux"), "written-by-another").release == "v4.13"


@pytest.mark.parametrize("scheme", ["llvmorg-{}.0.0", "release_{}0", "RELEASE_{}00/final"])
def test_llvm_has_named_its_releases_in_several_ways(data: Path, tmp_path: Path, scheme: str) -> None:
    history = History()
    history.commit("start", when=day("2017-01-01"))
    history.tag(scheme.format(4), day("2017-03-13"))
    mark = history.commit(f"{LLVM}\n\nllvm-svn: 302055\n", "Leo Example <l@example.org>", day("2017-06-10"))
    history.tag(scheme.format(5), day("2017-09-07"))
    commits = history.save(tmp_path / "llvm")
    row = of(found(data, "--git", tmp_path / "llvm"), "r302055-add-a-thing")
    assert (row.commit, row.release, row.repository) == (commits[mark], "5.0.0", "llvm")


@pytest.mark.parametrize(("missing", "release"), [(False, "v4.12.0"), (True, "")])
def test_a_release_of_iproute2_without_a_tag_is_not_taken_for_the_next(
    data: Path, tmp_path: Path, release: str, *, missing: bool
) -> None:
    history = History()
    history.commit("start", when=day("2017-01-01"))
    history.tag("v4.11.0", day("2017-05-02"))
    history.commit("tc: show the thing", "Eve Example <eve@example.org>", day("2017-06-18"))
    if not missing:
        history.tag("v4.12.0", day("2017-07-06"))
    history.commit("more", when=day("2017-08-01"))
    history.tag("v4.13.0", day("2017-09-06"))
    history.save(tmp_path / "iproute2")
    assert of(found(data, "--git", tmp_path / "iproute2"), "show-the-thing").release == release


def test_a_checkout_of_an_old_release_has_the_newest_map_of_names(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(FIRST, "be <be@corp.example>", day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.commit("names", when=day("2017-10-01"), mailmap="Ben Example <ben@example.org> <be@corp.example>\n")
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    git("-C", str(tmp_path / "linux"), "checkout", "-q", "v4.13")
    assert of(found(data, "--git", tmp_path / "linux"), "the-first-thing").release == "v4.13"


def test_a_backport_with_a_long_id_is_no_release(data: Path, tmp_path: Path) -> None:
    history = start()
    history.commit(f"{FIRST}\n\ncommit {'1' * 64} upstream.\n", BEN, day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.save(tmp_path / "linux", "sha256")
    assert not any(entry.endswith("the-first-thing") for entry in found(data, "--git", tmp_path / "linux"))
