"""Output for machines: feeds, the browser's search, crawlers, and page metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import Element, fromstring

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.catalog.protocol import Catalog
from indexer.cli.serve import serve_command
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.index import Index
from indexer.views.suggestions import suggestions
from tests.archives import put_issue, small
from tests.linux import LINUX, from_args
from webui.app import create_app
from webui.feeds import crawlers
from webui.feeds.syndication import ATOM, JSON, feed_address, query_of
from webui.feeds.xml import cleaned
from webui.http.absolute import BadBase, checked

STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"
HOST = "http://localhost"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "p": "urn:ietf:rfc:7807",
}
RFC_3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
QUERIES = ("", "?q=sockmap&kernel=4.15", "?q=zeppelin&kind=talk", "?q=xdp&limit=100&sort=relevance", "?author=daniel")
ODD = "A \x08tool <script>alert(1)</script> & \ufffe more ]]> \x1b[31m"


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of an archive with characters that XML does not allow or treats specially."""
    made = small(tmp_path_factory.mktemp("odd"), ODD)
    build(made)
    return create_app(made.data).test_client()


def xml(client: FlaskClient, url: str, media_type: str, status: int = 200) -> Element:
    response = client.get(url)
    assert (response.status_code, response.mimetype) == (status, media_type)
    return fromstring(response.data)  # noqa: S314  what we made ourselves


def atom(client: FlaskClient, args: str = "") -> Element:
    return xml(client, ATOM + args, "application/atom+xml")


def json_feed(client: FlaskClient, args: str = "") -> dict[str, Any]:
    response = client.get(JSON + args)
    assert (response.status_code, response.mimetype) == (200, "application/feed+json")
    return dict(response.get_json())


def text(element: Element, path: str) -> str:
    """Return the text of the one element at a path."""
    (found,) = element.findall(path, NAMES)
    return found.text or ""


def link(element: Element, rel: str) -> str:
    (found,) = [each.get("href") for each in element.findall("a:link", NAMES) if each.get("rel") == rel]
    assert found
    return found


def head(client: FlaskClient, url: str) -> Tag:
    response = client.get(url)
    found = BeautifulSoup(response.text, "html5lib").head
    assert response.status_code == 200
    assert found
    return found


def canonical(client: FlaskClient, url: str) -> str:
    (found,) = head(client, url).find_all("link", rel="canonical")
    return str(found["href"])


def open_graph(page: Tag) -> dict[str, str]:
    """Return the Open Graph metadata of a page."""
    return {str(tag["property"]): str(tag["content"]) for tag in page.find_all("meta", property=re.compile("^og:"))}


@pytest.mark.parametrize("args", QUERIES)
def test_an_atom_feed_has_all_that_rfc_4287_requires(client: FlaskClient, args: str) -> None:
    feed = atom(client, args)
    entries = feed.findall("a:entry", NAMES)
    assert feed.tag == f"{{{NAMES['a']}}}feed"
    for each in (feed, *entries):
        assert urlsplit(text(each, "a:id")).scheme == "http"
        assert text(each, "a:title")
        assert RFC_3339_UTC.fullmatch(text(each, "a:updated"))
        assert text(each, "a:author/a:name")
        assert link(each, "alternate").startswith(f"{HOST}/")
    assert len({text(entry, "a:id") for entry in entries}) == len(entries) <= 50


@pytest.mark.parametrize("args", QUERIES)
def test_a_json_feed_has_all_that_its_version_1_1_requires(client: FlaskClient, args: str) -> None:
    feed = json_feed(client, args)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"].startswith("backissue: ")
    assert feed["feed_url"].startswith(f"{HOST}{JSON}")
    for item in feed["items"]:
        assert item["id"] == item["url"]
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).utcoffset() == timedelta(0)
        assert all(author["name"] for author in item["authors"])


@pytest.mark.parametrize("args", QUERIES)
def test_both_feeds_have_the_same_entries(client: FlaskClient, args: str) -> None:
    ids = [text(entry, "a:id") for entry in atom(client, args).findall("a:entry", NAMES)]
    assert [item["id"] for item in json_feed(client, args)["items"]] == ids


