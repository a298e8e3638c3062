"""The exported shipped archive works under a path of a plain file server, and from disk."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from tests.exported import astray
from webui.export.site import export

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
STORY = "entry/bpf-updates/13/new-helper-function-bpf-getsockops.html"
FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"kernel": ("v4.15",)},
    {"kernel": ("v4.14", "v4.15"), "how": ("landed",)},
    {"topic": ("xdp",), "kind": ("talk",)},
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without logging."""

    def log_message(self, *_: object) -> None:
        """Do not log."""


@pytest.fixture(scope="module")
def folder(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the exported shipped archive."""
    made = tmp_path_factory.mktemp("served") / "bpf"
    assert export(archive.data, made).missing == ()
    return made


@pytest.fixture(scope="module")
def below(folder: Path) -> Iterator[str]:
    """Return the URL of the site under a path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/bpf"
    server.shutdown()
    server.server_close()


def titles(page: Page) -> list[str]:
    return page.locator("ol.hits h2").all_text_contents()


def total(page: Page) -> int:
    return int((page.locator("p.total").text_content() or "").split()[0].replace(",", ""))


def test_every_link_of_the_shipped_site_leads_to_a_file(folder: Path) -> None:
    assert astray(folder) == set()


def test_the_walkthrough_works_without_a_server(page: Page, below: str) -> None:
    page.goto(f"{below}/index.html")
    page.get_by_label("Search", exact=True).fill("bpf_getsockopt")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{below}/search.html?q=bpf_getsockopt")
    page.locator("#kernel-v4\\.15").check()
    page.wait_for_url(f"{below}/search.html?kernel=v4.15&q=bpf_getsockopt")
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(f"{below}/{STORY}")
    assert page.locator(".links a[href*='plain=1#L34']").count() == 1
    page.locator(".links a[href*=':~:text=']").first.wait_for()


@pytest.mark.parametrize(
    "words", ["getsockopt", "bpf_getsockopt()", "bpf_getsockops", "reading soc", '"SOCKET options"']
)
def test_a_name_is_found_whole_in_parts_and_as_the_kernel_spells_it(page: Page, below: str, words: str) -> None:
    page.goto(f"{below}/search.html?kernel=v4.15&q={words}")
    page.locator("ol.hits li").first.wait_for()
    assert "New helper function bpf_getsockops for reading socket options" in titles(page)


def test_parts_of_a_name_that_are_neighbours_find_it(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=adjust_meta")
    page.locator("ol.hits li").first.wait_for()
    assert any("xdp_adjust_meta" in title for title in titles(page))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_filters_count_as_on_the_served_page(
    page: Page, below: str, searcher: Searcher, filters: dict[str, tuple[str, ...]]
) -> None:
    served = searcher.search(Query(filters=filters))
    args = urlencode([(name, value) for name, values in filters.items() for value in values])
    page.goto(f"{below}/search.html?{args}")
    page.locator("ol.hits li").first.wait_for()
    assert total(page) == served.total
    page.locator("#filters input").first.wait_for()
    for name in ("kernel", "how", "topic", "kind", "issue", "author", "tree"):
        boxes = page.locator(f"input[name={name}]").evaluate_all(
            "boxes => boxes.map(box => [box.value, box.parentElement.querySelector('.count').textContent, box.checked])"
        )
        assert boxes == [[each.value, f"{each.count:,}", each.selected] for each in served.facets[name]]


def test_a_typed_field_is_a_filter_like_a_ticked_one(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=kernel:4.15 author:borkmann xdp -fix")
    page.locator("ol.hits li").first.wait_for()
    assert page.locator("#kernel-v4\\.15").is_checked()
    assert page.locator("#author-Daniel-Borkmann").is_checked()
    assert page.locator("#q").input_value() == "xdp -fix"
    assert not [title for title in titles(page) if re.search(r"\bfix", title, re.I)]


@pytest.mark.parametrize("spelling", ["kaifai", '"martin kafai la"'])
def test_a_person_is_found_by_any_spelling_and_shown_as_written(page: Page, below: str, spelling: str) -> None:
    page.goto(f"{below}/search.html?q=author:{spelling} fd array")
    page.locator("ol.hits li").first.wait_for()
    assert page.locator("#author-Martin-KaFai-Lau").is_checked()
    assert "Martin KaiFai Lau" in page.locator("ol.hits .author").all_text_contents()


def test_back_shows_what_was_shown(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=sockmap")
    page.locator("ol.hits li").first.wait_for()
    before = total(page)
    page.locator("#kind-patch").check()
    page.wait_for_url(re.compile("kind=patch"))
    page.go_back()
    page.wait_for_url(re.compile(r"\?q=sockmap$"))
    assert total(page) == before
    assert not page.locator("#kind-patch").is_checked()


def test_the_query_never_becomes_part_of_the_page(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=<img src=x onerror=alert(1)>&author=<b>constructor</b>&sort=x&page=-1")
    page.locator("p.total").wait_for()
    assert page.locator("#answer img, #answer b").count() == 0
    assert "No entry has author:<b>constructor</b>." in page.locator("p.notice").all_text_contents()


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_page_says_so_and_links_to_other_pages(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=xdp")
    assert page.get_by_text("Without JavaScript").is_visible()
    page.get_by_role("link", name="All kernel versions").click()
    page.wait_for_url(f"{below}/kernel/index.html")
    page.get_by_role("link", name="v4.15", exact=True).click()
    page.wait_for_url(f"{below}/kernel/v4.15.html")


def test_pages_opened_from_disk_are_read_and_searched(chromium, folder: Path) -> None:  # type: ignore[no-untyped-def]
    opened = chromium.new_page()
    opened.goto((folder / STORY).as_uri())
    opened.get_by_label("Search", exact=True).fill("xdp redirect")
    opened.keyboard.press("Enter")
    opened.locator("ol.hits li").first.wait_for()
    opened.locator("#kind-patch").check()
    opened.wait_for_url(re.compile("kind=patch"))
    opened.get_by_role("link", name="All issues").or_(opened.get_by_role("link", name="Issues")).first.click()
    opened.wait_for_url(re.compile("issue/index.html$"))
    opened.close()


@pytest.mark.parametrize("page", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
@pytest.mark.parametrize("path", ["index.html", "search.html?q=xdp", "help.html"])
def test_nothing_is_wider_than_a_narrow_window(page: Page, below: str, path: str) -> None:
    page.goto(f"{below}/{path}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
