"""`backissue outcomes` recognises the project of a clone by what it holds, and never by a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.kernel.outcomes import read_outcomes
from tests.kernel.history import History, git
from tests.kernel.outcomes import BEN, EVE, day, found, of, run

KERNEL = "Kbuild MAINTAINERS net/core/filter.c"
TOOL = "ip/ip.c tc/tc.c lib/bpf.c"
JUNE = day("2017-06-18")
TAGS = {
    "v4.12": day("2017-07-02"),
    "v4.13-rc7": day("2017-08-28"),
    "v4.13": day("2017-09-03"),
    "v4.13.1": day("2017-09-10"),
    "v4.13.2": day("2017-09-13"),
}


def kernel(folder: Path, *tags: str, files: str = KERNEL, made: str = "Linux {}") -> Path:
    """Create a clone of the kernel with some of its tags."""
    history = History()
    history.commit("start", when=day("2017-01-01"), files=files)
    times: dict[str, int] = {}
    for tag, when in TAGS.items():
        if tag == "v4.13-rc7":
            history.commit("bpf: the first thing", BEN, JUNE + 30 * 86_400)
            history.commit("tc: show the thing", EVE, JUNE + 30 * 86_400)
        branch = {"branch": "linux-4.13.y", "start": history.heads["master"]} if tag.count(".") > 1 else {}
        history.commit(made.format(tag[1:]), when=when, **branch)  # type: ignore[arg-type]
        times[tag] = when
        if tag in tags:
            history.tag(tag, when, branch=branch.get("branch", "master"))  # type: ignore[arg-type]
    history.save(folder)
    return folder


@pytest.mark.parametrize(
    "tags",
    [("v4.12", "v4.13"), ("v4.13.1", "v4.13.2"), ("v4.13-rc7",), ("v4.13", "v4.13.1"), ("v4.12", "v4.13-rc7")],
    ids=" ".join,
)
@pytest.mark.parametrize("files", [KERNEL, "README"], ids=["with files", "without files"])
def test_a_clone_of_the_kernel_is_recognised_by_files_or_release_commits(
    data: Path, tmp_path: Path, tags: tuple[str, ...], files: str
) -> None:
    rows = found(data, "--git", kernel(tmp_path / "any", *tags, files=files))
    assert {row.repository for row in rows.values()} == {"linux"}
    assert of(rows, "the-first-thing").release == "v4.13"


def test_a_clone_of_unclear_origin_is_refused_until_its_project_is_named(data: Path, tmp_path: Path) -> None:
    clone = kernel(tmp_path / "any", "v4.13.1", files="README", made="release {}")
    before = run(data, "--git", clone)
    assert (before.exit_code, len(before.output.splitlines())) == (1, 1), before.output
    assert f"--git linux={clone} or --git iproute2={clone}" in before.output
    assert run(data, "--git", f"iproute2={clone}").exit_code == 0
    assert "v4.13.1" in (data / "outcomes.tsv").read_text()


def test_the_files_of_a_clone_outweigh_its_tags(data: Path, tmp_path: Path) -> None:
    rows = found(data, "--git", kernel(tmp_path / "any", "v4.12", "v4.13.1", files=TOOL))
    assert {row.repository for row in rows.values()} == {"iproute2"}


def test_a_bare_clone_without_trees_is_recognised_by_its_release_commits(data: Path, tmp_path: Path) -> None:
    source = kernel(tmp_path / "any", "v4.12", "v4.13.1")
    git("-C", str(source), "config", "uploadpack.allowFilter", "true")
    git("clone", "-q", "--bare", "--filter=tree:0", f"file://{source}", str(tmp_path / "copy"))
    assert of(found(data, "--git", tmp_path / "copy"), "the-first-thing").release == "v4.13"


def test_a_run_reports_which_project_the_clone_is_of(data: Path, tmp_path: Path) -> None:
    clone = kernel(tmp_path / "any", "v4.13")
    assert (
        f"Its files are those of Linux. For another project, use --git PROJECT={clone}."
        in run(data, "--git", clone).output
    )
    assert "PROJECT" not in run(data, "--git", f"linux={clone}").output


def test_a_clone_with_less_history_takes_nothing_from_the_table(data: Path, tmp_path: Path) -> None:
    before = found(data, "--git", kernel(tmp_path / "any", "v4.13"))
    later = History()
    later.commit("start", when=day("2017-09-04"), files=KERNEL)
    later.tag("v4.14", day("2017-11-12"))
    later.save(tmp_path / "later")
    run(data, "--git", tmp_path / "later")
    assert read_outcomes(data / "outcomes.tsv") == before


def test_a_branch_of_a_vendor_releases_nothing(data: Path, tmp_path: Path) -> None:
    history = History()
    history.commit("start", when=day("2017-01-01"), files=KERNEL)
    history.commit("Linux 4.12", when=TAGS["v4.12"])
    history.commit("bpf: the first thing\n\n(cherry picked from commit 0123456789ab)\n", BEN, JUNE + 90 * 86_400)
    history.tag("v4.12-vendor", JUNE + 91 * 86_400)
    history.tag("v4.12.7", JUNE + 91 * 86_400)
    history.save(tmp_path / "vendor")
    assert not run(data, "--git", tmp_path / "vendor").exit_code
    assert not any(entry.endswith("the-first-thing") for entry in read_outcomes(data / "outcomes.tsv"))