def test_an_entry_in_a_feed_has_the_facts_of_the_index(client: FlaskClient) -> None:
    (entry,) = atom(client, "?" + urlencode({"q": f"id:{STORY}"})).findall("a:entry", NAMES)
    terms = [category.get("term") for category in entry.findall("a:category", NAMES)]
    assert text(entry, "a:id") == link(entry, "alternate") == f"{HOST}/entry/{STORY}"
    assert text(entry, "a:published") == text(entry, "a:updated") == "2017-11-20T16:32:45Z"
    assert text(entry, "a:author/a:name") == "Alexander Alemayhu"
    assert {"helper", "v4.15 (landed)"} < set(terms)
    assert "bpf_getsockops" in text(entry, "a:summary")


def test_a_patch_in_a_feed_has_its_outcome(client: FlaskClient) -> None:
    items = json_feed(client, "?outcome=merged&kernel=v4.14&how=merged")["items"]
    assert items
    assert all({"merged", "v4.14 (merged)"} < set(item["tags"]) for item in items)


def test_an_author_of_an_entry_is_its_author_in_the_feed(client: FlaskClient) -> None:
    (item,) = json_feed(client, "?q=sockmap&kind=patch&limit=1")["items"]
    assert item["authors"] == [{"name": "John Fastabend"}]


def test_a_feed_describes_its_search_in_words(client: FlaskClient) -> None:
    assert text(atom(client, "?q=sockmap&kernel=4.15"), "a:title") == "backissue: sockmap; kernel v4.15"
    assert json_feed(client)["title"] == "backissue: all entries"


def test_a_feed_has_the_notices_of_its_search(client: FlaskClient) -> None:
    assert "No entry contains all your words" in text(atom(client, "?q=sockmap+zeppelin"), "a:subtitle")
    assert "No entry contains all your words" in json_feed(client, "?q=sockmap+zeppelin")["description"]


def test_a_feed_is_newest_first_unless_another_order_is_requested(client: FlaskClient) -> None:
    days = [item["date_published"] for item in json_feed(client, "?q=xdp")["items"]]
    oldest = [item["date_published"] for item in json_feed(client, "?q=xdp&sort=oldest")["items"]]
    assert len(days) == 50
    assert days == sorted(days, reverse=True)
    assert oldest == sorted(oldest) != days


def test_a_feed_changed_last_with_its_newest_entry(client: FlaskClient) -> None:
    feed = atom(client, "?issue=3")
    assert {text(entry, "a:updated") for entry in feed.findall("a:entry", NAMES)} == {text(feed, "a:updated")}


def test_a_feed_finds_what_the_search_finds(client: FlaskClient, searcher: Searcher) -> None:
    args = {"q": "verifier -fix", "topic": "jit", "sort": "newest", "limit": "7", "page": "2"}
    hits = searcher.search(from_args(args.items())).hits
    found = [item["id"] for item in json_feed(client, "?" + urlencode(args))["items"]]
    assert found == [f"{HOST}/entry/{hit.record['id']}" for hit in hits]


@pytest.mark.parametrize("args", [*QUERIES, "?q=xdp&sort=oldest&limit=20&page=3&literal=1", "?q=a%26b+%23c&topic=xdp"])
def test_a_feed_links_to_itself_and_to_the_page_of_the_same_hits(client: FlaskClient, args: str) -> None:
    feed = atom(client, args)
    own, page = link(feed, "self"), link(feed, "alternate")
    assert own == text(feed, "a:id")
    assert link(xml(client, own, "application/atom+xml"), "self") == own
    assert client.get(page).status_code == 200
    assert json_feed(client, args)["feed_url"] == own.replace(ATOM, JSON)


@pytest.mark.parametrize("args", ["", "?q=xdp", "?limit=20&q=xdp&sort=relevance", "?kernel=v4.15&page=2&sort=kernel"])
def test_the_address_of_a_feed_gives_its_query(args: str) -> None:
    assert feed_address(query_of(parse_qsl(args.lstrip("?")), LINUX), ATOM) == ATOM + args


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", "a & b \"c\" 'd' ]]>", "\0\x08\x1b[31m\ufffe x", "\r\n\t x"]
)
def test_a_hostile_query_stays_text_in_a_feed(client: FlaskClient, query: str) -> None:
    args = "?" + urlencode({"q": query})
    feed = atom(client, args)
    assert {child.tag.partition("}")[2] for child in feed.iter()} <= set(
        "feed id title subtitle updated published link author name entry category summary".split()
    )
    assert text(feed, "a:title").split() == cleaned(json_feed(client, args)["title"]).split()


