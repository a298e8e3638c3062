"""The Python API: its results, and its examples."""

from __future__ import annotations

import copy
import doctest
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import indexer
import indexer.library
from indexer.catalog.answers import hit_record
from indexer.profile import newsletters, tables
from indexer.sources.archive import Archive
from tests.conftest import ROOT, SHIPPED
from tests.linux import FILTERS
from tests.other_fields import garden

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```python\n(?P<lines>.*?)^```", re.S | re.M)


@pytest.fixture
def home(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Return the shipped archive with an index, named by the environment."""
    monkeypatch.setenv("BACKISSUE_DATA", str(archive.data))
    monkeypatch.chdir(ROOT)
    return archive


def test_the_examples_of_the_library_are_true(home: Archive) -> None:
    found = doctest.testmod(indexer.library, optionflags=doctest.ELLIPSIS)
    assert (found.failed, found.attempted > 10) == (0, True)


def test_every_function_of_the_library_has_an_example() -> None:
    library = indexer.Library
    methods = [value for name, value in vars(library).items() if callable(value) and not name.startswith("_")]
    public = [indexer.open_library, indexer.parse_file, *(each for each in methods if each.__name__ != "close")]
    assert [each.__name__ for each in public if ">>> " not in (each.__doc__ or "")] == []
    assert {each.__name__ for each in methods} == {
        "search", "entry", "entries", "issue", "issues", "version", "versions", "identifier", "identifiers", "series",
        "all_series", "close",
    }  # fmt: skip
    assert [each.__name__ for each in public if f"`{each.__name__}" not in PAGE] == []


def test_the_example_of_the_manual_runs(home: Archive) -> None:
    (example,) = EXAMPLE.findall(PAGE)
    assert len(example.splitlines()) <= 10
    ran = subprocess.run([sys.executable, "-W", "error", "-c", example], capture_output=True, text=True, timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "New helper function bpf_getsockops" in ran.stdout


def test_every_public_name_can_be_imported() -> None:
    assert {name for names in indexer.PLACES.values() for name in names} | {"__version__"} == set(indexer.__all__)
    assert [name for name in indexer.__all__ if getattr(indexer, name) is None] == []
    assert set(indexer.__all__) <= set(dir(indexer))
    assert [name for name in indexer.__all__ if name != "__version__" and not getattr(indexer, name).__doc__] == []


def test_an_unknown_name_of_the_package_is_an_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = indexer.nothing  # type: ignore[attr-defined]


def test_a_filter_takes_one_or_several_texts_or_numbers(home: Archive) -> None:
    with indexer.open_library() as library:
        one, both = library.search(issue=13).total, library.search(issue=[12, "13"]).total
        assert one == len(list(library.entries("bpf-updates/13")))
        assert both == one + len(list(library.entries("bpf-updates/12")))


def test_the_docs_of_a_search_name_every_filter() -> None:
    assert [name for name in FILTERS if f"`{name}`" not in str(indexer.Library.search.__doc__)] == []


def test_an_unknown_filter_is_an_error(home: Archive) -> None:
    with indexer.open_library() as library, pytest.raises(TypeError, match="colour"):
        library.search("sockmap", colour="red")


def test_changing_a_hit_does_not_affect_later_answers(home: Archive) -> None:
    with indexer.open_library() as library:
        (hit,) = library.search("bpf_getsockops", limit=1).hits
        before = copy.deepcopy(hit.record)
        hit.record["title"] = "changed"
        hit.record["kernel"].clear()
        assert library.search("bpf_getsockops", limit=1).hits[0].record == before


def test_a_record_is_what_the_command_prints_except_issue_and_body(home: Archive) -> None:
    with indexer.open_library() as library:
        (hit,) = library.search("bpf_getsockops", limit=1).hits
    printed = hit_record(hit)
    assert {name for name, value in hit.record.items() if printed.get(name) != value} == {"issue", "body"}
    assert hit.record["issue"] == printed["issue"]["number"]


def test_a_hit_leads_to_its_entry(home: Archive) -> None:
    with indexer.open_library() as library:
        (hit,) = library.search("bpf_getsockops", limit=1).hits
        entry = library.entry(hit.record["id"])
    assert (entry.title, entry.original_url) == (hit.record["title"], hit.record["original_url"])


def test_an_unknown_name_is_reported_with_the_nearest_names(home: Archive) -> None:
    with indexer.open_library() as library:
        with pytest.raises(indexer.NotFound) as error:
            library.entries("bpf-update/13")
        assert "bpf-updates/13" in error.value.nearest
        with pytest.raises(indexer.NotFound):
            library.entry("bpf-updates/13/nothing-like-it")


def test_entries_are_iterated_in_reading_order(home: Archive) -> None:
    with indexer.open_library() as library:
        places = [(entry.issue, entry.n) for entry in library.entries()]
    assert places == sorted(places)


def test_a_file_is_parsed_with_the_given_options(tmp_path: Path) -> None:
    path = tmp_path / "letter.md"
    path.write_text("## Projects\n\n#### [a thing](https://example.org)\n\nOnly for a test.\n", encoding="utf-8")
    with pytest.raises(indexer.UnknownIssue):
        indexer.parse_file(path, archive=SHIPPED)
    (issue,) = indexer.parse_file(path, newsletter="bpf-updates", label=14, day=date(2018, 1, 2), archive=SHIPPED)
    assert (issue.label, issue.date.date(), issue.entries[0].title) == (14, date(2018, 1, 2), "a thing")


def test_tables_are_read_again_only_after_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SHIPPED, tmp_path / "archive")
    read: list[Path] = []
    monkeypatch.setattr(newsletters, "load", lambda path: read.append(path) or tables.load(path))
    for _ in range(3):
        assert indexer.parse_file(SHIPPED / "bpf-updates" / "13.md", archive=tmp_path / "archive")[0].entries
    assert read.count(tmp_path / "archive" / "newsletters.toml") == 1
    with (tmp_path / "archive" / "newsletters.toml").open("a", encoding="utf-8") as table:
        table.write('\n[other]\nname = "Another"\n')
    path = tmp_path / "3.md"
    path.write_text("- [A thing](https://example.org) is new.\n", encoding="utf-8")
    (issue,) = indexer.parse_file(path, archive=tmp_path / "archive", newsletter="other", label=3)
    assert issue.title == "Another 3"
    assert read.count(tmp_path / "archive" / "newsletters.toml") == 2


def test_unknown_versions_series_identifiers_and_issues_are_errors(home: Archive) -> None:
    with indexer.open_library() as library:
        for look_up, text in (
            (library.version, "4.99"),
            (library.series, "bpf-nothing"),
            (library.identifier, "xqzzzz"),
            (library.issue, "bpf-updates/99"),
        ):
            with pytest.raises(indexer.NotFound):
                look_up(text)


def test_an_archive_without_a_version_facet_has_no_versions(tmp_path: Path) -> None:
    gardening = garden(tmp_path)
    with indexer.open_library(gardening.data) as library:
        assert library.versions() == ()
        with pytest.raises(indexer.NotFound, match="no versions"):
            library.version("1.0")
