"""A data folder of version 0.1 keeps its entries, URLs and added issues."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.sources.archive import Archive
from tests.conftest import ROOT
from webui.app import create_app

FIRST = "6c2dbaf"
WEEKLY = """---
title: Garden Weekly 1
---

## News

{{< sponsor >}}

- **Compost**: how a [small flat](https://garden.example/compost) makes soil of its kitchen waste.

Read on: [Watering in the evening](https://garden.example/water) explains why roses like it.

## Tools

- [Seedbook](https://github.com/garden/seedbook) keeps a diary of your beds.
"""
TABLE = """
[garden-weekly]
name = "Garden Weekly"
titles = ['Garden Weekly (?P<number>\\d+)']
[garden-weekly.sections]
"news" = "article"
"tools" = "project"
"""
# Code for version 0.1 that prints ids and kinds of entries, and the URLs of its pages.
ASKED = """
import json, re, sys
from pathlib import Path
from indexer.library import open_library
from webui.app import create_app
data = Path(sys.argv[1])
with open_library(data) as library:
    entries = [[entry.id, entry.kind] for entry in library.entries()]
sitemap = create_app(data).test_client().get("/sitemap.xml").text
print(json.dumps({"entries": entries, "paths": re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", sitemap)}))
"""
OTHER_PATHS = (
    "/?q=xdp&kernel=v4.15&how=landed&sort=newest /?kernel=v4.14&topic=xdp&kind=talk /issue/13 /issue/bpf-updates "
    "/issue/bpf-updates/in/2017 /go/bpf_getsockopt /search.atom?q=xdp /search.json?q=xdp /opensearch.xml "
    "/suggest.json?q=xd /robots.txt /api /api/v1/series /api/v1/authors /api/v1/identifiers /api/v1/issues "
    "/api/v1/issues/bpf-updates/13 /api/v1/kernels /api/v1/kernels/v4.15 /api/v1/search?q=xdp&kernel=v4.15 "
    "/api/v1/suggest?q=xd /api/v1/topics /api/v1/topics/xdp /api/v1/openapi.json /healthz"
).split()


@dataclass(frozen=True, slots=True)
class Left:
    """What version 0.1 left: archive folder, data folder, entries by id with their kinds, and paths."""

    archive: Path
    data: Path
    entries: dict[str, str]
    paths: list[str]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the code of version 0.1 from the repository's history."""
    packed = subprocess.run(["git", "-C", ROOT, "archive", FIRST], capture_output=True, check=False, timeout=300)
    if packed.returncode:
        pytest.skip("needs the history of the repository, with version 0.1 in it")
    folder = tmp_path_factory.mktemp("first")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as held:
        held.extractall(folder, filter="data")
    return folder


def old(program: Path, code: str, *args: object) -> str:
    """Run code of version 0.1 and return its output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BACKISSUE"))}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *map(str, args)], cwd=program, env=clean,
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def left(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Return the files of a user of 0.1, with a newsletter in a copy of the shipped archive."""
    folder = tmp_path_factory.mktemp("left")
    archive, data = folder / "archive", folder / "data"
    shutil.copytree(program / "archive", archive)
    for number in range(4, 13):
        (archive / "bpf-updates" / f"{number:02d}.md").unlink()
    with (archive / "newsletters.toml").open("a", encoding="utf-8") as table:
        table.write(TABLE)
    (folder / "weekly.md").write_text(WEEKLY, encoding="utf-8")
    (folder / "second.md").write_text(WEEKLY.replace("Weekly 1", "notes"), encoding="utf-8")
    said = ("--newsletter", "garden-weekly", "--issue", 2, "--date", "2016-07-01")
    places = ("--archive", archive, "--data", data)
    command = "import sys; from webui.command import main; main()"
    old(program, command, "add", "--newsletter", "garden-weekly", "--date", "2016-06-01", folder / "weekly.md", *places)
    old(program, command, "add", *said, folder / "second.md", *places)
    known = json.loads(old(program, ASKED, data))
    return Left(archive, data, dict(known["entries"]), known["paths"])


@pytest.fixture
def data(left: Left, tmp_path: Path) -> Path:
    """Return a copy of the data folder."""
    return Path(shutil.copytree(left.data, tmp_path / "data"))


def run(archive: Path | None, data: Path, *args: str) -> Result:
    folder = ["--archive", str(archive)] if archive else []
    return CliRunner().invoke(cli, [*args, *folder, "--data", str(data)])


def entries(archive: Path | None, data: Path) -> dict[str, str]:
    lines = run(archive, data, "export", "--format", "jsonl").stdout.splitlines()
    return {entry["id"]: entry["kind"] for entry in map(json.loads, lines)}


def test_an_unreadable_original_does_not_stop_the_conversion(left: Left, data: Path) -> None:
    [broken] = (data / "originals" / "garden-weekly").glob("01.md")
    broken.unlink()
    os.mkfifo(broken)
    built = run(None, data, "index")
    assert "was rebuilt" in built.stderr
    assert "01.md" in built.output
    assert any(each.startswith("garden-weekly/2/") for each in entries(None, data))


def test_an_archive_of_version_0_1_keeps_each_entry_and_its_kind(left: Left, data: Path) -> None:
    built = run(left.archive, data, "index")
    assert built.exit_code == 0, built.output
    assert "The index of version 0.1.0 was rebuilt." in built.stderr
    assert "0 problems" in built.stdout
    assert entries(left.archive, data) == left.entries
    assert "anew" not in run(left.archive, data, "index").output


def test_each_address_of_version_0_1_leads_to_a_page(left: Left, data: Path) -> None:
    run(left.archive, data, "index")
    client = create_app(data).test_client()
    paths = [*left.paths, *OTHER_PATHS]
    assert len(paths) > 400
    answers = {path: client.get(path, follow_redirects=True).status_code for path in paths}
    assert {path: code for path, code in answers.items() if code != 200} == {}


def test_ids_that_changed_with_the_dividing_are_redirected(left: Left, data: Path) -> None:
    built = run(None, data, "index")  # over the currently shipped archive, which has no garden newsletter
    assert "ids of entries have changed and are redirected" in built.stderr
    now = entries(None, data)
    gone = [each for each in left.entries if each.startswith("garden-weekly/") and each not in now]
    assert gone
    client = create_app(data).test_client()
    for each in gone:
        answer = client.get(f"/entry/{each}")
        assert answer.status_code in (301, 308), each
        assert answer.headers["Location"].removeprefix("/entry/") in now
        assert run(None, data, "show", each).exit_code == 0


def test_added_issues_stay_unchanged(left: Left, data: Path) -> None:
    before = {path.name: path.read_bytes() for path in (left.data / "originals" / "garden-weekly").iterdir()}
    run(left.archive, data, "index")
    after = {path.name: path.read_bytes() for path in (data / "originals" / "garden-weekly").iterdir()}
    assert after == before
    assert "2016-07-01" in run(left.archive, data, "issues").stdout


def test_before_the_conversion_a_command_explains_what_to_do(left: Left, data: Path) -> None:
    result = run(left.archive, data, "search", "compost")
    assert result.exit_code == 1
    assert "backissue index" in result.stderr.replace("`", "")


def test_tables_of_version_0_1_in_an_archive_are_recognised(left: Left, tmp_path: Path) -> None:
    assert Archive(left.archive, tmp_path).is_first
    assert {each.dividing for each in Archive(left.archive, tmp_path).newsletters.values()} == {"by table"}
