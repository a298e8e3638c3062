"""backissue init --publish writes a workflow whose steps build the site of an archive in a newsletter's repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.cli.publishing import HOSTS, workflow

ISSUE = """---
title: "ZZ Weekly #{n}"
date: 2024-01-{n:02d}
---

## News

- [Article number {n}](https://example.org/a/{n}), which explains something about gardens
- [Another for {n}](https://example.org/b/{n}), which explains another thing about gardens
"""
BASE_URL = "https://zz.example/weekly"


def git(folder: Path, *args: str) -> str:
    own = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=trunk")
    command = ["git", "-C", str(folder), *own, *args]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def run(*args: object) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output
    return result


def write(posts: Path, *numbers: int) -> None:
    posts.mkdir(exist_ok=True)
    for n in numbers:
        (posts / f"post-{n}.md").write_text(ISSUE.format(n=n), encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a newsletter's repository, with posts/ and a branch that is not main."""
    folder = tmp_path / "zz weekly"
    folder.mkdir()
    git(folder, "init", "-q")
    write(folder / "posts", 1, 2, 3)
    return folder


def steps(host: str, text: str) -> list[tuple[str, bool]]:
    """Return the commands of a workflow in order, each with whether a failure is ignored."""
    held: dict[str, Any] = yaml.safe_load(text)
    if host == "gitlab":
        return [(line, False) for line in held["pages"]["script"]]
    return [
        (step["run"], step.get("continue-on-error", False)) for step in held["jobs"]["build"]["steps"] if "run" in step
    ]


def settings(host: str, text: str) -> dict[str, str]:
    held: dict[str, Any] = yaml.safe_load(text)
    return held["pages"]["variables"] if host == "gitlab" else held["env"]  # type: ignore[no-any-return]


def run_steps(host: str, checkout: Path) -> str:
    """Run the commands of a workflow in a checkout as the host does, and return their output."""
    text = (checkout / HOSTS[host].path).read_text(encoding="utf-8")
    given = {"BASE_URL": BASE_URL, "CI_PAGES_URL": BASE_URL}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = ""
    for command, goes_on in steps(host, text):
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            cwd=checkout, env=os.environ | settings(host, text) | given | {"PATH": path}, timeout=300,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert goes_on or done.returncode == 0, f"{command}: {done.stderr}"
        said += done.stdout
    return said


@pytest.mark.parametrize(("host", "site"), [("github", "site"), ("gitlab", "public")])
def test_the_steps_of_a_workflow_build_the_site(tmp_path: Path, repository: Path, host: str, site: str) -> None:
    run("init", repository / "archive", repository / "posts", "--name", "zz", "--publish", host)
    write(repository / "posts", 4)  # comes after init, so that the workflow has to fetch it
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "Publish the archive")
    git(tmp_path, "clone", "-q", str(repository), "checkout")
    said = run_steps(host, tmp_path / "checkout")
    assert "zz: 1 new issue (4), 0 changed." in said
    made = tmp_path / "checkout" / site
    assert (made / "issue" / "zz" / "4.html").exists()
    assert f"{BASE_URL}/" in (made / "sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("host", HOSTS)
def test_a_missing_source_does_not_stop_the_build_of_the_site(repository: Path, host: str) -> None:
    run("init", repository / "archive", repository / "posts", "--name", "zz", "--publish", host)
    for path in (repository / "posts").iterdir():
        path.unlink()
    (repository / "posts").rmdir()
    assert "3 issues" in run_steps(host, repository)


@pytest.mark.parametrize("host", HOSTS)
def test_a_workflow_is_valid_for_its_host(tmp_path: Path, host: str) -> None:
    pytest.importorskip("yamllint")
    pytest.importorskip("check_jsonschema")
    path = tmp_path / "workflow.yml"
    path.write_text(workflow(host, 'folder "of" issues'), encoding="utf-8")
    schema = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[host]
    rules = "{extends: default, rules: {line-length: {max: 120}, document-start: disable, truthy: disable}}"
    for command in (
        ["check_jsonschema", "--builtin-schema", schema],
        ["yamllint", "--strict", "-d", rules],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, path], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert settings(host, path.read_text(encoding="utf-8"))["BACKISSUE_ARCHIVE"] == 'folder "of" issues'


def test_the_workflow_runs_for_the_repository_s_current_branch(repository: Path) -> None:
    run("init", repository / "archive", repository / "posts", "--publish", "github")
    text = (repository / HOSTS["github"].path).read_text(encoding="utf-8")
    assert 'branches: ["trunk"]' in text
    assert settings("github", text)["BACKISSUE_ARCHIVE"] == "archive"


@pytest.mark.parametrize("host", HOSTS)
def test_an_existing_workflow_is_not_overwritten(repository: Path, host: str) -> None:
    there = repository / HOSTS[host].path
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text("# mine\n", encoding="utf-8")
    said = run("init", repository / "archive", repository / "posts", "--publish", host).output
    assert there.read_text(encoding="utf-8") == "# mine\n"
    assert f"{there} was not changed. {repository / HOSTS[host].beside} was written." in said
    assert (repository / HOSTS[host].beside).exists()


def test_git_sees_only_text_in_an_archive_folder(repository: Path) -> None:
    archive = repository / "archive"
    run("init", archive, repository / "posts", "--name", "zz")
    run("index", "--archive", archive, "--data", archive / "data")
    run("export", "--static", archive / "site", "--archive", archive, "--data", archive / "data")
    git(repository, "add", "-A")
    added = git(repository, "diff", "--cached", "--numstat", "--", "archive").splitlines()
    names = {line.split("\t")[2] for line in added}
    copies = {f"archive/newsletters/zz/{n:02d}{suffix}" for n in (1, 2, 3) for suffix in (".md", ".told")}
    assert names == {"archive/.gitignore", "archive/newsletters/zz/newsletter.toml", *copies}
    assert not [line for line in added if line.startswith("-")]  # as git shows a binary file
    assert git(repository, "status", "--porcelain", "--untracked-files=all", "archive").count("A  ") == len(names)


def test_a_new_index_leaves_nothing_to_commit(repository: Path) -> None:
    archive = repository / "archive"
    folders = ("--archive", archive, "--data", archive / "data")
    run("init", archive, repository / "posts", "--name", "zz")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "Issues")
    run("fetch", *folders)
    run("check", *folders)
    assert git(repository, "status", "--porcelain") == ""
