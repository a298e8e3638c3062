"""Write the files for an archive in a Git repository: .gitignore, and a workflow that publishes the site."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from indexer import __version__
from indexer.cli.terminal import put
from indexer.sources.files import write_whole
from indexer.sources.folders import make_folder
from indexer.sources.replacing import READY, WRITING

TEMPLATES = Path(__file__).parent / "workflows"
IGNORED = f"""\
# Files that backissue builds again: indexes, sites, and temporary files.
/.backissue/
/data/
/public/
/site/
{WRITING}*
{READY}*
"""
HEAD = "ref: refs/heads/"
BRANCH = "main"


@dataclass(frozen=True, slots=True)
class Host:
    """The path of a workflow, another path if that exists, and the advice to print then."""

    path: str
    beside: str
    then: str


HOSTS = {
    "github": Host(".github/workflows/backissue.yml", ".github/workflows/backissue.new.yml", "Compare the two."),
    "gitlab": Host(".gitlab-ci.yml", "backissue.gitlab-ci.yml", "Add `include: backissue.gitlab-ci.yml` to the first."),
}


def write_ignored(folder: Path) -> None:
    """Write the .gitignore of an archive folder, unless it has one."""
    path = folder / ".gitignore"
    if not path.exists():
        write_whole(path, IGNORED.encode())


def write_workflow(host: str, folder: Path) -> None:
    """Write the workflow for a host to the repository of an archive folder. An existing one is not overwritten."""
    repository = repository_of(folder)
    text = workflow(host, os.path.relpath(folder, repository), branch_of(repository)).encode()
    path, beside = (repository / name for name in (HOSTS[host].path, HOSTS[host].beside))
    if path.exists() and path.read_bytes() == text:
        put(f"{path} exists already.")
        return
    written = beside if path.exists() else path
    make_folder(written.parent)
    write_whole(written, text)
    put(f"{path} was not changed. {beside} was written. {HOSTS[host].then}" if written is beside else f"Wrote {path}.")


def workflow(host: str, archive: str, branch: str = BRANCH) -> str:
    """Return the workflow that publishes an archive. The path is relative to the repository."""
    values = {"@ARCHIVE@": Path(archive).as_posix(), "@BRANCH@": branch, "@BACKISSUE@": f"backissue=={__version__}"}
    text = (TEMPLATES / f"{host}.yml").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, value.replace("\\", "\\\\").replace('"', '\\"'))
    return text


def repository_of(folder: Path) -> Path:
    """Return the top folder of the repository around a folder, or the folder itself if it is in none."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def branch_of(repository: Path) -> str:
    """Return the current branch of a repository, or the default one."""
    try:
        head = (repository / ".git" / "HEAD").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return BRANCH
    return head.strip().removeprefix(HEAD) if head.startswith(HEAD) else BRANCH
