"""The manual is true: examples print what it shows, tables are complete, and there is no dead link."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.cli import cli
from indexer.sources.archive import Archive
from tests.archives import linked
from tests.conftest import ROOT
from tests.docs.parts import DOCS, PERFORMANCE, RELIABILITY, divided, into_page
from tests.linux import FIELDS
from webui.app import create_app

TUTORIAL = DOCS / "newsletter.md"  # its examples depend on each other
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
MANUAL = "\n".join(TEXTS.values())
OUTSIDE = [ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", ROOT / "archive" / "README.md"]
EXAMPLES = re.compile(r"^```console\n(?P<lines>.*?)^```", re.S | re.M)
ADDRESS = re.compile(r"`(?:GET )?(?P<path>/[^`?]*)")
VALUE = re.compile(r"<[^>]*>|(?<=/)[A-Z]+\b|(?<=[/-])\d+\b")  # in an address: <id>, ID, 13
DEPENDENCY = re.compile(r'^  "(?P<name>[a-z0-9-]+)[=>][^#\n]*(?P<reason>#.+)?$', re.M)
README_BYTES = 6_000


def examples(page: str) -> list[tuple[str, str, list[str]]]:
    """Return each command of a page, with the page's name and the expected lines."""
    return [
        (page, command, lines)
        for block in EXAMPLES.finditer(TEXTS[page])
        for command, *lines in map(str.splitlines, re.split(r"^\$ ", block["lines"], flags=re.M)[1:])
    ]


def pattern(lines: list[str]) -> str:
    """Return a pattern for lines in which dots stand for any words, and a line of dots for any lines."""
    return "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n" for line in lines
    )


