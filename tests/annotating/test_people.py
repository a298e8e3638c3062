"""Each person has one name in all issues, and the author as written is kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.annotating.people import people_of
from indexer.catalog.protocol import Catalog
from indexer.checking import may_be_one, near_people
from indexer.cli import cli
from indexer.errors import BadArchive
from indexer.kernel.facts import load_facts
from indexer.kernel.series import Series
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.views.people import people, person_of
from indexer.views.series import all_series
from tests.issues import ARCHIVE, NUMBERS, entries_of, retold
from webui.app import create_app

SPELLINGS = sorted((written, name) for written, name in ARCHIVE.facts.people.items() if written != name)
KNOWN = {"Ann Exampel": "Ann Example"}


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.mark.parametrize(
    ("author", "named"),
    [
        (None, ()),
        ("Ben Example", ("Ben Example",)),
        ("Ann Exampel", ("Ann Example",)),
        ("Ben Example + Ann Exampel", ("Ben Example", "Ann Example")),
        ("Ben Example, Cid Example and Dora Example", ("Ben Example", "Cid Example", "Dora Example")),
        ("Ann Example & Ann Exampel", ("Ann Example",)),
        ("Bell and Howell", ("Bell and Howell",)),
        ("Martin Example, Jr", ("Martin Example, Jr",)),
        ("Andy Orlando", ("Andy Orlando",)),
        ("Ben Example, Linux Foundation", ("Ben Example, Linux Foundation",)),
        ("SIG Docs and Release Team", ("SIG Docs and Release Team",)),
    ],
)
def test_an_author_is_split_into_people_if_each_part_is_a_full_name(author: str | None, named: tuple[str, ...]) -> None:
    assert people_of(author, KNOWN, {"foundation", "team", "release"}) == named


@pytest.mark.parametrize(
    ("author", "people", "otherwise"),
    [
        ("Ann Examples", ("Ann Example",), ("Ann Example",)),
        ("Ann Example", ("Ann Example",), ()),
        ("Ann Example + Ben Exampel", ("Ann Example", "Ben Example"), ("Ben Example",)),
    ],
)
def test_a_name_inside_another_name_is_not_found(
    author: str, people: tuple[str, ...], otherwise: tuple[str, ...]
) -> None:
    (patch,) = entries_of("## Patches\n\n- Ann Example, [[PATCH] bpf: fix it](https://example.org/1)\n")
    assert replace(patch, author=author, people=people).otherwise == otherwise


def test_an_entry_keeps_its_author_as_written() -> None:
    (patch,) = entries_of("## Patches\n\n- Colin King, [[PATCH] bpf: fix it](https://example.org/1)\n")
    assert (patch.author, patch.people, patch.otherwise) == ("Colin King", ("Colin Ian King",), ("Colin Ian King",))


def test_each_spelling_in_the_table_occurs_in_the_archive_and_is_unambiguous() -> None:
    written = {entry.author for number in NUMBERS for entry in retold(number).entries}
    assert {spelling for spelling, _ in SPELLINGS} <= written
    assert {name for _, name in SPELLINGS} <= written


def test_no_similar_people_in_the_archive_are_undecided() -> None:
    assert near_people(map(retold, NUMBERS), ARCHIVE.facts) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ann B. Example", "Ann Example", True),
        ("Ann Exam", "Ann Example", True),
        ("Ann Exampel", "Ann Example", True),
        ("Example Ann", "Ann Example", True),
        ("Anna Example", "Anja Sample", False),
        ("Cong Wang", "Jiong Wang", False),
        ("Ann", "Ann Example", False),
        ("???", "Ann Example", False),
    ],
)
def test_names_that_may_belong_to_one_person_are_reported(one: str, other: str, *, alike: bool) -> None:
    assert may_be_one(one, other) is may_be_one(other, one) is alike


def test_check_reports_similar_people_until_the_table_decides(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ARCHIVE.folder, tmp_path / "archive"))
    table = folder / "profiles" / "linux" / "facts" / "people.tsv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if not row.startswith("Colin King")), encoding="utf-8")
    told = "Colin Ian King and Colin King may be the same person; see facts/people.tsv"
    assert told in checked(folder, tmp_path)
    table.write_text("".join(rows) + "Colin Ian King\tColin Ian King\ttwo people\n", encoding="utf-8")
    assert told not in checked(folder, tmp_path)


def checked(archive: Path, data: Path) -> str:
    made = CliRunner().invoke(cli, ["check", "--archive", str(archive), "--data", str(data)])
    return " ".join(made.output.split())


def test_a_name_that_leads_to_another_spelling_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ARCHIVE.folder / "profiles" / "linux" / "facts", tmp_path / "facts"))
    (folder / "people.tsv").write_text("written\tname\twhy\nA B\tA C\tso\nA C\tA D\tso\n", encoding="utf-8")
    with pytest.raises(BadArchive, match="A B leads to A C, which leads to A D"):
        load_facts(folder.joinpath)


def test_the_facet_counts_a_person_once_under_one_name(searcher: Searcher) -> None:
    counted = {each.value: each.count for each in searcher.search(Query()).facets["author"]}
    for written, name in SPELLINGS:
        assert written not in counted
        assert counted[name] > sum(entry.author == name for number in NUMBERS for entry in retold(number).entries)


@pytest.mark.parametrize(("written", "name"), SPELLINGS)
def test_a_filter_finds_by_either_spelling(searcher: Searcher, written: str, name: str) -> None:
    queries = (Query(f'author:"{written}"'), Query(filters={"author": (written.upper(),)}), Query(f'author:"{name}"'))
    found = [searcher.search(query) for query in queries]
    assert {page.total for page in found} == {found[-1].total}
    assert all(page.query.selected("author") == (name,) for page in found)


def test_words_find_a_person_by_the_usual_name(searcher: Searcher) -> None:
    page = searcher.search(Query('"martin kafai lau"', limit=100))
    assert {"Martin KaFai La", "Martin KaiFai Lau", "Martin KaFai Lau"} <= {hit.record["author"] for hit in page.hits}


def test_part_of_a_spelling_finds_only_that_person(searcher: Searcher) -> None:
    assert searcher.search(Query("author:kaifai")).query.selected("author") == ("Martin KaFai Lau",)
    assert searcher.search(Query("author:gospodarek")).query.selected("author") == ("Andy Gospodarek",)


def test_an_entry_by_two_people_belongs_to_both(searcher: Searcher, catalog: Catalog) -> None:
    both = ("Andy Gospodarek", "Jesper Dangaard Brouer")
    (talk,) = [hit.record for hit in searcher.search(Query(filters={"author": both[:1], "kind": ("talk",)})).hits]
    assert (talk["author"], talk["people"]) == (" + ".join(both), list(both))
    assert all(talk["id"] in [e.id for e in about.entries] for about in map(person_of, [catalog] * 2, both) if about)
    assert searcher.search(Query(filters={"author": (talk["author"],)})).query.selected("author") == both


def test_the_index_has_the_people_of_its_entries(catalog: Catalog) -> None:
    held = {name for entry in catalog.find() for name in entry.people}
    assert {person.name for person in people(catalog)} == held


@pytest.mark.parametrize(("written", "name"), SPELLINGS)
def test_the_page_of_a_spelling_redirects_to_the_person(client: FlaskClient, written: str, name: str) -> None:
    answer = client.get(f"/author/{written}")
    assert answer.status_code == 301
    page = client.get(answer.location).text
    assert f"<h1>{name}</h1>" in page
    assert written in page


def test_an_entry_shows_its_author_as_written_and_leads_to_the_person(client: FlaskClient, searcher: Searcher) -> None:
    (hit,) = searcher.search(Query("author:kaifai 'fd array'", limit=1)).hits
    page = client.get(f"/entry/{hit.record['id']}").text
    assert '<a href="/author/Martin%20KaFai%20Lau">Martin KaFai Lau</a> (spelled Martin KaiFai Lau)' in page


def test_the_api_gives_both_names(client: FlaskClient) -> None:
    answer = client.get("/api/v1/authors/Colin%20King").get_json()
    assert (answer["name"], answer["spellings"]) == ("Colin Ian King", ["Colin King"])
    work = next(each for each in answer["works"] if each["author"] == "Colin King")
    entry = client.get(work["entry_url"]).get_json()
    assert (entry["author"], entry["people"]) == ("Colin King", ["Colin Ian King"])
    assert entry["author_url"] == work["author_url"] == answer["author_url"]


def test_a_series_continues_under_another_spelling_of_its_author() -> None:
    line = "## Patches\n\n- {}, [[PATCH{}] bpf: one thing](https://example.org/1)\n"
    series = Series({})
    (first,) = series.take(entries_of(line.format("Martin KaFai La", "")))
    (second,) = series.take(entries_of(line.format("Martin KaFai Lau", " v2")))
    assert first.series == second.series == "bpf-one-thing-martin-kafai-lau"


def test_a_series_has_the_name_of_its_people(catalog: Catalog) -> None:
    written = dict(SPELLINGS)
    assert all(not set(each.people) & set(written) for each in all_series(catalog))
    assert any(each.author in written for each in all_series(catalog))