def test_an_entry_of_odd_characters_keeps_those_that_xml_can_write(odd: FlaskClient) -> None:
    (entry,) = atom(odd).findall("a:entry", NAMES)
    assert "tool <script>alert(1)</script> &" in text(entry, "a:title")
    assert "]]>" in text(entry, "a:title")
    assert not re.search("[\x00-\x08\x1b\ufffe]", text(entry, "a:title") + text(entry, "a:summary"))
    assert "<script>" in json_feed(odd)["items"][0]["title"]


def test_every_character_is_kept_or_removed_as_xml_requires() -> None:
    kept = "\t\n\r a\ud7ff\ue000\ufffd\U00010000\U0010ffff"
    assert cleaned(f"\0\x08\x0b\x1f{kept}\ud800\udfff\ufffe\uffff") == kept


@pytest.mark.parametrize("args", ["?limit=0", "?page=x", "?sort=size", "?q=" + "x" * 301])
def test_a_bad_query_is_reported_in_the_form_of_the_feed(client: FlaskClient, args: str) -> None:
    problem = xml(client, ATOM + args, "application/problem+xml", 400)
    response = client.get(JSON + args)
    assert text(problem, "p:status") == "400"
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.get_json()["detail"] == text(problem, "p:detail")


@pytest.mark.parametrize(
    ("url", "media_type"),
    [
        (ATOM, "application/problem+xml"),
        (JSON, "application/problem+json"),
        ("/suggest.json?q=x", "application/problem+json"),
        ("/sitemap.xml", "application/problem+xml"),
    ],
)
def test_a_missing_index_is_reported_in_the_requested_format(tmp_path: Path, url: str, media_type: str) -> None:
    response = create_app(tmp_path).test_client().get(url)
    assert (response.status_code, response.mimetype) == (503, media_type)
    assert "Run backissue index" in response.text


def test_pages_that_need_no_index_work_without_one(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    assert [client.get(url).status_code for url in ("/robots.txt", "/opensearch.xml")] == [200, 200]


def test_a_feed_of_an_empty_archive_is_valid(tmp_path: Path) -> None:
    made = small(tmp_path)
    build(made)
    feed = atom(create_app(made.data).test_client())
    assert text(feed, "a:updated") == "1970-01-01T00:00:00Z"
    assert not feed.findall("a:entry", NAMES)


def test_the_description_of_the_search_has_what_opensearch_requires(client: FlaskClient) -> None:
    about = xml(client, "/opensearch.xml", "application/opensearchdescription+xml")
    templates = {each.get("type"): each.get("template") for each in about.findall("o:Url", NAMES)}
    assert about.tag == f"{{{NAMES['o']}}}OpenSearchDescription"
    assert 0 < len(text(about, "o:ShortName")) <= 16
    assert 0 < len(text(about, "o:Description")) <= 1024
    assert {"text/html", "application/atom+xml", "application/x-suggestions+json"} < set(templates)
    for media_type, template in templates.items():
        assert template
        assert client.get(template.replace("{searchTerms}", quote("i40e & ünïx"))).mimetype == media_type


def test_suggestions_are_the_typed_text_and_its_completions(client: FlaskClient, catalog: Catalog) -> None:
    response = client.get("/suggest.json?q=sock")
    typed, found = response.get_json()
    assert (response.mimetype, typed) == ("application/x-suggestions+json", "sock")
    assert set(found) == {each.text for each in suggestions(catalog, "sock")}
    assert len(found) == len(set(found)) > 3


def test_suggestions_repeat_what_was_typed_unchanged(client: FlaskClient) -> None:
    assert client.get("/suggest.json?q=%20i40%20").get_json()[0] == " i40 "
    assert client.get("/suggest.json").get_json() == ["", []]
    assert client.get("/suggest.json?q=" + "x" * 301).status_code == 400


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("/", True),
        (f"/entry/{STORY}", True),
        ("/sitemap.xml", True),
        ("/search.atom", False),
        ("/search.json", False),
        ("/api/v1/search", False),
    ],
)
def test_crawlers_may_read_pages_and_neither_feeds_nor_the_api(client: FlaskClient, url: str, allowed: bool) -> None:
    response = client.get("/robots.txt")
    # The standard library's parser takes the first rule that fits, RFC 9309 the longest.
    rules = sorted(response.text.splitlines(), key=lambda line: line.startswith(("Allow", "Disallow")) * -len(line))
    parser = RobotFileParser()
    parser.parse(["User-agent: *", *(line for line in rules if line.startswith(("Allow", "Disallow")))])
    assert response.mimetype == "text/plain"
    assert parser.can_fetch("a crawler", url) == allowed