@pytest.fixture(scope="module")
def data(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the index of the shipped archive, which an example may build again."""
    return linked(archive.data, tmp_path_factory.mktemp("manual"))


@pytest.mark.parametrize(
    ("page", "command", "expected"), [each for page in TEXTS if page != TUTORIAL.name for each in examples(page)]
)
def test_an_example_prints_what_the_manual_shows(
    data: Path, monkeypatch: pytest.MonkeyPatch, page: str, command: str, expected: list[str]
) -> None:
    monkeypatch.setenv("BACKISSUE_DATA", str(data))
    program, *args = shlex.split(command)
    result = CliRunner().invoke(cli, args)
    assert program == "backissue"
    assert result.exit_code == 0, result.output
    assert re.fullmatch(pattern(expected), result.stdout), f"{page}: {result.stdout}"


def test_the_tutorial_works_from_its_first_command_to_its_last(tmp_path: Path) -> None:
    shutil.copytree(DOCS / "garden-weekly", tmp_path / "work")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": programs, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    steps = examples(TUTORIAL.name)
    script = "set -e\n" + "".join(f"{command}\nprintf '\\0'\n" for _, command, _ in steps)
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path / "work", env=environment, capture_output=True, text=True, timeout=600,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for (_, command, expected), printed in zip(steps, ran.stdout.split("\0"), strict=False):
        assert re.fullmatch(pattern(expected), printed), f"{command}: {printed}"


@pytest.mark.skipif(not find_spec("mkdocs"), reason="needs the extra docs")
def test_the_manual_builds_without_a_dead_link(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    ran = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / TUTORIAL.with_suffix(".html").name).exists()


def test_the_readme_is_short() -> None:
    assert len(TEXTS["README.md"].encode()) < README_BYTES


def test_every_command_has_help() -> None:
    for name in cli.places:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 4


def test_every_url_is_in_the_manual(tmp_path: Path) -> None:
    rules = [rule for rule in create_app(tmp_path).url_map.iter_rules() if rule.endpoint != "static"]
    written = {VALUE.sub("<>", address) for address in ADDRESS.findall(MANUAL)}
    # The addresses of version facets are written with the ids of the shipped archive's.
    known = {str(rule).replace("<facet>", "kernel").replace("<plural>", "kernels") for rule in rules}
    assert {VALUE.sub("<>", rule) for rule in known} - written == set()


def test_every_query_field_is_in_the_manual() -> None:
    assert [field for field in FIELDS if f"`{field}:" not in TEXTS["searching.md"]] == []


def test_every_dependency_has_a_reason() -> None:
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("\ndependencies = [")[2]
    found = list(DEPENDENCY.finditer(listed.partition("\n]")[0]))
    assert len(found) > 10
    assert [each["name"] for each in found if not each["reason"]] == []


def settings_in_manual() -> dict[str, tuple[str, str, str]]:
    """Return the option, default and meaning of each variable in the table of settings."""
    table = TEXTS["command-line.md"].partition("## Settings")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return {row[1].strip("`"): (row[0].strip("`"), row[2].strip("`"), row[3]) for row in rows[2:]}


def settings_of_commands() -> dict[str, tuple[str, str, str]]:
    """Return the same for the options that have a variable."""
    found = {}
    for name in cli.places:
        command = cli.get_command(click.Context(cli), name)
        assert command
        for option in command.params:
            if isinstance(option, click.Option) and option.envvar:
                text, _, given = (option.help or "").rstrip(".").partition(" [default: ")
                default = str(option.default) if option.show_default else given.rstrip("]") or "none"
                long = next(name for name in option.opts if name.startswith("--"))
                found[str(option.envvar)] = (long, default, text)
    return found


def test_the_table_of_settings_is_complete_and_true() -> None:
    written, known = settings_in_manual(), settings_of_commands()
    assert set(written) == {*known, "NO_COLOR"}
    for name, (option, default, meaning) in known.items():
        assert written[name][:2] == (option, default), name
        words = re.findall(r"\w{4,}", meaning.split(",")[0].lower())
        assert set(words) & set(re.findall(r"\w{4,}", written[name][2])), f"{name} means {meaning!r}"


@pytest.mark.parametrize("page", [*PAGES, *OUTSIDE], ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)(?P<path>[^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_no_item_of_the_changelog_repeats() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    openings = [line[:60] for line in lines if line.startswith("- ")]
    assert sorted(openings) == sorted(set(openings))


def exists(name: str) -> bool:
    """Return whether a path, or a module with or without the name of its package, exists, with any name in it."""
    if (ROOT / name).exists():
        return True
    parts = name.split(".")
    for package in (ROOT, ROOT / "indexer", ROOT / "webui"):
        for length in range(len(parts), 0, -1):
            module = package.joinpath(*parts[:length])
            if module.with_suffix(".py").exists() and length < len(parts):
                return re.search(rf"\b{parts[length]}\b", module.with_suffix(".py").read_text("utf-8")) is not None
            if length == len(parts) and (module.is_dir() or module.with_suffix(".py").exists()):
                return True
    return False


def test_every_path_and_module_in_the_architecture_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = [name for name in re.findall(r"`([\w./]+)`", text) if "." in name or "/" in name]
    assert named
    assert [name for name in named if not exists(name)] == []


@pytest.mark.parametrize(
    ("page", "name"), [(PERFORMANCE, "bench"), (PERFORMANCE, "load"), (RELIABILITY, "faults"), (RELIABILITY, "fuzz")]
)
def test_the_manual_has_a_place_for_generated_parts(page: Path, name: str) -> None:
    assert divided(page.read_text(encoding="utf-8"), name)[1]


@pytest.mark.parametrize("part", ["new", "\nnew\n"])
def test_only_the_part_between_the_markers_is_written(tmp_path: Path, part: str) -> None:
    page, others = tmp_path / "page.md", "<!-- other -->kept<!-- /other -->"
    page.write_text(f"{others}\n<!-- one -->\nold\n<!-- /one -->\nafter\n", encoding="utf-8")
    into_page(page, "one", part)
    assert page.read_text(encoding="utf-8") == f"{others}\n<!-- one -->{part}<!-- /one -->\nafter\n"
    with pytest.raises(AssertionError, match="<!-- two -->"):
        into_page(page, "two", part)
