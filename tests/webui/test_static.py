"""The exported site: its links lead to files, and it is written atomically."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.build.builder import build
from indexer.cli import cli
from indexer.errors import IndexMissing
from indexer.model import IssueKey
from indexer.sources.archive import Archive
from indexer.sources.unfinished import unfinished
from indexer.storage.index import open_index
from tests.archives import HOSTILE, little, put_issue
from tests.conftest import SHIPPED
from tests.exported import astray, files_in
from tests.pages import STORY
from webui.export import site as exporting
from webui.export.folders import NotExported
from webui.export.parts import ENOUGH, deltas
from webui.export.paths import PLAIN, place, relative
from webui.export.relinking import ADDRESSES, relinked
from webui.export.site import SCRIPTS, export

BASE = "https://example.org/bpf"
ATOM = "{http://www.w3.org/2005/Atom}"


def soup(folder: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html5lib")


def tree(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()  # noqa: S314  the export made it


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["export", *map(str, args)])


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive of two generated issues and a shipped one, with an index."""
    archive = little(tmp_path_factory.mktemp("archive"), "Katran", "Cilium")
    shutil.copy(SHIPPED / "bpf-updates" / "13.md", archive.folder / "bpf-updates")
    build(archive)
    return archive


@pytest.fixture(scope="module")
def whole(indexed: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site with a base URL."""
    folder = tmp_path_factory.mktemp("site") / "bpf"
    assert export(indexed.data, folder, BASE).missing == ()
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Archive:
    """Return an indexed archive of two issues."""
    archive = little(tmp_path, "Katran", "bpf_getsockops")
    build(archive)
    return archive


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site whose texts try to become markup or paths."""
    archive = little(tmp_path_factory.mktemp("hostile"), "../../x", "Ω‮ %2e%2e%2f é", 'A" onclick="x <b>&amp;')
    (archive.folder / "bpf-updates" / "01.md").write_text(
        HOSTILE + "- ../../../etc/passwd, [[PATCH] bpf: see `a/../../../b` and `bpf_ÿ(\\*)`](https://example.org/)\n",
        encoding="utf-8",
    )
    build(archive)
    folder = archive.data.parent / "out" / "site"
    export(archive.data, folder, BASE)
    return folder


def test_every_link_leads_to_a_file(whole: Path) -> None:
    assert astray(whole) == set()


def test_the_page_for_missing_files_has_links_that_work_at_any_path(whole: Path) -> None:
    page = soup(whole, "404.html")
    tags = [(name, tag) for element, name in ADDRESSES.items() for tag in page.select(f"{element}[{name}]")]
    links = {str(tag[name]) for name, tag in tags if not str(tag[name]).startswith("#")}
    assert {link.partition("?")[0].removeprefix(f"{BASE}/") for link in links} <= files_in(whole)
    assert f"{BASE}/search.html" in links


def rows(folder: Path, kind: str) -> list[Any]:
    """Return the rows of all parts of one kind of search data, or the value of its only part."""
    held: list[Any] = []
    for path in sorted((folder / "search").glob(f"{kind}*.js"), key=lambda path: (len(path.name), path.name)):
        text = path.read_text(encoding="utf-8")
        name, value = json.loads(f"[{text.removeprefix('backissue.part(').removesuffix(')' + chr(10))}]")
        assert name == path.stem
        held += value if isinstance(value, list) else [value]
    return held


def test_every_entry_has_a_place_and_a_record_for_the_search(indexed: Archive, whole: Path) -> None:
    index = open_index(indexed.data)
    records = rows(whole, "records")
    assert [row[0] for row in records] == list(range(index.size))
    assert [row[2] for row in records] == [index.stored(doc)["title"] for doc in range(index.size)]
    index.close()
    files = {row[1].partition("#")[0] for row in records}
    assert files | {f"issue/{key}.html" for key in index.issues} <= files_in(whole)


def test_entries_that_are_no_more_than_a_title_share_pages(whole: Path) -> None:
    shared = [row[1] for row in rows(whole, "records") if row[1].startswith("together/")]
    assert len(shared) > 50
    pages = {path.partition("#")[0] for path in shared}
    assert pages == {"together/bpf-updates/13/1.html", "together/bpf-updates/13/2.html"}
    anchors = {str(each["id"]) for page in pages for each in soup(whole, page).select("article")}
    assert anchors == {path.partition("#")[2] for path in shared}
    assert {path.name for path in whole.glob("entry/bpf-updates/13/*") if "patch" in path.name} == set()


def test_a_large_issue_has_several_pages_of_titles(tmp_path: Path) -> None:
    links = "".join(f"- [A tool numbered {n}](https://example.org/{n})\n" for n in range(130))
    archive = little(tmp_path, "a tool")
    archive.put_original(IssueKey("other", 1), f"## Tools\n\n{links}".encode(), ".md")
    build(archive)
    export(archive.data, tmp_path / "site", BASE)
    assert {path.name for path in (tmp_path / "site/together/other/1").iterdir()} == {"1.html", "2.html"}
    assert astray(tmp_path / "site") == set()
    listed = [str(each.text) for each in tree(tmp_path / "site/sitemap.xml").iter() if each.tag.endswith("loc")]
    assert listed.count(f"{BASE}/together/other/1/1.html") == 1


def test_the_entry_of_the_walkthrough_has_its_original_links(whole: Path) -> None:
    page = soup(whole, f"entry/{STORY}.html")
    outside = [str(link["href"]) for link in page.select("main a[href]")]
    assert any(link.endswith("plain=1#L34") for link in outside)
    assert any("#:~:text=" in link for link in outside)
    assert page.select_one('a.version.landed[href="../../../kernel/v4.15.html"]')
    assert page.select_one('form[action="../../../search.html"]')


def test_the_search_recognizes_names_versions_and_topics(whole: Path) -> None:
    words = {row[0]: set(summed(row[2])) for row in rows(whole, "words")}
    (story,) = (row[0] for row in rows(whole, "records") if row[1] == f"entry/{STORY}.html")
    values = {
        name: {value: summed(held) for value, held in rows(whole, f"facet-{name}")} for name in ("kernel", "topic")
    }
    assert story in words["bpf_getsockops"] & words["bpf_getsockopt"] & words["getsockopt"]
    assert story in values["kernel"]["v4.15/landed"]
    assert story in values["topic"]["helpers"]


def summed(deltas: list[int]) -> list[int]:
    return list(accumulate(deltas))


@given(st.lists(st.integers(0, 1 << 50), unique=True).map(sorted))
def test_numbers_are_the_sums_of_their_differences(ascending: list[int]) -> None:
    assert summed(deltas(ascending)) == ascending


def test_the_parts_of_the_search_are_about_as_long_as_one_another(whole: Path) -> None:
    longest = max(len(json.dumps(row)) for row in rows(whole, "words"))
    sizes = [path.stat().st_size for path in (whole / "search").glob("words-*.js")]
    assert len(sizes) > 1
    assert max(sizes) < 2 * ENOUGH + longest


def test_feeds_sitemap_and_canonical_addresses_are_on_the_site(whole: Path) -> None:
    listed = [str(each.text) for each in tree(whole / "sitemap.xml").iter() if each.tag.endswith("loc")]
    feed, in_json = tree(whole / "feed.xml"), json.loads((whole / "feed.json").read_text(encoding="utf-8"))
    items = in_json["items"]
    assert [feed.findtext(f"{ATOM}id"), in_json["feed_url"]] == [f"{BASE}/feed.xml", f"{BASE}/feed.json"]
    assert in_json["home_page_url"] == f"{BASE}/search.html?sort=newest"
    held = [*(str(each.text) for each in feed.iter(f"{ATOM}id")), *(each["url"] for each in items), *listed]
    assert {each.removeprefix(f"{BASE}/").partition("#")[0] for each in held} <= files_in(whole)
    canonical = soup(whole, f"entry/{STORY}.html").select_one("link[rel=canonical]")
    assert canonical is not None
    assert canonical["href"] == f"{BASE}/entry/{STORY}.html"
    assert f"Sitemap: {BASE}/sitemap.xml" in (whole / "robots.txt").read_text()


def test_names_that_differ_only_in_case_are_two_files_on_every_disk(whole: Path) -> None:
    names = files_in(whole)
    assert len({name.lower() for name in names}) == len(names)
    assert all(name.isascii() for name in names)


@pytest.mark.skipif(shutil.which("w3m") is None, reason="needs w3m: a browser for text")
def test_an_entry_reads_well_in_a_text_browser(whole: Path) -> None:
    page = whole / f"entry/{STORY}.html"
    ran = subprocess.run(["w3m", "-dump", "-cols", "80", page], capture_output=True, text=True, check=True, timeout=300)
    text = " ".join(ran.stdout.split())
    assert "New helper function bpf_getsockops for reading socket options" in ran.stdout
    assert "helper landed in v4.15 BPF Updates 13, 2017-11-20" in text
    assert "{" not in text


def test_the_scripts_of_the_search_are_small_and_the_page_states_what_they_need(whole: Path) -> None:
    page = soup(whole, "search.html")
    scripts = [Path(str(each["src"])).name for each in page.select('script[src*="search"]')]
    assert sum((whole / "static" / name).stat().st_size for name in scripts) < 45_000
    assert "Without JavaScript" in page.get_text()
    assert page.select_one('a[href="kernel/index.html"]')


def test_a_site_without_a_base_address_has_neither_feeds_nor_sitemap(made: Archive, tmp_path: Path) -> None:
    export(made.data, tmp_path / "site")
    assert files_in(tmp_path / "site").isdisjoint({"feed.xml", "feed.json", "sitemap.xml"})
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert len(set(pages)) == len(pages)
    assert not [page for page in pages if 'rel="canonical"' in page or "localhost" in page]
    assert astray(tmp_path / "site") == set()


def test_hostile_texts_neither_leave_the_folder_nor_become_part_of_a_page(hostile: Path) -> None:
    assert {path.name for path in hostile.parent.iterdir()} == {"site"}
    assert astray(hostile) == set()
    scripts = {"script.js", *(path.name for path in SCRIPTS.iterdir())}
    for name in (name for name in files_in(hostile) if name.endswith(".html")):
        page = soup(hostile, name)
        assert {str(script["src"]).rpartition("/")[2] for script in page.find_all("script")} <= scripts
        assert not [tag for tag in page.find_all(True) if any(key.startswith("on") for key in tag.attrs)]
        schemes = {urlsplit(str(link["href"])).scheme for link in page.find_all("a", href=True)}
        assert schemes <= {"", "https"}


@given(st.text())
@example("?/")
def test_a_file_is_below_its_folder_whatever_its_path_holds(text: str) -> None:
    names = place(f"/id/{text}").removesuffix(".html").split("/")
    assert all(PLAIN.fullmatch(name.partition("~")[0]) or "~" in name for name in names)
    assert not {"", ".", ".."} & set(names)


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_texts_are_two_files(one: str, other: str) -> None:
    same = one == other
    assert (place(f"/id/{quote(one, safe='')}").lower() == place(f"/id/{quote(other, safe='')}").lower()) is same


@pytest.mark.parametrize("text", ["index", "con", "nul.v1", "a.html", "a.", ".a", "_a", "A", "é", "x" * 200, ""])
def test_a_name_that_no_server_or_disk_accepts_gets_a_digest(text: str) -> None:
    assert "~" in place(f"/id/{text}/x")


def test_a_page_is_exported_unchanged_except_for_its_links() -> None:
    page = '<!DOCTYPE html>\n<a class=x href="/a?b&amp;c" hidden>&lt;&#39;&amp;é</a><!-- c --><rect viewBox="0"/>'
    led = relinked(page, lambda address: relative("b&c.html", "x/y.html") if address == "/a?b&c" else None)
    assert led == page.replace("/a?b&amp;c", "../b&amp;c.html")
    assert relinked('<link href="/none"><a href="/none">x</a>', lambda _: None) == "<a>x</a>"


def test_an_export_replaces_an_earlier_one_as_a_whole(made: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export(made.data, folder)
    before = files_in(folder)
    put_issue(made, 2, "Cilium")
    build(made)
    export(made.data, folder)
    assert {name for name in before - files_in(folder) if name.startswith("entry/")}
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "data", "site"}


def test_a_failed_export_leaves_the_old_one(made: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site"
    export(made.data, folder)
    before = {name: (folder / name).read_bytes() for name in files_in(folder)}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "start.js")

    monkeypatch.setattr(exporting, "write_others", full)
    with pytest.raises(NotExported, match="No space left on device"):
        export(made.data, folder, BASE)
    assert {name: (folder / name).read_bytes() for name in files_in(folder)} == before
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "data", "site"}


