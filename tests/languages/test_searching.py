"""Words are analysed in the language of their newsletter, and queries in all languages of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.build.builder import build
from indexer.catalog.protocol import Catalog
from indexer.engines.local import open_catalog
from indexer.query.query import Query
from indexer.sources.archive import Archive
from tests.languages.newsletters import built, german_issues, mixed
from tests.other_fields import put


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return mixed(tmp_path_factory.mktemp("mixed"))


@pytest.fixture(scope="module")
def catalog(garden: Archive) -> Iterator[Catalog]:
    with closing(open_catalog(garden.data)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mesurer", "pluie"),  # mesures
        ("relever un niveau", "pluie"),  # relevé les niveaux
        ("eau", "pluie"),  # l'eau
        ("jardinière", "pluie"),  # jardiniers
        ("recolte", "pluie"),  # Récolter
        ("cerise", "noyaux"),
        ("lefevre", "noyaux"),
        ("oiseau noyau", "noyaux"),
        ("Haus", "baum"),  # Häusern
        ("garten", "baum"),  # Gärten
        ("gaerten", "baum"),
        ("grosser Baum", "baum"),  # Größere Bäume
        ("werkzeug", "boden"),
        ("prune", "pruning"),
        ("trees", "pruning"),
    ],
)
def test_other_forms_of_a_word_are_found_in_each_language(catalog: Catalog, text: str, first: str) -> None:
    page = catalog.search(Query(text))
    assert page.hits, text
    assert f"/{first}/" in page.hits[0].record["url"]
    assert not page.closest


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("comment protéger les cerises", "noyaux"),
        ("pourquoi les oiseaux ne mangent pas les cerises ?", "noyaux"),
        ("qu'est-ce que l'arrosage", "pluie"),
        ("wie schneidet man die Bäume", "baum"),
        ("was braucht man für den Boden", "boden"),
    ],
)
def test_stop_words_and_question_words_are_not_required(catalog: Catalog, text: str, first: str) -> None:
    page = catalog.search(Query(text))
    assert page.hits, text
    assert f"/{first}/" in page.hits[0].record["url"]


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("décembre 2020", {"potager/1", "gartenbrief/1"}),
        ("Ausgabe vom 3. März 2021", {"gartenbrief/3"}),
        ("numéro du 1er décembre 2020", {"potager/1", "gartenbrief/1"}),
        ("cerises en janvier 2021", {"potager/2"}),
        ("Boden im Jahr 2020", {"gartenbrief/1"}),
        ("Ausgabe 2", {"potager/2", "gartenbrief/2", "garden-notes/2"}),
        ("Ausgabe Nr. 2 Boden", {"gartenbrief/2"}),
        ("lettre numéro 2", {"potager/2", "gartenbrief/2", "garden-notes/2"}),
        ("letzte Ausgabe", {"gartenbrief/3"}),
        ("dernier numéro", {"gartenbrief/3"}),
    ],
)
def test_dates_and_issues_are_understood_in_each_language(catalog: Catalog, text: str, issues: set[str]) -> None:
    page = catalog.search(Query(text, limit=100))
    assert {hit.issue.key for hit in page.hits} == issues
    assert page.inferred


def test_months_of_another_language_without_a_year_stay_words(catalog: Catalog) -> None:
    assert not catalog.search(Query("julio")).inferred  # only Spanish has this month
    assert [each.value for each in catalog.search(Query("julio 2021")).inferred] == ["julio 2021"]


def test_a_found_word_is_marked_in_its_language(catalog: Catalog) -> None:
    hit = catalog.search(Query("Haus")).hits[0]
    assert {hit.snippet[start:end] for start, end in hit.snippet_marks} == {"Häusern"}


def test_another_declared_language_rebuilds_the_index(tmp_path: Path) -> None:
    own, data = tmp_path / "archive", tmp_path / "data"
    table = 'name = "Gartenbrief"\nfiles = ["^(?P<number>\\\\d+)"]\n'
    put(own, "gartenbrief", table, german_issues())
    built(own, data)
    with closing(open_catalog(data)) as before:
        assert before.about.languages == ("en",)
        assert not before.search(Query("Haus", literal=True)).total
    (own / "newsletters" / "gartenbrief" / "newsletter.toml").write_text(table + 'language = "de"\n', encoding="utf-8")
    assert build(Archive(own, data)).parsed == len(german_issues())
    with closing(open_catalog(data)) as after:
        assert after.about.languages == ("de",)
        assert after.search(Query("Haus", literal=True)).total == len(german_issues())
