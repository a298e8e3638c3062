"""The pages in a real browser: by mouse, by keyboard and without JavaScript; narrow, dark, back and forward."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests import pages

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
STORY = f"/entry/{pages.STORY}"
NO_SCRIPT = pytest.param({"java_script_enabled": False}, id="no script")
NARROW = pytest.param({"viewport": {"width": 320, "height": 640}}, id="320 pixels")
DARK = pytest.param({"color_scheme": "dark"}, id="dark")
LISTEN = """() => {
  window.said = [];
  const status = document.getElementById("status");
  new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
}"""
ZOOMED = pytest.param({"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}, id="200 %")


def first_hit(page: Page) -> str:
    return str(page.locator("ol.hits h2 a").first.get_attribute("href"))


def wait_for_answer(page: Page, address: str) -> None:
    """Wait for the URL and its results."""
    page.wait_for_url(re.compile(re.escape(address) + "$"))
    page.locator(f'link[rel=canonical][href$="{address}"]').wait_for(state="attached")


@pytest.mark.parametrize("page", [{}, NO_SCRIPT, NARROW, DARK, ZOOMED], indirect=True)
def test_the_walkthrough_works_with_the_mouse(page: Page, served: str) -> None:
    page.goto(served)
    page.get_by_label("Search", exact=True).fill("bpf_getsockops")
    page.get_by_role("button", name="Search").click()
    page.wait_for_load_state("networkidle")
    summary = page.locator("#filters > summary")
    if summary.is_visible() and page.locator("#filters:not([open])").count():
        summary.click()
    page.locator("#kernel-v4\\.15").check()
    if page.get_by_role("button", name="Apply filters").is_visible():
        page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url(re.compile(r"kernel=v4\.15"))
    page.wait_for_load_state("networkidle")
    assert first_hit(page) == STORY
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(re.compile("getsockops$"))
    assert page.locator(".links a[href*='plain=1#L34']").count() == 1
    assert page.locator(".links a[href*=':~:text=']").first.is_visible()


def test_the_walkthrough_works_with_the_keyboard_only(page: Page, served: str) -> None:
    page.goto(served)
    page.keyboard.press("/")
    page.keyboard.type("bpf_getsockops")
    page.keyboard.press("Enter")
    wait_for_answer(page, "/?q=bpf_getsockops")
    page.locator("#kernel-v4\\.15").focus()
    page.keyboard.press("Space")
    wait_for_answer(page, "/?kernel=v4.15&q=bpf_getsockops")
    assert page.evaluate("document.activeElement.id") == "kernel-v4.15"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(f"{STORY}$"))


def test_a_filter_applies_at_once_and_keeps_scroll_and_title(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 100")
    before = page.evaluate("scrollY")
    page.locator("#kind-talk").check()
    wait_for_answer(page, "/?kind=talk&q=xdp")
    assert page.evaluate("scrollY") == before
    assert page.title().startswith("xdp; kind talk")
    assert page.locator("link[rel=canonical]").evaluate_all("found => found.map((each) => each.href)") == [page.url]
    assert "kind=talk" in (page.locator("link[type='application/atom+xml']").get_attribute("href") or "")
    assert re.fullmatch(r"\d+ entries", page.locator("#status").text_content() or "")


def test_back_and_forward_show_what_was_shown(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=sockmap")
    shown = page.locator("p.total").text_content()
    page.locator("#kernel-v4\\.15").check()
    wait_for_answer(page, "/?kernel=v4.15&q=sockmap")
    fewer = page.locator("p.total").text_content()
    assert shown != fewer
    page.go_back()
    page.get_by_text(str(shown), exact=True).first.wait_for()
    assert page.url.endswith("/?q=sockmap")
    page.go_forward()
    page.get_by_text(str(fewer), exact=True).first.wait_for()
    assert page.url.endswith("/?kernel=v4.15&q=sockmap")


def test_names_are_suggested_as_one_types(page: Page, served: str) -> None:
    page.goto(served)
    box = page.get_by_role("combobox", name="Search", exact=True)
    box.press_sequentially("bpf_gets")
    option = page.get_by_role("option").first
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Enter")
    wait_for_answer(page, "/?q=bpf_getsockops")
    assert first_hit(page) == STORY


def test_escape_closes_the_suggestions_and_leaves_what_was_typed(page: Page, served: str) -> None:
    page.goto(served)
    box = page.get_by_role("combobox", name="Search", exact=True)
    box.press_sequentially("sock")
    page.get_by_role("option").first.wait_for()
    box.press("Escape")
    assert page.get_by_role("listbox").is_hidden()
    assert box.input_value() == "sock"


def test_the_keys_can_be_switched_off(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.get_by_label("Keyboard shortcuts:").uncheck()
    page.locator("main").click(position={"x": 2, "y": 2})
    page.keyboard.press("j")
    assert page.locator("article.current").count() == 0
    page.reload()
    assert not page.get_by_label("Keyboard shortcuts:").is_checked()


def test_a_filter_that_is_taken_away_leaves_the_focus_at_the_hits(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp&kind=talk")
    page.locator(".chips a").focus()
    page.keyboard.press("Enter")
    wait_for_answer(page, "/?q=xdp")
    assert page.evaluate("document.activeElement.id") == "results"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#results') !== null")


def test_hits_are_sorted_at_once_and_the_menu_keeps_the_focus(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.get_by_label("Sort by").focus()
    page.get_by_label("Sort by").select_option("oldest")
    wait_for_answer(page, "/?q=xdp&sort=oldest")
    assert page.evaluate("document.activeElement.id") == "sort"
    assert page.locator("ol.hits time").first.text_content() == "2 May 2017"


def test_a_jump_within_the_page_sends_no_request_and_keeps_the_typed_words(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("combobox", name="Search", exact=True).fill("sockmap")
    page.locator(".skip").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#main$"))
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/?" in url] == []
    assert page.get_by_role("combobox", name="Search", exact=True).input_value() == "sockmap"


def test_the_number_of_suggestions_is_announced_after_typing_stops(page: Page, served: str) -> None:
    page.goto(served)
    page.evaluate(LISTEN)
    page.get_by_role("combobox", name="Search", exact=True).press_sequentially("xdp_redirect", delay=60)
    page.locator("#status").filter(has_text="suggestion").wait_for(state="attached")
    assert page.evaluate("said") == [f"{page.get_by_role('listbox').get_by_role('option').count()} suggestions"]
    ids = page.locator("[id]").evaluate_all("found => found.map(each => each.id)")
    assert len(ids) == len(set(ids))


def test_suggestions_that_come_late_do_not_open_over_the_hits(page: Page, served: str) -> None:
    page.goto(served)
    box = page.get_by_role("combobox", name="Search", exact=True)
    with page.expect_response("**/suggest?*"):
        box.fill("sockmap")
        page.wait_for_timeout(75)
        box.press("Enter")
    wait_for_answer(page, "/?q=sockmap")
    page.wait_for_timeout(300)
    assert page.get_by_role("listbox").is_hidden()


@pytest.mark.parametrize("width", [880, 900, 960, 1024, 1180, 1280])
def test_the_search_box_of_the_header_is_next_to_the_menu(page: Page, served: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 400})
    page.goto(f"{served}/about")
    menu, search = (page.locator(each).bounding_box() for each in ("header nav", "header form"))
    assert menu
    assert search
    assert menu["x"] + menu["width"] <= search["x"]
    assert abs(menu["y"] + menu["height"] / 2 - search["y"] - search["height"] / 2) < menu["height"] / 2