PAUSED = """
import time
from indexer.cli import main
from webui.export import site

def pause(*_):
    print("writing", flush=True)
    time.sleep(600)

site.write_others = pause
main()
"""


def test_an_export_that_is_ended_leaves_the_old_one_and_nothing_else(made: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export(made.data, folder)
    before = files_in(folder)
    command = ("export", "--static", folder, "--archive", made.folder, "--data", made.data)
    args = [sys.executable, "-c", PAUSED, *map(str, command)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert any(line == "writing\n" for line in process.stdout)
        process.terminate()
        assert process.wait(300) == 128 + signal.SIGTERM
    assert files_in(folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "data", "site"}


def test_what_a_killed_export_left_is_removed_by_the_next_one(made: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    command = ("export", "--static", folder, "--archive", made.folder, "--data", made.data)
    args = [sys.executable, "-c", PAUSED, *map(str, command)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert any(line == "writing\n" for line in process.stdout)
        export(made.data, folder)  # leaves the folder of the running export alone
        assert len(list(tmp_path.iterdir())) == 4
        process.kill()
    export(made.data, folder)
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "data", "site"}


def test_an_export_that_was_killed_between_its_renames_loses_nothing(made: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export(made.data, folder)
    before = files_in(folder)
    folder.rename(unfinished(folder))
    with pytest.raises(IndexMissing):
        export(tmp_path / "none", folder)
    assert files_in(folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "data", "site"}


def test_an_export_to_a_link_replaces_the_folder_that_it_leads_to(made: Archive, tmp_path: Path) -> None:
    (tmp_path / "public").symlink_to("site")
    for _ in range(2):
        export(made.data, tmp_path / "public")
        assert (tmp_path / "public").readlink() == Path("site")
        assert (tmp_path / "site/index.html").is_file()
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(NotExported, match="round"):
        export(made.data, tmp_path / "round")


@pytest.mark.parametrize("exported", [False, True])
def test_a_folder_with_other_things_in_it_is_refused(made: Archive, tmp_path: Path, exported: bool) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    if exported:
        export(made.data, folder)
    (folder / "CNAME").write_text("example.org")
    result = run("--static", folder, "--archive", made.folder, "--data", made.data)
    assert result.exit_code == 1
    assert "CNAME, which is not from an export" in result.stderr
    assert (folder / "CNAME").read_text() == "example.org"


def test_the_command_builds_the_index_and_reports_what_it_wrote(tmp_path: Path) -> None:
    archive = little(tmp_path, "Katran")
    result = run(
        "--static", tmp_path / "site", "--base-url", f"{BASE}/", "--archive", archive.folder, "--data", archive.data
    )
    assert result.exit_code == 0, result.output
    count = len(files_in(tmp_path / "site"))
    assert result.stdout.splitlines()[-1].startswith(f"{count} files, ")
    assert (tmp_path / "site/feed.xml").is_file()


@pytest.mark.parametrize(
    "args",
    [
        ("--base-url", "https://example.org"),
        ("--static", "x", "--base-url", "example.org"),
        ("--static", "x", "--base-url", "https://e.org/?a"),
        ("--static", "x", "xdp"),
        ("--static", "x", "--kernel", "v4.15"),
        ("--static", "x", "--output", "y"),
        ("--static", "x", "--format", "jsonl"),
        ("--static", "x", "--literal"),
    ],
)
def test_wrong_usage_is_reported(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


def test_the_page_of_a_changed_id_links_to_its_entry(tmp_path: Path) -> None:
    archive = little(tmp_path, "Katran")
    with (archive.folder / "redirects.tsv").open("a") as table:
        table.write("bpf-updates/1/before\tbpf-updates/1/katran\n")
    build(archive)
    export(archive.data, tmp_path / "site")
    assert soup(tmp_path / "site", "entry/bpf-updates/1/before.html").select_one('main a[href$="1/katran.html"]')


def test_undated_issues_and_labels_with_a_slash_are_exported(tmp_path: Path) -> None:
    archive = little(tmp_path, "a dated tool")
    text = b"## Projects\n\n#### [A tool](https://example.org/tool)\n\nIt helps.\n"
    for label in ("2018q3", "2019/01"):
        archive.put_original(IssueKey("other", label), text, ".md")
    build(archive)
    made = tmp_path / "site"
    assert export(archive.data, made, "https://example.org").missing == ()
    assert astray(made) == set()
    assert {"entry/other/2018q3/a-tool.html", "entry/other/2019/01/a-tool.html"} <= files_in(made)
    assert "undated" in soup(made, "issue/other/2019/01.html").get_text()
