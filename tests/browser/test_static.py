"""The exported shipped archive works under a path of a plain file server, and from disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from indexer.query.query import Query
from indexer.search.page import Searcher
from tests.browser.waiting import expect, wait_for_counts
from tests.exported import astray

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


def titles(page: Page) -> list[str]:
    return page.locator("ol.hits h2").all_text_contents()


def total(page: Page) -> int:
    return int((page.locator("p.total").text_content() or "").split()[0].replace(",", ""))


def test_every_link_of_the_shipped_site_leads_to_a_file(exported: Path) -> None:
    assert astray(exported) == set()


def test_the_walkthrough_works_without_a_server(page: Page, below: str) -> None:
    page.goto(f"{below}/index.html")
    page.get_by_label("Search", exact=True).fill("bpf_getsockopt")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{below}/search.html?q=bpf_getsockopt")
    page.locator("#kernel-v4\\.15").check()
    page.wait_for_url(f"{below}/search.html?kernel=v4.15&q=bpf_getsockopt")
    wait_for_counts(page)
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(f"{below}/{STORY}")
    expect(page.locator(".links a[href*='plain=1#L34']")).to_have_count(1)
    expect(page.locator(".links a[href*=':~:text=']").first).to_be_visible()


@pytest.mark.parametrize(
    "words", ["getsockopt", "bpf_getsockopt()", "bpf_getsockops", "reading soc", '"SOCKET options"']
)
def test_a_name_is_found_whole_in_parts_and_as_the_kernel_spells_it(page: Page, below: str, words: str) -> None:
    page.goto(f"{below}/search.html?kernel=v4.15&q={words}")
    wait_for_counts(page)
    assert "New helper function bpf_getsockops for reading socket options" in titles(page)


def test_parts_of_a_name_that_are_neighbours_find_it(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=adjust_meta")
    wait_for_counts(page)
    assert any("xdp_adjust_meta" in title for title in titles(page))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_filters_count_as_on_the_served_page(
    page: Page, below: str, searcher: Searcher, filters: dict[str, tuple[str, ...]]
) -> None:
    served = searcher.search(Query(filters=filters))
    args = urlencode([(name, value) for name, values in filters.items() for value in values])
    page.goto(f"{below}/search.html?{args}")
    wait_for_counts(page)
    assert total(page) == served.total
    for name in ("kernel", "how", "topic", "kind", "issue", "author", "tree"):
        boxes = page.locator(f"input[name={name}]").evaluate_all(
            "boxes => boxes.map(box => [box.value, box.parentElement.querySelector('.count').textContent, box.checked])"
        )
        assert boxes == [[each.value, f"{each.count:,}", each.selected] for each in served.facets[name]]


def test_a_typed_field_is_a_filter_like_a_ticked_one(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=kernel:4.15 author:borkmann xdp -fix")
    wait_for_counts(page)
    expect(page.locator("#kernel-v4\\.15")).to_be_checked()
    expect(page.locator("#author-Daniel-Borkmann")).to_be_checked()
    expect(page.locator("#q")).to_have_value("xdp -fix")
    assert not [title for title in titles(page) if re.search(r"\bfix", title, re.I)]


@pytest.mark.parametrize("spelling", ["kaifai", '"martin kafai la"'])
def test_a_person_is_found_by_any_spelling_and_shown_as_written(page: Page, below: str, spelling: str) -> None:
    page.goto(f"{below}/search.html?q=author:{spelling} fd array")
    wait_for_counts(page)
    expect(page.locator("#author-Martin-KaFai-Lau")).to_be_checked()
    assert "Martin KaiFai Lau" in page.locator("ol.hits .author").all_text_contents()


def test_back_shows_what_was_shown(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=xdp")
    wait_for_counts(page)
    before = page.locator("p.total").inner_text()
    page.locator("#kind-talk").check()
    page.wait_for_url(re.compile("kind=talk"))
    expect(page.locator("p.total")).not_to_have_text(before)
    page.go_back()
    page.wait_for_url(re.compile(r"\?q=xdp$"))
    expect(page.locator("p.total")).to_have_text(before)
    expect(page.locator("#kind-talk")).not_to_be_checked()


def test_the_query_never_becomes_part_of_the_page(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=<img src=x onerror=alert(1)>&author=<b>constructor</b>&sort=x&page=-1")
    wait_for_counts(page)
    expect(page.locator("#answer img, #answer b")).to_have_count(0)
    assert "No entry has author:<b>constructor</b>." in page.locator("p.notice").all_text_contents()


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_page_says_so_and_links_to_other_pages(page: Page, below: str) -> None:
    page.goto(f"{below}/search.html?q=xdp")
    expect(page.get_by_text("Without JavaScript")).to_be_visible()
    page.get_by_role("link", name="All kernel versions").click()
    page.wait_for_url(f"{below}/kernel/index.html")
    page.get_by_role("link", name="v4.15", exact=True).click()
    page.wait_for_url(f"{below}/kernel/v4.15.html")


def test_pages_opened_from_disk_are_read_and_searched(disk: Page, exported: Path) -> None:
    disk.goto((exported / STORY).as_uri())
    disk.get_by_label("Search", exact=True).fill("xdp redirect")
    disk.keyboard.press("Enter")
    disk.wait_for_url("**/search.html?q=xdp+redirect")
    expect(disk.locator("ol.hits li").first).to_be_visible()
    disk.locator("#kind-patch").check()
    disk.wait_for_url(re.compile("kind=patch"))
    disk.get_by_role("link", name="All issues").or_(disk.get_by_role("link", name="Issues")).first.click()
    disk.wait_for_url(re.compile("issue/index.html$"))


@pytest.mark.parametrize("page", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
@pytest.mark.parametrize("path", ["index.html", "search.html?q=xdp", "help.html"])
def test_nothing_is_wider_than_a_narrow_window(page: Page, below: str, path: str) -> None:
    page.goto(f"{below}/{path}")
    if "search.html" in path:
        wait_for_counts(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
