"""The README's commands run and print what it says; its tables are complete."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.cli import cli
from indexer.query.fields import FIELDS
from indexer.sources.archive import Archive
from tests.conftest import ROOT
from tests.readme import divided, into_readme
from webui.app import create_app

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.compile(r"^```console\n(?P<lines>.*?)^```", re.S | re.M)
ADDRESS = re.compile(r"`(?:GET )?(?P<path>/[^`?]*)")
VALUE = re.compile(r"<[^>]*>|(?<=/)[A-Z]+\b|(?<=[/-])\d+\b")  # in an address: <id>, ID, 13
DEPENDENCY = re.compile(r"^  \"(?P<name>[a-z0-9-]+)[=>]", re.M)


def examples() -> list[tuple[str, list[str]]]:
    """Return each command of the README with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in EXAMPLES.finditer(README):
        for line in block["lines"].splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def pattern(lines: list[str]) -> str:
    """Return a pattern for the lines, in which a line of dots is any lines and dots in a line are any words."""
    return "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n" for line in lines
    )


@pytest.mark.parametrize(("command", "expected"), examples(), ids=lambda value: value if isinstance(value, str) else "")
def test_an_example_of_the_readme_prints_what_it_says(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, command: str, expected: list[str]
) -> None:
    monkeypatch.setenv("BACKISSUE_DATA", str(archive.data))
    program, *args = shlex.split(command)
    result = CliRunner().invoke(cli, args)
    assert program == "backissue"
    assert result.exit_code == 0, result.output
    assert re.fullmatch(pattern(expected), result.stdout), result.stdout


def test_every_command_stands_in_the_readme() -> None:
    assert [name for name in cli.places if f"| `backissue {name}" not in README] == []


def test_every_option_of_every_command_stands_in_the_readme() -> None:
    for name in cli.places:
        command = cli.get_command(click.Context(cli), name)
        assert command
        options = [option for option in command.params if isinstance(option, click.Option)]
        assert [option.opts for option in options if not re.search(rf"`{option.opts[-1]}\b", README)] == []


def test_every_command_has_help() -> None:
    for name in cli.places:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 4


def test_every_address_stands_in_the_readme(tmp_path: Path) -> None:
    rules = [rule for rule in create_app(tmp_path).url_map.iter_rules() if rule.endpoint != "static"]
    written = {VALUE.sub("<>", address) for address in ADDRESS.findall(README)}
    assert {VALUE.sub("<>", str(rule)) for rule in rules} - written == set()


def test_every_query_field_stands_in_the_readme() -> None:
    assert [field for field in FIELDS if f"`{field}:" not in README] == []


def test_every_dependency_has_its_reason_in_the_readme() -> None:
    names = DEPENDENCY.findall(Path(ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.opt")[0])
    table = README.partition("## Dependencies")[2]
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", table)] == []


def settings_in_readme() -> dict[str, tuple[str, str, str]]:
    """Return by its variable the option, the default and the meaning of each row of the table of settings."""
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return {row[1].strip("`"): (row[0].strip("`"), row[2].strip("`"), row[3]) for row in rows[2:]}


def settings_of_commands() -> dict[str, tuple[str, str, str]]:
    """Return the same of the options that have a variable."""
    found = {}
    for name in cli.places:
        command = cli.get_command(click.Context(cli), name)
        assert command
        for option in command.params:
            if isinstance(option, click.Option) and option.envvar:
                text, _, told = (option.help or "").rstrip(".").partition(" [default: ")
                default = str(option.default) if option.show_default else told.rstrip("]") or "none"
                found[str(option.envvar)] = (
                    next(name for name in option.opts if name.startswith("--")),
                    default,
                    text[0].lower() + text[1:].rstrip("."),
                )
    return found


def test_the_table_of_settings_is_complete_and_true() -> None:
    written, known = settings_in_readme(), settings_of_commands()
    assert set(written) == {*known, "NO_COLOR"}
    for name, (option, default, meaning) in known.items():
        assert written[name][:2] == (option, default), name
        told = re.findall(r"\w{4,}", meaning.split(",")[0])
        assert set(told) & set(re.findall(r"\w{4,}", written[name][2])), f"{name} means {meaning!r}"


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?:|#)(?P<path>[^)]+)\)", README))
def test_what_the_readme_links_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", ["bench", "faults", "load", "fuzz"])
def test_the_readme_has_a_place_for_what_programs_write(name: str) -> None:
    assert divided(README, name)[1]


@pytest.mark.parametrize("part", ["new", "\nnew\n"])
def test_a_part_is_written_between_its_markers_and_nothing_else(tmp_path: Path, part: str) -> None:
    readme, others = tmp_path / "README.md", "<!-- other -->kept<!-- /other -->"
    readme.write_text(f"{others}\n<!-- one -->\nold\n<!-- /one -->\nafter\n", encoding="utf-8")
    into_readme(readme, "one", part)
    assert readme.read_text(encoding="utf-8") == f"{others}\n<!-- one -->{part}<!-- /one -->\nafter\n"
    with pytest.raises(AssertionError, match="<!-- two -->"):
        into_readme(readme, "two", part)
