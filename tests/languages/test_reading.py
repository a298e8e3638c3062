"""The language of a newsletter is inferred, and its dates are read."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from indexer.errors import BadArchive
from indexer.formats.dates import day_in
from indexer.formats.registry import read_source
from indexer.profile.newsletters import load_newsletter
from indexer.sources.archive import Archive
from indexer.sources.folders import SHIPPED
from tests.commands import run_process
from tests.languages.newsletters import french_issues, german_issues

FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Noticias</title>
<language>es_MX</language><item><title>Uno</title><link>https://example.mx/1</link>
<content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded></item></channel></rss>
"""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Ausgabe vom 3. März 2021", date(2021, 3, 3)),
        ("du 1er décembre 2020", date(2020, 12, 1)),
        ("le 14 févr. 2021", date(2021, 2, 14)),
        ("3 de marzo de 2021", date(2021, 3, 3)),
        ("3 mozzarella 2021", None),
        ("31 février 2021", None),
    ],
)
def test_dates_are_read_in_other_languages(text: str, day: date | None) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("issues", "language", "name"), [(french_issues(), "fr", "French"), (german_issues(), "de", "German")]
)
def test_init_infers_the_language_from_the_texts(
    tmp_path: Path, issues: dict[str, str], language: str, name: str
) -> None:
    for file, text in issues.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    made = run_process("init", tmp_path / "weekly", tmp_path / "*.md", "--data", tmp_path / "data")
    assert f"language (sure): The most frequent words of all 3 issues are {name}." in made.stdout, made.stderr
    table = tmp_path / "weekly" / "newsletters" / "weekly" / "newsletter.toml"
    assert tomllib.loads(table.read_text(encoding="utf-8"))["language"] == language


def test_feeds_pages_and_front_matter_state_their_language() -> None:
    words = "palabra " * 30
    assert read_source(FEED.format(text=words).encode(), "feed.xml")[0].language == "es-MX"
    page = f'<!doctype html><html lang="de"><body><article><p>{words}</p></article>'
    assert read_source(page.encode(), "page.html")[0].language == "de"
    assert read_source(f"---\ntitle: Un\nlang: fr\n---\n\n{words}".encode(), "one.md")[0].language == "fr"


def test_a_language_that_is_no_tag_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "weekly" / "newsletter.toml"
    table.parent.mkdir()
    table.write_text('name = "Weekly"\nlanguage = "français"\n', encoding="utf-8")
    with pytest.raises(BadArchive, match="language tag"):
        load_newsletter(table)


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("Projets", "project"), ("Werkzeuge", "project"), ("Vidéos", "talk"), ("Vorträge", "talk"),
        ("À lire", "article"), ("Veröffentlichungen", "release"), ("Événements", "event"),
        ("Stellenangebote", "job"),
    ],
)  # fmt: skip
def test_a_section_implies_the_kind_of_its_entries_in_other_languages(section: str, kind: str, tmp_path: Path) -> None:
    found = Archive(SHIPPED, tmp_path).profile("neutral").kind_of_section(section)
    assert found is not None
    assert found.id == kind
