"""An archive of another field shows no trace of the kernel, and shows its own profile everywhere."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.cli import cli
from indexer.engines.local import open_catalog
from indexer.profile.kinds import kind_in
from indexer.query.query import query_of
from indexer.sources.archive import Archive
from tests.commands import records, run
from tests.other_fields import crates, garden
from webui.app import create_app
from webui.worker import one_of_each

# Words of the kernel's field, which must not be on pages of other fields.
OF_THE_KERNEL = re.compile(r"kernel|linux|\bbpf|\bxdp\b|net-next|\blore\b|helper function|merge window", re.I)
PAGES = (
    "/", "/?q=apple", "/?q=zeppelin", "/?q=zeppelin&kind=talk", "/?q=apple&explain=1", "/?section=Tools", "/issue/",
    "/issue/garden-notes/3", "/issue/garden-notes/in/2021", "/topic/", "/author/", "/author/Ada%20Lovelace", "/help",
    "/about", "/api", "/id/nothing_known", "/series/", "/nowhere", "/?limit=0", "/search.atom", "/search.json",
    "/sitemap.xml", "/robots.txt", "/opensearch.xml", "/suggest.json?q=app", "/api/v1/openapi.json",
    "/api/v1/search?q=apple", "/api/v1/suggest?q=k", "/api/v1/issues", "/api/v1/issues/garden-notes/3",
    "/api/v1/topics", "/api/v1/authors", "/api/v1/identifiers", "/static/style.css", "/static/script.js",
)  # fmt: skip


@pytest.fixture(scope="module")
def gardening(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return garden(tmp_path_factory.mktemp("garden"))


@pytest.fixture(scope="module")
def rust(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return crates(tmp_path_factory.mktemp("crates"))


@pytest.fixture(scope="module")
def client(gardening: Archive) -> FlaskClient:
    return create_app(gardening.data).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_another_field_names_the_kernel(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code < 500
    assert OF_THE_KERNEL.findall(answer.text) == []


def test_pages_requested_in_advance_are_of_the_archive(client: FlaskClient, gardening: Archive) -> None:
    with closing(open_catalog(gardening.data)) as catalog:
        paths = list(one_of_each(catalog))
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    [search] = [path for path in paths if path.startswith("/api/v1/search?")]
    assert client.get(search).json["total"] > 0


def test_no_page_of_an_entry_names_the_kernel(client: FlaskClient, gardening: Archive) -> None:
    with closing(open_catalog(gardening.data)) as catalog:
        ids = [entry.id for entry in catalog.find()]
    for entry in ids:
        for path in (f"/entry/{entry}", f"/api/v1/entries/{entry}"):
            assert OF_THE_KERNEL.findall(client.get(path).text) == [], path


def test_the_examples_of_the_api_are_of_things_that_the_archive_has(client: FlaskClient) -> None:
    examples = [str(each["href"]) for each in BeautifulSoup(client.get("/api").text, "html.parser").select("pre a")]
    assert len(examples) > 8
    assert {path: client.get(path).status_code for path in examples} == dict.fromkeys(examples, 200)


@pytest.mark.parametrize("command", ["search", "export"])
def test_the_help_of_a_command_that_searches_has_the_options_of_the_archive(gardening: Archive, command: str) -> None:
    shown = run(gardening, command, "--help").stdout
    assert "--section" in shown
    assert "--kind" in shown
    assert OF_THE_KERNEL.findall(shown) == []


def test_an_option_of_another_profile_is_unknown(gardening: Archive) -> None:
    assert run(gardening, "search", "apple", "--kernel", "v4.15").exit_code == 2


def test_the_export_as_a_site_names_no_kernel(gardening: Archive, tmp_path: Path) -> None:
    site = ["--static", str(tmp_path / "site"), "--data", str(gardening.data)]  # its index names the archive
    CliRunner().invoke(cli, ["export", *site])
    files = (path for path in (tmp_path / "site").rglob("*") if path.is_file())
    pages = [path for path in files if path.name != "english.js"]  # a dictionary of words that are spelt right
    assert len(pages) > 20
    named = {str(path): OF_THE_KERNEL.findall(path.read_text(encoding="utf-8")) for path in pages}
    assert {path: found for path, found in named.items() if found} == {}


def test_the_tools_for_assistants_name_no_kernel(gardening: Archive) -> None:
    pytest.importorskip("mcp")
    from indexer.mcp import server

    made = server(gardening.data)
    tools = asyncio.run(made.list_tools())
    assert [tool.name for tool in tools] == ["search", "entry", "identifier"]
    said = json.dumps([tool.model_dump(mode="json") for tool in tools]) + str(made.instructions)
    assert OF_THE_KERNEL.findall(said) == []


def test_the_target_of_a_link_determines_the_kind(gardening: Archive) -> None:
    found = {str(each["title"]): each["kind"] for each in records(run(gardening, "search", "issue:3", "--json"))}
    assert found == {
        "Pruning apple trees in winter": "article",
        "A garden planner": "project",
        "Compost for beginners": "talk",
        "Sort seeds by name": "patch",
        "Planner 2.3": "release",
        "Autumn fair": "event",
        "A quieter mower": "project",
    }


def test_a_section_is_a_filter_in_queries_options_and_urls(gardening: Archive, client: FlaskClient) -> None:
    wanted = {"A quieter mower"}
    assert {each["title"] for each in records(run(gardening, "search", "--section", "tools", "--json"))} == wanted
    assert {each["title"] for each in records(run(gardening, "search", "section:Tools", "--json"))} == wanted
    assert {each["title"] for each in client.get("/api/v1/search?section=Tools").json["hits"]} == wanted


def test_an_entry_without_a_version_facet_has_no_key_for_it(gardening: Archive) -> None:
    first = records(run(gardening, "search", "apple", "--json"))[0]
    assert not first.keys() & {"kernel", "kubernetes", "rust", "versions"}


def test_a_declared_version_facet_is_an_option_a_field_a_parameter_and_a_key(rust: Archive) -> None:
    titles = {each["title"] for each in records(run(rust, "search", "--rust", "1.51", "--json"))}
    assert titles == {"Announcing Rust 1.51.0"}
    (async_,) = records(run(rust, "search", "async rust:1.49 issue:crate-weekly/1", "--json"))
    assert [(each["version"], each["how"]) for each in async_["rust"]] == [("1.49", "stated")]
    asked = create_app(rust.data).test_client()
    assert {each["title"] for each in asked.get("/api/v1/search?rust=1.51").json["hits"]} == titles
    assert [each["version"] for each in asked.get("/api/v1/rust").json["rust"]] == ["1.52", "1.51", "1.49"]
    assert "Announcing Rust 1.51.0" in asked.get("/rust/1.51").text
    assert asked.get("/rust/1.51.0").status_code == 301
    assert "Rust" in asked.get("/").text
    assert OF_THE_KERNEL.findall(asked.get("/help").text) == []


def test_a_version_is_read_from_the_words_of_a_query(rust: Archive) -> None:
    with closing(open_catalog(rust.data)) as catalog:
        page = catalog.search(query_of("rust 1.51", {}, catalog.about.fields))
    assert [(each.field, each.value) for each in page.inferred] == [("rust", "1.51")]
    assert [hit.record["title"] for hit in page.hits] == ["Announcing Rust 1.51.0"]


def test_the_command_of_a_version_facet_has_its_id(rust: Archive) -> None:
    assert "Announcing Rust 1.51.0" in run(rust, "rust", "1.51").stdout
    assert run(rust, "kernel", "v4.15").exit_code == 2


def test_lists_that_mix_newsletters_name_them(rust: Archive) -> None:
    asked = create_app(rust.data).test_client()
    for path in ("/author/Ada%20Lovelace", "/rust/1.51"):
        main = asked.get(path).text.partition("<main")[2].partition("<footer")[0]
        assert re.search("Garden Notes|Crate Weekly", main), path


def test_sections_are_a_facet_in_every_engine(rust: Archive) -> None:
    with closing(open_catalog(rust.data)) as catalog:
        assert catalog.count("section") == {"Reading": 12, "Tools": 2, "Updates": 6}
        page = catalog.search(query_of("", {"section": ["reading", "tools"]}, catalog.about.fields))
        assert page.total == 14


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return the table of an archive's profile, to be damaged."""
    crates(tmp_path)
    return tmp_path / "profiles" / "rust" / "profile.toml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "rust"', 'id = "topic"', "topic"),
        ('id = "rust"', 'id = "Rust 2"', "Rust 2"),
        ("[version]", "[versoin]", "versoin"),
        ('"1.49" = 2020-12-31', '"1.49" = "soon"', "2021-02-11"),
        ("before = '", "before = '(", "profile.toml"),
    ],
)
def test_an_invalid_profile_is_reported_with_its_path(broken: Path, old: str, new: str, said: str) -> None:
    broken.write_text(broken.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    answer = run(Archive(broken.parents[2], broken.parents[2] / "data"), "index")
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert "profile.toml" in answer.stderr


def test_a_profile_declares_which_kinds_change_nothing(gardening: Archive) -> None:
    base = gardening.profile("neutral").kinds["talk"]
    assert base.reading
    assert kind_in("talk", {}, base).reading
    assert not kind_in("talk", {"reading": False}, base).reading
    assert not kind_in("release", {}).reading
    with closing(open_catalog(gardening.data)) as catalog:
        assert set(catalog.about.reading) >= {"article", "talk", "project"}