def test_crawlers_may_read_the_style_but_no_searches(client: FlaskClient) -> None:
    rules = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /*?", "Allow: /static/", f"Sitemap: {HOST}/sitemap.xml"} <= set(rules)


def rows(element: Element, name: str) -> Iterator[tuple[str, str]]:
    """Yield the URL and date of each row of a sitemap."""
    found = element.findall(f"s:{name}", NAMES)
    return ((text(each, "s:loc"), each.findtext("s:lastmod", "", NAMES)) for each in found)


def test_the_sitemap_lists_every_page_and_each_entry_with_the_day_of_its_issue(
    client: FlaskClient, index: Index
) -> None:
    listed = dict(rows(xml(client, "/sitemap.xml", "application/xml"), "url"))
    expected = {
        f"{HOST}/entry/{quote(entry.id)}": issue.date[:10]
        for key, issue in index.issues.items()
        for entry in index.entries_of(key)
    }
    expected |= {f"{HOST}/issue/{key}": issue.date[:10] for key, issue in index.issues.items()}
    expected |= {f"{HOST}/": "2017-11-20", f"{HOST}/about": "2017-11-20", f"{HOST}/help": ""}
    expected |= {f"{HOST}/kernel/v4.15": "", f"{HOST}/id/BPF_MAP_TYPE_CPUMAP": ""}
    expected |= {f"{HOST}/topic/xdp": "", f"{HOST}/author/Daniel%20Borkmann": ""}
    expected[f"{HOST}/series/arm-ebpf-jit-compiler-shubham-bansal"] = ""
    assert expected.items() <= listed.items()


def test_the_pages_of_a_sitemap_exist(client: FlaskClient) -> None:
    for url in list(dict(rows(xml(client, "/sitemap.xml", "application/xml"), "url")))[::100]:
        assert client.get(url).status_code == 200


def test_more_pages_than_a_sitemap_may_have_are_in_several(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(rows(xml(create_app(archive.data).test_client(), "/sitemap.xml", "application/xml"), "url"))
    monkeypatch.setattr(crawlers, "MOST", 500)
    client = create_app(archive.data).test_client()  # an app of its own, which has made no answer yet
    parts = list(rows(xml(client, "/sitemap.xml", "application/xml"), "sitemap"))
    listed = [list(rows(xml(client, url, "application/xml"), "url")) for url, _ in parts]
    assert len(parts) > 1
    assert max(map(len, listed)) <= 500
    assert [row for part in listed for row in part] == whole
    assert max(day for _, day in parts) == "2017-11-20"
    assert xml(client, f"/sitemap-{len(parts) + 1}.xml", "application/problem+xml", 404) is not None


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("/", "/"),
        ("/?utm_source=x&q=&sort=relevance&page=1&explain=1", "/"),
        ("/?" + urlencode({"q": "xdp kernel:4.15"}), "/?kernel=v4.15&q=xdp"),
        ("/?q=xdp&page=2&issue=13", "/?issue=bpf-updates%2F13&page=2&q=xdp"),
        (f"/entry/{STORY}?utm_source=x", f"/entry/{STORY}"),
        ("/help", "/help"),
        ("/about?x", "/about"),
    ],
)
def test_a_page_names_its_one_address(client: FlaskClient, url: str, normal: str) -> None:
    assert canonical(client, url) == HOST + normal
    assert open_graph(head(client, url))["og:url"] == HOST + normal
    assert canonical(client, normal) == HOST + normal


def test_an_error_has_no_canonical_address(client: FlaskClient) -> None:
    assert "canonical" not in client.get("/entry/bpf-updates/99/nothing").text


def test_the_head_of_a_search_leads_to_its_feeds_and_to_the_browsers_search(client: FlaskClient) -> None:
    page = head(client, "/?q=sockmap+kernel:%3E%3D4.15&page=2&sort=oldest&limit=5")
    feeds = {str(tag["type"]): str(tag["href"]) for tag in page.find_all("link", rel="alternate")}
    assert set(feeds) == {"application/atom+xml", "application/feed+json"}
    assert feeds["application/atom+xml"] == "/search.atom?q=sockmap+kernel%3A%3E%3D4.15"
    assert [client.get(path).mimetype for path in feeds.values()] == list(feeds)
    assert [tag["href"] for tag in page.find_all("link", rel="search")] == ["/opensearch.xml"]


def test_a_page_has_a_title_and_a_description_for_where_it_is_shared(client: FlaskClient) -> None:
    entry, search = open_graph(head(client, f"/entry/{STORY}")), open_graph(head(client, "/?q=sockmap&kernel=4.15"))
    assert entry["og:title"] == "New helper function bpf_getsockops for reading socket options"
    assert (entry["og:type"], search["og:type"]) == ("article", "website")
    assert 20 < len(entry["og:description"]) <= 202
    assert search["og:title"] == "backissue: sockmap; kernel v4.15"
    assert re.fullmatch(r"\d+ entries of the back issues", search["og:description"])


def test_a_hostile_text_stays_text_in_a_head(client: FlaskClient, odd: FlaskClient) -> None:
    query = '"a"><script>alert(1)</script>'
    page = head(client, "/?" + urlencode({"q": query}))
    (item,) = json_feed(odd)["items"]
    entry = head(odd, item["url"])
    assert open_graph(page)["og:title"] == f"backissue: {query}"
    assert "<script>alert(1)</script>" in open_graph(entry)["og:title"]
    assert all(tag.has_attr("src") for tag in (*page.find_all("script"), *entry.find_all("script")))


@pytest.mark.parametrize("host", ["example.org", "example.org:8080", "[::1]:8017"])
def test_addresses_are_on_the_host_of_the_request(archive: Archive, host: str) -> None:
    client = create_app(archive.data).test_client()
    response = client.get("/robots.txt", headers={"Host": host})
    assert f"Sitemap: http://{host}/sitemap.xml" in response.text


def test_an_impossible_host_is_in_no_address(client: FlaskClient) -> None:
    response = client.get(f"/entry/{STORY}", headers={"Host": 'x"><script>'})
    assert f'<link rel="canonical" href="/entry/{STORY}">' in response.text


def test_addresses_are_on_the_host_that_the_setting_names(archive: Archive) -> None:
    client = create_app(archive.data, "https://example.org/").test_client()
    assert canonical(client, "/?q=xdp") == "https://example.org/?q=xdp"
    assert link(atom(client, "?q=xdp"), "self") == "https://example.org/search.atom?q=xdp"
    assert "Sitemap: https://example.org/sitemap.xml" in client.get("/robots.txt").text
    assert b'template="https://example.org/?q={searchTerms}"' in client.get("/opensearch.xml").data
    assert b"<loc>https://example.org/</loc>" in client.get("/sitemap.xml").data


@pytest.mark.parametrize("base", ["https://example.org", "http://localhost:8017/", "https://[2001:db8::1]:443"])
def test_a_base_of_addresses_is_a_scheme_and_a_host(base: str) -> None:
    assert checked(base) == base.rstrip("/")


@pytest.mark.parametrize(
    "base",
    ["example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https://example.org/path",
     "https://user:word@example.org", "https://example.org?x", 'https://x"y', "https://exa mple.org", "https://x\n"],
)  # fmt: skip
def test_an_invalid_base_of_addresses_is_refused(tmp_path: Path, base: str) -> None:
    with pytest.raises(BadBase, match="not a base URL"):
        create_app(tmp_path, base)


@pytest.mark.parametrize("how", [{"args": ["--base-url", "ftp://x"]}, {"env": {"BACKISSUE_BASE_URL": "ftp://x"}}])
def test_serve_refuses_an_invalid_base_address(how: dict[str, Any]) -> None:
    result = CliRunner().invoke(serve_command, how.get("args", []), env=how.get("env"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not a base URL" in result.stderr


def test_a_new_issue_is_on_top_of_the_feed(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool")
    build(archive)
    client = create_app(archive.data).test_client()
    assert [item["title"] for item in json_feed(client)["items"]] == ["first tool"]
    put_issue(archive, 2, "second tool")
    build(archive)
    assert [item["title"] for item in json_feed(client)["items"]] == ["second tool", "first tool"]
