"""Corrections change single entries, are shown everywhere, and survive another import of the issue."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli.root import cli
from tests.archives import little

ISSUE = """\
# BPF Updates 101

## Patches

- Ann Example, [[PATCH net-next] bpf: add a thing](https://marc.info/?l=n&m=1)

## Talks

- [A talk about maps](https://example.org/talk). It was good. [Another tool was shown](https://example.org/tool) there.
"""
PATCH = "bpf-updates/101/patch-net-next-bpf-add-a-thing"
CORRECTED = f"""\
["{PATCH}"]
title = "[PATCH net-next v2] bpf: add the thing"
versions = ["v4.13"]
outcome = "merged"
commit = "0123456789ab"
release = "v4.13"
reason = "The list has it as version 2."
source = "https://example.org/proof"
"""


def run(data: Path, *arguments: str) -> Result:
    folders = ["--archive", str(data.parent / "archive"), "--data", str(data)]
    return CliRunner().invoke(cli, [*arguments, *folders])


def add(data: Path, text: str = ISSUE) -> Result:
    path = data.parent / "101.md"
    path.write_text(text)
    return run(data, "add", str(path), "--newsletter", "bpf-updates", "--issue", "101", "--date", "2017-06-15")


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive to which the issue was added."""
    archive = little(tmp_path_factory.mktemp("added"))
    assert add(archive.data).exit_code == 0
    return archive.folder.parent


@pytest.fixture
def data(added: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(added, tmp_path / "copy")) / "data"


def correct(data: Path, text: str) -> Result:
    (data / "corrections.toml").write_text(text)
    return run(data, "index")


def entry(data: Path, entry_id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(data, "show", entry_id, "--json").output)
    return found


def ids(data: Path) -> list[str]:
    found = run(data, "search", "issue:101", "--json", "--limit", "50").output
    return [json.loads(line)["id"] for line in found.splitlines()]


def test_corrected_fields_keep_their_previous_values(data: Path) -> None:
    before = entry(data, PATCH)
    correct(data, CORRECTED)
    after = entry(data, PATCH)
    assert before["corrections"] == []
    assert (after["title"], after["version"]) == ("[PATCH net-next v2] bpf: add the thing", 2)
    assert [each["version"] for each in after["kernel"]] == ["v4.13"]  # type: ignore[attr-defined]
    assert after["outcome"]["commit"] == "0123456789ab"  # type: ignore[index]
    assert {each["field"]: each["before"] for each in after["corrections"]}["title"] == before["title"]  # type: ignore[attr-defined]
    shown = run(data, "show", PATCH).output
    assert "corrected title" in shown
    assert "The list has it as version 2." in shown


def test_corrections_survive_another_import(data: Path) -> None:
    correct(data, CORRECTED)
    add(data, ISSUE + "\nOne more line.\n")
    assert entry(data, PATCH)["title"] == "[PATCH net-next v2] bpf: add the thing"


def test_an_entry_is_split_and_keeps_its_id(data: Path) -> None:
    before = ids(data)
    (talk,) = (each for each in before if "talk" in each)
    problems = correct(data, f'["{talk}"]\nsplit = ["Another tool"]\nreason = "Two things."\n')
    after = ids(data)
    assert problems.exit_code == 0
    assert set(before) < set(after)
    (new,) = set(after) - set(before)
    assert entry(data, new)["url"] == "https://example.org/tool"
    assert "Another tool" not in str(entry(data, talk)["body"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'["{PATCH}"]\ntitle = "x"\n', "no reason"),
        (f'["{PATCH}"]\ncolour = "x"\nreason = "x"\n', "colour is unknown"),
        (f'["{PATCH}"]\noutcome = "lost"\nreason = "x"\n', "'lost' is not an outcome"),
        ("[[[", "Write one table per entry"),
    ],
)
def test_an_invalid_file_gives_one_message(data: Path, text: str, said: str) -> None:
    ran = correct(data, text)
    assert ran.exit_code == 1
    assert said in ran.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["bpf-updates/101/nothing"]\nreason = "x"\n', "no such entry"),
        (f'["{PATCH}"]\nkind = "tune"\nreason = "x"\n', "unknown kind"),
        (f'["{PATCH}"]\nsplit = ["not there"]\nreason = "x"\n', "splits at"),
    ],
)
def test_a_correction_without_a_match_is_a_problem(data: Path, text: str, said: str) -> None:
    assert said in correct(data, text).output
