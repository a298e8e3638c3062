"""The browsing pages show what they announce, and link to each other."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from indexer.catalog.protocol import Catalog
from indexer.query.tree import Match
from indexer.sources.archive import Archive
from indexer.views import lookup
from indexer.views.issues import listed_by
from indexer.views.series import all_series, series_of
from tests.pages import STORY
from webui.app import create_app
from webui.pages.rendering import series_path

PATCH = "/entry/bpf-updates/12/patch-v4-0-4-add-cross-compilation-support-to-ebpf-samples"


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


def soup(client: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "html.parser")


def numbers(text: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", text)]


@pytest.mark.parametrize("version", ["v4.13", "v4.14", "v4.15"])
def test_a_version_page_counts_what_its_contents_promise(client: FlaskClient, version: str) -> None:
    page = soup(client, f"/kernel/{version}")
    promised = {
        str(item.a["href"])[1:]: numbers(item.select(".count")[0].text)[0] for item in page.select(".contents li")
    }  # type: ignore[index]
    assert {"feature", "merged", "more", "development"} <= promised.keys()
    for heading in page.select("h2[id] > .count, h3[id] > .count"):
        assert promised[str(heading.parent["id"])] == numbers(heading.text)[0]  # type: ignore[index]
    [patches] = [numbers(link.text)[0] for link in page.select("p a") if link.text.startswith("Search all ")]
    kinds = page.select_one("#development").find_all_next("h3")[1:]  # type: ignore[union-attr]
    assert promised["development"] == patches + sum(numbers(kind.text)[0] for kind in kinds)


def test_a_version_page_has_merged_series_by_area_with_commits(client: FlaskClient) -> None:
    page = soup(client, "/kernel/v4.15")
    heading = page.select_one("#merged")
    assert heading
    area = heading.find_next("th", scope="rowgroup")
    assert area
    assert str(area.a["href"]).startswith("/topic/")  # type: ignore[index]
    rows = [row for row in page.select("tbody tr") if row.select("a[href^='/series/']")]
    assert len(rows) >= 10
    assert any("git.kernel.org" in str(link["href"]) for row in rows for link in row.select("a"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bpf_redirect_map", ["bpf_redirect_map"]),
        ("sockmap", ["BPF_MAP_TYPE_SOCKMAP"]),
        ("kernel:v4.14 (sockmap OR cpumap)", ["BPF_MAP_TYPE_SOCKMAP", "BPF_MAP_TYPE_CPUMAP"]),
        ("BPF_MAP_TYPE_DEVMAP", ["BPF_MAP_TYPE_DEVMAP"]),
        ("bpf_getsockops fixes", ["bpf_getsockopt"]),
        ("hash", ["BPF_MAP_TYPE_HASH"]),
        ("hash redirect map", []),
        ("verifier -bpf_redirect_map", []),
        ("bpf_redirect_mpa", ["bpf_redirect_map"]),
        ("verifier", []),
        ("", []),
    ],
)
def test_a_search_links_to_the_names_in_it(client: FlaskClient, query: str, names: list[str]) -> None:
    page = soup(client, "/?" + urlencode({"q": query}))
    links = [str(link["href"]) for link in page.select("#results .named a")]
    answer = client.get("/api/v1/search?" + urlencode({"q": query})).get_json()
    assert [each["name"] for each in answer["names"]] == names
    assert links == [each["page_url"] for each in answer["names"]]
    assert [client.get(link).status_code for link in links] == [200] * len(names)


def test_a_name_above_the_hits_has_its_kind_and_its_version(client: FlaskClient) -> None:
    named = soup(client, "/?q=bpf_redirect_map").select_one(".named")
    assert named
    assert named.text.strip() == "bpf_redirect_map: helper, landed in v4.14"
    [name] = client.get("/api/v1/search?q=bpf_redirect_map").get_json()["names"]
    assert (name["kind"], name["version"]) == ("helper", "v4.14")
    assert client.get(name["identifier_url"]).get_json()["name"] == "bpf_redirect_map"


def test_an_issue_can_be_read_to_its_end(client: FlaskClient, catalog: Catalog) -> None:
    page = " ".join(soup(client, "/issue/bpf-updates/13").get_text(" ").split())
    shown = re.sub(r"\W+", " ", page)
    for entry in catalog.find(Match("issue", "bpf-updates/13")):
        body = re.sub(r"\W+", " ", entry.body.removeprefix(entry.title)).strip()
        assert body in shown


def test_a_text_that_begins_with_its_title_goes_on_under_it_with_its_links(client: FlaskClient) -> None:
    page = soup(client, "/issue/bpf-updates/13")
    link = page.select_one('a.title[href$="/new-helper-function-bpf-getsockops"]')
    assert link
    text = link.find_next(class_="text")
    assert isinstance(text, Tag)
    assert text.get_text().strip().startswith("So far it supports TCP_CONGESTION.")
    assert page.select('.text a[href="https://www.cilium.io/blog/2017/10/24/bpf-updates-12"]')


def test_the_patches_of_a_series_are_folded_and_counted(client: FlaskClient) -> None:
    page = soup(client, "/issue/bpf-updates/13")
    folded = page.select("main details")
    assert len(folded) > 10
    for each in folded:
        count, summary = len(each.select("li")), each.select_one("summary")
        assert summary
        assert summary.text == f"{count} {'patch' if count == 1 else 'patches'}"
    told = [each for each in page.select(".contents li") if each.a]
    for each in told:
        section = page.select_one(str(each.a and each.a["href"]))
        listed = section and section.find_next(class_="briefs")
        assert isinstance(listed, Tag)
        assert sum(numbers(each.select(".count")[0].text)) == len(listed.select("li:has(> a[href^='/entry/'])"))
    assert len(page.select("main .briefs li:has(> a[href^='/entry/'])")) == 223


def test_without_words_the_newest_come_first_and_the_page_says_so(client: FlaskClient) -> None:
    page = soup(client, "/?kind=patch")
    chosen = page.select_one("#sort option[selected]")
    assert chosen
    assert (chosen.text, chosen["value"]) == ("newest", "relevance")
    asked = [client.get(f"/api/v1/search?limit=100{more}").get_json()["hits"] for more in ("", "&sort=newest")]
    assert [hit["id"] for hit in asked[0]] == [hit["id"] for hit in asked[1]]
    chosen = soup(client, "/?q=xdp").select_one("#sort option[selected]")
    assert chosen
    assert chosen.text == "relevance"


@pytest.mark.parametrize("path", ["/?sort=newest", "/entry/bpf-updates/13/the-v4-15-merge-window"])
def test_a_text_that_ends_where_a_list_begins_shows_the_list(client: FlaskClient, path: str) -> None:
    page = soup(client, path)
    text = page.find(string=re.compile("Its BPF section lists"))
    assert text
    listed = text.find_next("ul")
    assert isinstance(listed, Tag)
    assert [str(link["href"]).rpartition("/")[2] for link in listed.select("a")] == [
        "the-user-space-bpftool-utility",
        "hooks-have-been-added",
        "a-new-bpf-based-device",
    ]


def test_items_listed_by_a_text_follow_it_in_its_section(catalog: Catalog) -> None:
    lists = {}
    entries = list(catalog.find())
    for place, entry in enumerate(entries):
        for at, each in enumerate(listed_by(catalog, entry.id, entry.body), 1):
            lists[entry.id] = at
            assert entry.kind == "commentary"
            assert entries[place + at].id == each.id
            assert each.section == entry.section
    assert lists["bpf-updates/13/the-v4-15-merge-window"] == 3
    assert len(lists) < 10


@pytest.mark.parametrize("path", ["/series/", "/topic/", "/author/"])
def test_the_lists_of_names_are_linked_from_every_page(client: FlaskClient, path: str) -> None:
    links = [str(link["href"]) for link in soup(client, path).select(f"main a[href^='{path}']")]
    assert len(links) > 20
    assert [link for link in links[::10] if client.get(link).status_code != 200] == []
    assert soup(client, "/issue/").select(f"main a[href='{path}']")
    assert soup(client, "/about").select(f"nav a[href='{path}']")


def test_a_series_is_listed_as_its_page_has_it(catalog: Catalog) -> None:
    for each in all_series(catalog):
        story = series_of(catalog, each.id)
        assert story
        assert (each.author, each.subject) == (story.author, story.subject)
        assert set(each.versions) == {version.version for version in story.versions}


def test_each_series_is_listed_with_its_author(client: FlaskClient, catalog: Catalog) -> None:
    page = soup(client, "/author/Alexei%20Starovoitov")
    shown = [str(link["href"]) for link in page.select("main a[href^='/series/']")]
    his = [each for each in all_series(catalog) if each.author == "Alexei Starovoitov"]
    assert sorted(shown) == sorted(series_path(each.id) for each in his)
    dates = {series_path(each.id): each.date for each in his}
    assert [dates[path] for path in shown] == sorted(dates.values(), reverse=True)


def test_an_author_has_as_many_entries_as_are_listed_and_counted(client: FlaskClient) -> None:
    page = soup(client, "/author/Daniel%20Borkmann")
    about = page.select_one("h1 + .about span")
    assert about
    entries = numbers(about.text)[0]
    [below] = numbers(page.select("main p.soft")[0].text)
    assert len(page.select("main a.title[href^='/entry/']")) == entries - below
    assert f"{entries} entries" in soup(client, "/?author=Daniel%20Borkmann").text


def test_a_long_table_is_sorted_by_the_heads_of_its_columns(client: FlaskClient) -> None:
    first = soup(client, "/author/")
    links = {link.get_text(): str(link["href"]) for link in first.select("th a")}
    by_name = soup(client, links["Name"])
    names = [link.get_text() for link in by_name.select("tbody a")]
    assert names == sorted(names, key=str.casefold)
    assert len(names) == len(first.select("tbody a"))
    [head] = by_name.select("th[aria-sort]")
    assert head["aria-sort"] == "ascending"
    turned = soup(client, str(head.a["href"]))  # type: ignore[index]
    assert [link.get_text() for link in turned.select("tbody a")] == names[::-1]


def test_the_lead_of_an_issue_has_a_heading_in_its_contents(client: FlaskClient) -> None:
    page = soup(client, "/issue/bpf-updates/13")
    contents = [str(link["href"])[1:] for link in page.select("nav.contents a")]
    assert contents == [str(heading["id"]) for heading in page.select("h2")]
    assert page.h2
    assert page.h2.get_text() == "Introduction"


def test_the_feeds_of_a_search_are_linked_next_to_its_hits(client: FlaskClient) -> None:
    feeds = {link.text: str(link["href"]) for link in soup(client, "/?q=xdp&kind=talk").select("#results p a[type]")}
    assert list(feeds) == ["Atom", "JSON"]
    for each in feeds.values():
        assert client.get(each).status_code == 200
        assert "kind=talk" in each
    assert soup(client, "/help").find("h2", string="Feeds")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/issue/13", "/issue/bpf-updates/13"),
        ("/go/cd86d1fd2102", "/id/bpf_getsockopt"),
        ("/go/CD86D1FD21025fdd6daf23d1288da405e7ad0ec6", "/id/bpf_getsockopt"),
        ("/go/cd86d1f", "/id/bpf_getsockopt"),
        ("/go/fffffffffff0", "/?q=fffffffffff0"),
    ],
)
def test_a_short_address_leads_to_the_page(client: FlaskClient, asked: str, path: str) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert client.get("/issue/99").status_code == 404


def test_a_search_without_hits_links_to_other_searches(client: FlaskClient) -> None:
    links = [str(link["href"]) for link in soup(client, "/?q=zeppelin+zeppelins").select(".nothing a")]
    assert links == ["https://lore.kernel.org/all/?q=zeppelin%20zeppelins"]
    assert (
        client.get("/?q=zz_unheard_of").text.count("https://elixir.bootlin.com/linux/latest/ident/zz_unheard_of") == 1
    )
    found = " ".join(str(link["href"]) for link in soup(client, "/?q=bpf_sk_storage_get").select(".nothing a"))
    for host in ("docs.ebpf.io/linux/helper-function/bpf_sk_storage_get", "elixir.bootlin.com", "lore.kernel.org"):
        assert host in found


def test_a_series_with_an_outcome_is_not_reported_as_missing(client: FlaskClient, catalog: Catalog) -> None:
    untold = next(each.id for each in all_series(catalog) if (s := series_of(catalog, each.id)) and not s.outcomes)
    assert "is not said" not in client.get(series_path(untold)).text


def test_a_citation_names_the_author_of_the_newsletter_and_the_original_at_the_text(
    client: FlaskClient, catalog: Catalog
) -> None:
    page = soup(client, f"/entry/{STORY}")
    markdown, bibtex, plain = (each.text for each in page.select(".citations .cite"))
    entry = lookup.entry(catalog, STORY)
    author = catalog.about.newsletter("bpf-updates").author
    for text in (plain, markdown):
        assert f"BPF Updates 13 by {author}, 2017-11-20" in text
        assert str(entry.source_url) in text
        assert f"/entry/{STORY}" in text
    assert markdown.startswith(f"[{entry.title}](https://")
    assert plain.startswith(f'"{entry.title}"')
    assert bibtex.startswith("@misc{bpf-updates/13/new-helper-function-bpf-getsockops,\n")
    for field in (
        r"title = {{New helper function bpf\_getsockops",
        f"author = {{{author}}}",
        "year = {2017}",
        "month = nov",
    ):
        assert field in bibtex


def test_brackets_and_parentheses_in_a_citation_are_escaped(client: FlaskClient) -> None:
    markdown = soup(client, PATCH).select(".cite")[0].text
    assert markdown.startswith("[\\[PATCH")
    assert markdown.count("](") == 2


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("/entry/bpf-updates/13/the-v4-15-merge-windov", "/entry/bpf-updates/13/the-v4-15-merge-window"),
        ("/issue/bpf-updates/133", "/issue/bpf-updates/13"),
        ("/kernel/v4.25", "/kernel/v4.20"),
        ("/id/bpf_getsockop", "/id/bpf_getsockopt"),
        ("/series/arm-ebpf-jit-compiler-shubham", "/series/arm-ebpf-jit-compiler-shubham-bansal"),
        ("/topic/xdpp", "/topic/xdp"),
        ("/author/Daniel%20Borkman", "/author/Daniel%20Borkmann"),
    ],
)
def test_a_missing_page_links_to_the_nearest_ones(client: FlaskClient, asked: str, near: str) -> None:
    page = soup(client, asked, 404)
    links = [str(link["href"]) for link in page.select("main li a")]
    assert near in links
    assert [client.get(link).status_code for link in links] == [200] * len(links)
    assert "nearest:" not in page.text


def test_a_missing_entry_offers_titles_and_no_ids(client: FlaskClient) -> None:
    page = soup(client, "/entry/bpf-updates/13/new-helper-function-bpf-getsockopt", 404)
    offered = {str(link["href"]): link.get_text() for link in page.select("main li a")}
    assert offered[f"/entry/{STORY}"] == "New helper function bpf_getsockops for reading socket options"


def test_the_page_for_an_unknown_address_searches_for_its_words(client: FlaskClient) -> None:
    page = soup(client, "/docs/sockmap-redirect", 404)
    assert "There is no page at /docs/sockmap-redirect." in page.get_text()
    assert page.find("a", href="/?q=sockmap%20redirect")
    assert "server" not in page.main.get_text()  # type: ignore[union-attr]
    assert soup(client, "/docs/sockmap-redirect/", 404).find("a", href="/?q=sockmap%20redirect")
    assert soup(client, "/search?q=bpf_getsockops+-fix", 404).find("a", href="/?q=bpf_getsockops%20-fix")


def test_the_page_about_backissue_leads_to_the_description_of_the_api(client: FlaskClient) -> None:
    assert [str(link["href"]) for link in soup(client, "/about").select("main a") if link.text == "API"] == ["/api"]


def test_a_version_page_leads_to_every_mention_of_what_is_new(client: FlaskClient) -> None:
    page = soup(client, "/kernel/v4.14")
    assert page.find("h2", string="New in v4.14")
    (row,) = [each for each in page.select("table.facts tr") if each.select_one('td a[href="/id/BPF_MAP_TYPE_DEVMAP"]')]
    more = row.find("a", string=re.compile(r"^and \d+ more$"))
    assert more is not None
    assert client.get(str(more["href"])).status_code == 200


def test_evidence_for_several_versions_is_shown_once(client: FlaskClient) -> None:
    page = soup(client, "/entry/bpf-updates/11/patch-net-next-bpf-fix-numa-node-validation")
    [item] = [each for each in page.select(".evidence li") if "possibly for v4.14 or v4.15" in each.text]
    assert [chip.text for chip in item.select("a.version")] == [f"in development for {v}" for v in ("v4.14", "v4.15")]
    assert [link.text for link in item.select("a[href*='/tag/']")] == ["v4.14", "v4.15"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("10/llvm-r311567-bpf-close-the-file-descriptor-after-probe-inside-gethostcpunameforbpf",
         "merged in llvm 6.0.0 at the latest"),
        ("2/iproute-tc-reflect-hw-offload-status", "merged in iproute2 v4.12.0"),
    ],
)  # fmt: skip
def test_a_patch_for_another_project_shows_its_release_and_no_kernel_version(
    client: FlaskClient, entry: str, said: str
) -> None:
    title = soup(client, f"/entry/bpf-updates/{entry}").select_one("h1")
    assert title is not None
    [hit] = [
        hit
        for hit in soup(client, "/?" + urlencode({"q": f'"{title.text}"'})).select("article")
        if hit.select_one(f'a[href="/entry/bpf-updates/{entry}"]')
    ]
    assert [each.text for each in hit.select(".outcome")] == [said]
    assert "in development" not in hit.text
