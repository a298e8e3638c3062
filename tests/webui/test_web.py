"""The pages in a browser without JavaScript, and the server behind them."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Timer
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.archives import HOSTILE, small
from tests.linux import FACETS
from tests.pages import LARGEST, PAGE_TYPES, STORY, PageType
from webui.app import create_app
from webui.http.headers import HEADERS

LARGEST_STATIC = 40_000  # bytes of style and script, together

each_type = pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.name)


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of an archive whose texts try to become markup."""
    made = small(tmp_path_factory.mktemp("hostile"))
    (made.folder / "bpf-updates" / "01.md").write_text(HOSTILE, encoding="utf-8")
    table = made.folder / "newsletters.toml"
    table.write_text(table.read_text().replace('name = "BPF Updates"', 'name = "<script>alert(8)</script>"'))
    build(made)
    return create_app(made.data).test_client()


def soup(client: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    return BeautifulSoup(response.text, "html5lib")


def only(found: Tag | None) -> Tag:
    assert found is not None
    return found


def box(page: BeautifulSoup, name: str, value: str) -> Tag:
    """Return the check box of a facet value."""
    return only(page.find("input", {"type": "checkbox", "name": name, "value": value}))


def submitted(page: BeautifulSoup) -> str:
    """Return the URL that a browser requests when the search form is submitted."""
    form = only(page.find("form", id="search"))
    assert form["method"] == "get"
    args = [
        (field["name"], field.get("value", "on"))
        for field in form.find_all("input", attrs={"name": True})
        if field.get("type") != "checkbox" or field.has_attr("checked")
    ]
    for select_ in form.find_all("select"):
        option = select_.find("option", selected=True) or select_.find("option")
        args.append((select_["name"], option.get("value", option.get_text())))
    return f"{form['action']}?{urlencode(args)}"


def entry_links(page: BeautifulSoup) -> list[str]:
    return [str(link["href"]) for link in page.select("ol.hits h2 a")]


def test_the_walkthrough_works_over_http(client: FlaskClient) -> None:
    page = soup(client, "/?q=bpf_getsockops")
    box(page, "kernel", "v4.15")["checked"] = ""
    page = soup(client, submitted(page))
    assert entry_links(page)[0] == f"/entry/{STORY}"
    entry = soup(client, entry_links(page)[0])
    links = [str(link["href"]) for link in entry.select(".links a")]
    assert any(re.match(r"https://github\.com/.+/blob/[0-9a-f]{40}/.+\?plain=1#L34$", link) for link in links)
    assert any("#:~:text=" in link for link in links)
    assert "landed in v4.15" in entry.get_text()


def test_a_hit_links_to_its_words_in_the_issue_and_to_what_it_is_about(client: FlaskClient) -> None:
    page = soup(client, "/?q=XDP&kind=talk")
    for hit in page.select("ol.hits > li"):
        read, *about = hit.select(".links a")
        assert re.fullmatch(r"Read in BPF [Uu]pdates \d+", read.get_text(strip=True))
        assert "plain=1#L" in str(read["href"])
        assert len(about) <= 1
    assert {"Slides", "Video"} <= {link.get_text(strip=True) for link in page.select(".links a")}


@each_type
def test_no_page_needs_a_script(client: FlaskClient, kind: PageType) -> None:
    page = soup(client, kind.path, kind.status)
    assert [str(tag["src"]).partition("?")[0] for tag in page.find_all("script")] == ["/static/script.js"]
    assert not page.find("noscript")
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


@each_type
def test_every_page_has_one_heading_a_title_and_a_language(client: FlaskClient, kind: PageType) -> None:
    page = soup(client, kind.path, kind.status)
    assert [heading.get_text(strip=True) != "" for heading in page.find_all("h1")] == [True]
    assert only(page.title).get_text(strip=True)
    assert only(page.html)["lang"] == "en"


@each_type
def test_every_field_has_a_label(client: FlaskClient, kind: PageType) -> None:
    page = soup(client, kind.path, kind.status)
    for field in page.find_all(["input", "select", "textarea"]):
        label = field.find_parent("label") or page.find("label", attrs={"for": field.get("id")})
        assert only(label).get_text(strip=True)


@each_type
def test_ids_on_a_page_are_unique_and_headings_skip_no_level(client: FlaskClient, kind: PageType) -> None:
    page = soup(client, kind.path, kind.status)
    ids = [tag["id"] for tag in page.find_all(id=True)]
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
    assert len(ids) == len(set(ids))
    assert all(level <= before + 1 for before, level in zip([0, *levels], levels, strict=False))


def test_each_facet_is_a_fieldset_with_a_legend(client: FlaskClient) -> None:
    sets = soup(client, "/?q=xdp").find_all("fieldset")
    legends = [only(each.find("legend")).get_text(strip=True) for each in sets]
    assert set(legends) <= {facet.label for facet in FACETS}
    assert {"Kernel version", "Topic", "Kind", "Issue"} <= set(legends)
    assert all(each.find("input", {"type": "checkbox"}) for each in sets)


def test_a_chosen_value_is_checked_and_no_other_is(client: FlaskClient) -> None:
    page = soup(client, "/?q=xdp&kernel=4.15&kind=patch")
    checked = {(field["name"], field["value"]) for field in page.find_all("input", checked=True)}
    assert checked == {("kernel", "v4.15"), ("kind", "patch")}


def test_a_filter_typed_into_the_box_is_checked_instead(client: FlaskClient) -> None:
    page = soup(client, "/?" + urlencode({"q": "xdp kernel:v4.15"}))
    assert box(page, "kernel", "v4.15").has_attr("checked")
    assert only(page.find(id="q"))["value"] == "xdp"


def test_a_chip_removes_its_filter_and_no_other(client: FlaskClient) -> None:
    page = soup(client, "/?q=xdp&kernel=v4.15&kind=patch&sort=newest&page=2")
    chips = {
        only(chip).get_text(" ", strip=True): str(only(chip.find("a"))["href"]) for chip in page.select("ul.chips li")
    }
    (address,) = [address for text, address in chips.items() if "v4.15" in text]
    assert len(chips) == 3
    assert parse_qsl(urlsplit(chips["Remove all"]).query) == [("q", "xdp"), ("sort", "newest")]
    assert sorted(parse_qsl(urlsplit(address).query)) == [("kind", "patch"), ("q", "xdp"), ("sort", "newest")]


def test_each_issue_has_a_bar_that_is_its_filter(client: FlaskClient) -> None:
    bars = soup(client, "/?q=xdp").select("ol.timeline a")
    assert [only(bar.select_one("span:not(.visually-hidden)")).text for bar in bars] == [str(n) for n in range(1, 14)]
    chosen = soup(client, str(bars[12]["href"]))
    assert {str(day["datetime"]) for day in chosen.select("ol.hits .about time")} == {"2017-11-20"}
    assert str(only(chosen.select_one("ol.timeline a[aria-current]"))["href"]) == "/?q=xdp"


def test_a_bar_is_as_tall_as_the_issue_has_hits(client: FlaskClient) -> None:
    page = client.get("/api/v1/search?q=xdp").get_json()
    counts = {value["label"]: value["count"] for value in page["facets"]["issue"]}
    for bar in soup(client, "/?q=xdp").select("ol.timeline li"):
        number = only(bar.select_one("span:not(.visually-hidden)")).text
        assert int(only(bar.rect)["height"]) == max(2, round(40 * counts.get(number, 0) / max(counts.values())))


def test_the_help_has_examples_that_find_something(client: FlaskClient) -> None:
    examples = [str(link["href"]) for link in soup(client, "/help").select(".examples a")]
    assert len(examples) > 15
    for example in examples:
        assert soup(client, example).select("ol.hits > li"), example


def test_the_about_page_describes_the_index(client: FlaskClient) -> None:
    row = only(soup(client, "/about").select_one("table.newsletters tbody tr"))
    assert [cell.text for cell in row.select("td")] == [
        "BPF Updates", "13", "1,292", "2 May 2017 to 20 Nov 2017", "13 retold", "nothing",
    ]  # fmt: skip


def test_a_page_without_filters_has_no_chips(client: FlaskClient) -> None:
    assert not soup(client, "/?q=xdp").select("ul.chips")


def test_the_number_next_to_a_value_is_what_its_check_box_brings(client: FlaskClient) -> None:
    page = soup(client, "/?q=xdp")
    field = box(page, "kind", "talk")
    (number,) = re.findall(r"(\d+)$", only(field.find_parent("label")).get_text(strip=True))
    field["checked"] = ""
    assert only(soup(client, submitted(page)).select_one("p.total")).get_text(strip=True).startswith(f"{number} entr")


def test_the_pages_of_hits_lead_to_each_other(client: FlaskClient) -> None:
    first = soup(client, "/?q=xdp&kind=patch")
    second = soup(client, str(only(first.find("a", rel="next"))["href"]))
    assert set(entry_links(first)).isdisjoint(entry_links(second))
    assert entry_links(soup(client, str(only(second.find("a", rel="prev"))["href"]))) == entry_links(first)


def test_a_page_past_the_end_offers_no_further_page(client: FlaskClient) -> None:
    page = soup(client, "/?q=sockmap&page=999")
    assert not entry_links(page)
    assert not page.find("a", rel="next")


def test_a_search_without_hits_repeats_what_was_searched(client: FlaskClient) -> None:
    page = soup(client, "/?q=zeppelin&kind=talk")
    assert "zeppelin" in only(page.select_one(".nothing")).get_text()
    assert only(page.find(id="q"))["value"] == "zeppelin"


def test_notices_of_a_search_are_shown(client: FlaskClient) -> None:
    notices = soup(client, "/?q=bpf_getsockopt").select(".notice")
    assert any("bpf_getsockops" in notice.get_text() for notice in notices)


def test_searched_words_are_marked(client: FlaskClient) -> None:
    marked = {mark.get_text().casefold() for mark in soup(client, "/?q=sockmap").select("ol.hits mark")}
    assert "sockmap" in marked


def test_a_version_known_only_from_the_issue_is_never_called_the_release_of_the_change(client: FlaskClient) -> None:
    for kernel in soup(client, "/?how=issue&limit=100").select(".version.issue"):
        assert kernel.get_text(strip=True).startswith("in development for v")


@pytest.mark.parametrize("url", ["/", f"/entry/{STORY}", "/?q=bpf_getsockops"])
def test_the_footer_says_once_that_entries_are_paraphrased(client: FlaskClient, url: str) -> None:
    page = soup(client, url)
    assert "paraphrased from the original issues" in only(page.select_one("footer")).get_text()
    assert "retold" not in page.get_text()


def test_an_entry_leads_to_the_entries_next_to_it(client: FlaskClient) -> None:
    page = soup(client, f"/entry/{STORY}")
    after = soup(client, str(only(page.find("a", rel="next"))["href"]))
    assert str(only(after.find("a", rel="prev"))["href"]) == f"/entry/{STORY}"


@pytest.fixture(scope="module")
def status(client: FlaskClient) -> Callable[[str], int]:
    """Return a function that returns the status of a URL, which is requested once."""

    @cache
    def asked(link: str) -> int:
        with client.get(link, follow_redirects=True) as response:
            return response.status_code

    return asked


@each_type
def test_every_link_of_a_page_into_the_site_leads_somewhere(
    client: FlaskClient, status: Callable[[str], int], kind: PageType
) -> None:
    page = soup(client, kind.path, kind.status)
    links = {str(tag["href"]) for tag in page.find_all(href=re.compile("^/"))}
    assert len(links) > 5
    assert {link: status(link) for link in links if status(link) != 200} == {}


@each_type
def test_a_fragment_of_a_link_is_on_its_page(client: FlaskClient, kind: PageType) -> None:
    page = soup(client, kind.path, kind.status)
    fragments = [str(tag["href"])[1:] for tag in page.find_all(href=re.compile("^#"))]
    assert [name for name in fragments if not page.find(id=name)] == []


@each_type
def test_no_page_is_large(client: FlaskClient, kind: PageType) -> None:
    assert len(client.get(kind.path).data) < LARGEST


def test_style_and_script_are_small(client: FlaskClient) -> None:
    page = soup(client, "/")
    files = [str(tag["href"]) for tag in page.find_all("link", rel="stylesheet")]
    files += [str(tag["src"]) for tag in page.find_all("script")]
    assert sum(len(client.get(file).data) for file in files) < LARGEST_STATIC


def test_entries_with_letters_beyond_ascii_in_their_id_have_a_page(client: FlaskClient, archive: Archive) -> None:
    hits = client.get("/api/v1/search?limit=100&" + urlencode({"q": "入門 OR kernel:v4.12 kind:article"})).get_json()[
        "hits"
    ]
    (odd,) = [hit["id"] for hit in hits if not hit["id"].isascii()][:1]
    assert soup(client, f"/entry/{odd}").h1


def test_health_is_reported_after_the_index_is_open(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_without_an_index_the_page_explains_what_to_do(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    assert client.get("/healthz").status_code == 503
    assert "Run backissue index" in soup(client, "/", 503).get_text()


@pytest.mark.parametrize(
    "url", [*(kind.path for kind in PAGE_TYPES), "/static/style.css", "/healthz", "/api/v1/search", "/api/v1/entries/x"]
)
def test_every_answer_has_the_security_headers(client: FlaskClient, url: str) -> None:
    with client.get(url) as response:
        assert {name: response.headers.getlist(name) for name in HEADERS} == {n: [v] for n, v in HEADERS.items()}
    assert "'unsafe" not in HEADERS["Content-Security-Policy"]
    assert HEADERS["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_entry_is_a_page_of_its_own_with_404(client: FlaskClient) -> None:
    page = soup(client, "/entry/bpf-updates/99/nothing", 404)
    assert "bpf-updates/99/nothing" in page.get_text()
    assert page.find("a", href="/")


@pytest.mark.parametrize("args", ["limit=0", "limit=ten", "page=0", "sort=size", "q=" + "x" * 301])
def test_a_bad_parameter_is_a_page_with_400_and_what_is_wrong(client: FlaskClient, args: str) -> None:
    name = "query" if args.startswith("q=") else args.partition("=")[0]
    assert name in only(soup(client, f"/?{args}", 400).find("main")).get_text()


@pytest.mark.parametrize(
    "args", ["q=%00", "q=%ff%fe", "q=%ED%A0%80", "kernel=", "topic=%00", "q=id:%ed%a0%80", "q=a&q=b", "x" * 3000]
)
def test_odd_bytes_in_an_address_do_no_harm(client: FlaskClient, args: str) -> None:
    assert client.get(f"/?{args}").status_code == 200


def test_a_wrong_method_is_refused(client: FlaskClient) -> None:
    response = client.post("/", data={"q": "xdp"})
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["/", "/nowhere", f"/entry/{STORY}", "/static/style.css", "/api/v1/search", "/healthz"]
)
def test_only_what_reads_is_answered(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    may_ask = method == "OPTIONS" and path.startswith("/api/v1")
    assert response.status_code == (200 if may_ask else 405)
    assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", "))


def test_no_answer_sets_a_cookie(client: FlaskClient) -> None:
    for kind in PAGE_TYPES:
        assert "Set-Cookie" not in client.get(kind.path).headers


def test_the_environment_does_not_turn_debugging_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("FLASK_ENV", "development")
    assert not create_app(tmp_path).debug


@pytest.mark.parametrize("path", ["/", "/api/v1/search", "/search.atom", "/healthz"])
def test_a_missing_file_is_reported_without_a_path_of_the_server(tmp_path: Path, path: str) -> None:
    response = create_app(tmp_path).test_client().get(path)
    assert response.status_code == 503
    assert str(tmp_path) not in response.text


def test_a_bug_is_reported_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(tmp_path)
    monkeypatch.setitem(app.view_functions, "explaining.help_page", lambda: 1 / 0)
    response = app.test_client().get("/help")
    assert response.status_code == 500
    for inside in ("Traceback", "ZeroDivision", "division", ".py", str(tmp_path)):
        assert inside not in response.text


def test_extra_slashes_redirect_to_the_page_or_are_not_found(client: FlaskClient) -> None:
    response = client.get(f"/entry//{STORY}")
    assert response.status_code == 404 or "Location" in response.headers


@pytest.mark.parametrize(
    "url",
    ["/", "/?sort=newest", "/?q=tool", "/?q=fix&kind=patch", "/entry/bpf-updates/1/a-script-alert-1-script-tool",
     "/issue/", "/issue/bpf-updates/1", "/kernel/v4.12", "/about",
     "/?" + urlencode({"q": '"><script>alert(9)</script>', "kernel": "<script>", "author": '"><img src=x onerror=a>'}),
     "/?" + urlencode({"topic": "javascript:alert(10)", "issue": "'><svg onload=a>"})],
)  # fmt: skip
def test_no_text_becomes_part_of_the_page(hostile: FlaskClient, url: str) -> None:
    page = soup(hostile, url)
    attributes = {name for tag in page.find_all(True) for name in tag.attrs}
    assert [str(tag["src"]).partition("?")[0] for tag in page.find_all("script")] == ["/static/script.js"]
    assert not page.find_all("img")
    drawings = [tag for tag in page.find_all("svg") if not tag.find_parent(class_="timeline")]
    assert {str(tag["class"][0]) for tag in drawings} <= {"sign", "word", "icon"}
    assert not [name for name in attributes if name.startswith("on")]
    for tag in page.find_all(href=True):
        assert urlsplit(str(tag["href"])).scheme in ("", "https", "http")


def test_hostile_texts_are_shown_as_they_are(hostile: FlaskClient) -> None:
    text = soup(hostile, "/?sort=newest").get_text()
    assert "<script>alert(1)</script>" in text
    assert "<img src=x onerror=alert>" in text
    assert (
        "<script>alert(11)</script>" in soup(hostile, "/?" + urlencode({"q": "<script>alert(11)</script>"})).get_text()
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a `backissue serve` process for a small archive, on a free port."""
    made = small(tmp_path, "a served tool")
    # A shell's background job, and what it starts, would ignore an interrupt.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from indexer.cli import main; main()"
    folders = ["--archive", str(made.folder), "--data", str(made.data)]
    command = [sys.executable, "-u", "-c", code, "serve", "--port", "0", *folders]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def raw_answer(address: str, sent: bytes) -> bytes:
    """Return the first line of the server's response to some bytes."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=120) as connection:
        with suppress(OSError):  # the server may close the connection early
            connection.sendall(sent)
        return connection.makefile("rb").readline()


def test_the_server_takes_neither_long_headers_nor_bodies(server: subprocess.Popen[str]) -> None:
    address = address_of(server)
    assert b" 431 " in raw_answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")
    assert b" 413 " in raw_answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n")
    assert b" 200 " in raw_answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 3_000 + b"\r\n\r\n")


def address_of(process: subprocess.Popen[str]) -> str:
    """Return the URL that a server prints. A server that prints none is stopped after two minutes."""
    assert process.stdout
    limit = Timer(120, process.kill)
    limit.start()
    found = (re.search(r"http://127\.0\.0\.1:\d+/", line) for line in process.stdout)
    address = next((match[0] for match in found if match), "")
    limit.cancel()
    assert address
    return address


def test_the_server_prints_its_address_and_answers(server: subprocess.Popen[str]) -> None:
    address = address_of(server)
    for path, part in (("healthz", b'"ok"'), ("?q=served", b"a <mark>served</mark> tool"), ("static/style.css", b"{")):
        with urllib.request.urlopen(address + path, timeout=120) as answer:  # noqa: S310
            assert answer.status == 200
            assert part in answer.read()


def test_the_server_ends_quietly_when_it_is_interrupted(server: subprocess.Popen[str]) -> None:
    with urllib.request.urlopen(address_of(server) + "healthz", timeout=120):  # noqa: S310
        server.send_signal(signal.SIGINT)
    _, said = server.communicate(timeout=120)
    assert (server.returncode, said) == (0, "")


def test_the_link_to_report_a_mistake_is_the_configured_address(archive: Archive) -> None:
    told = create_app(archive.data, report_url="https://example.org/issues").test_client()
    assert only(soup(told, f"/entry/{STORY}").find("a", string=re.compile("mistake")))["href"].startswith(
        "https://exam"
    )
    unset = create_app(archive.data).test_client()
    assert only(soup(unset, f"/entry/{STORY}").find("a", string=re.compile("mistake")))["href"] == "/about#mistakes"
