"""The pages in a real browser: by mouse, by keyboard and without JavaScript; narrow, dark, back and forward."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.browser.waiting import SHOWN, box_of, expect, suggested, wait_for_answer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
STORY = f"/entry/{pages.STORY}"
NO_SCRIPT = pytest.param({"java_script_enabled": False}, id="no script")
NARROW = pytest.param({"viewport": {"width": 320, "height": 640}}, id="320 pixels")
DARK = pytest.param({"color_scheme": "dark"}, id="dark")
SUGGESTED, ANNOUNCED = 70, 600  # milliseconds without a key, and after the list is shown
LISTEN = """() => {
  window.said = [];
  const status = document.getElementById("status");
  new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
}"""
ZOOMED = pytest.param({"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}, id="200 %")


def expect_first_hit(page: Page, path: str) -> None:
    expect(page.locator("ol.hits h2 a").first).to_have_attribute("href", path)


@pytest.mark.parametrize("page", [{}, NO_SCRIPT, NARROW, DARK, ZOOMED], indirect=True)
def test_the_walkthrough_works_with_the_mouse(page: Page, served: str) -> None:
    page.goto(served)
    page.get_by_label("Search", exact=True).fill("bpf_getsockops")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/?q=bpf_getsockops")
    if page.locator("#filters:not([open])").count():  # folded by the script in a narrow window
        page.locator("#filters > summary").click()
    page.locator("#kernel-v4\\.15").check()
    if page.locator("html:not(.scripted)").count():
        page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url(re.compile(r"kernel=v4\.15"))
    page.locator("link[rel=canonical][href*='kernel=v4.15']").wait_for(state="attached")
    expect_first_hit(page, STORY)
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(re.compile(f"{STORY}$"))
    expect(page.locator(".links a[href*='plain=1#L34']")).to_have_count(1)
    expect(page.locator(".links a[href*=':~:text=']").first).to_be_visible()


def test_the_walkthrough_works_with_the_keyboard_only(page: Page, served: str) -> None:
    page.goto(served)
    page.keyboard.press("/")
    page.keyboard.type("bpf_getsockops")
    page.keyboard.press("Enter")
    wait_for_answer(page, "/?q=bpf_getsockops")
    page.locator("#kernel-v4\\.15").focus()
    page.keyboard.press("Space")
    wait_for_answer(page, "/?kernel=v4.15&q=bpf_getsockops")
    expect(page.locator("#kernel-v4\\.15")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(f"{STORY}$"))


def test_a_filter_applies_at_once_and_keeps_scroll_and_title(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.evaluate("scrollTo({ top: 300, behavior: 'instant' })")
    page.locator("#kind-talk").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 100
    page.locator("#kind-talk").check()
    wait_for_answer(page, "/?kind=talk&q=xdp")
    assert page.evaluate("scrollY") == before
    expect(page).to_have_title(re.compile("^xdp; kind talk"))
    assert page.locator("link[rel=canonical]").evaluate_all("found => found.map((each) => each.href)") == [page.url]
    expect(page.locator("link[type='application/atom+xml']")).to_have_attribute("href", re.compile("kind=talk"))
    expect(page.locator("#status")).to_have_text(re.compile(r"^\d+ entries$"))


def test_back_and_forward_show_what_was_shown(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=sockmap")
    shown = page.locator("p.total").inner_text()
    page.locator("#kernel-v4\\.15").check()
    wait_for_answer(page, "/?kernel=v4.15&q=sockmap")
    fewer = page.locator("p.total").inner_text()
    assert shown != fewer
    page.go_back()
    wait_for_answer(page, "/?q=sockmap")
    expect(page.locator("p.total")).to_have_text(shown)
    page.go_forward()
    wait_for_answer(page, "/?kernel=v4.15&q=sockmap")
    expect(page.locator("p.total")).to_have_text(fewer)


def test_names_are_suggested_as_one_types(page: Page, served: str) -> None:
    page.goto(served)
    box, option = box_of(page), suggested(page, "bpf_gets").first
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    box.press("Enter")
    wait_for_answer(page, "/?q=bpf_getsockops")
    expect_first_hit(page, STORY)


def test_escape_closes_the_suggestions_and_leaves_what_was_typed(page: Page, served: str) -> None:
    page.goto(served)
    suggested(page, "sock")
    box_of(page).press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box_of(page)).to_have_value("sock")


def test_the_keys_can_be_switched_off(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.get_by_label("Keyboard shortcuts:").uncheck()
    page.locator("main").click(position={"x": 2, "y": 2})
    page.keyboard.press("j")
    expect(page.locator("article.current")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Keyboard shortcuts:")).not_to_be_checked()


def test_a_filter_that_is_taken_away_leaves_the_focus_at_the_hits(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp&kind=talk")
    page.locator(".chips a").focus()
    page.keyboard.press("Enter")
    wait_for_answer(page, "/?q=xdp")
    expect(page.locator("#results")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#results :focus")).to_have_count(1)


def test_hits_are_sorted_at_once_and_the_menu_keeps_the_focus(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.get_by_label("Sort by").focus()
    page.get_by_label("Sort by").select_option("oldest")
    wait_for_answer(page, "/?q=xdp&sort=oldest")
    expect(page.locator("#sort")).to_be_focused()
    expect(page.locator("ol.hits time").first).to_have_text("2 May 2017")


def test_a_jump_within_the_page_sends_no_request_and_keeps_the_typed_words(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    box_of(page).fill("sockmap")
    page.locator(".skip").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#main$"))
    page.wait_for_timeout(200)  # for a request that must not be sent
    assert [url for url in asked if "/?" in url] == []
    expect(box_of(page)).to_have_value("sockmap")


def test_the_number_of_suggestions_is_announced_after_typing_stops(page: Page, served: str) -> None:
    page.clock.install()
    page.goto(served)
    page.evaluate(LISTEN)
    page.clock.pause_at(page.evaluate("Date.now() + 60_000"))  # from here on, time passes by order
    for words in ("xdp_", "redi", "rect"):
        box_of(page).press_sequentially(words)
        page.clock.run_for(SUGGESTED)
        page.locator(SHOWN).wait_for()
        page.clock.run_for(ANNOUNCED - 1)
        assert page.evaluate("said") == []
    page.clock.run_for(1)
    assert page.evaluate("said") == [f"{page.get_by_role('option').count()} suggestions"]
    ids = page.locator("[id]").evaluate_all("found => found.map(each => each.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [880, 900, 960, 1024, 1180, 1280])
def test_the_search_box_of_the_header_is_next_to_the_menu(page: Page, served: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 400})
    page.goto(f"{served}/about")
    menu, search = (page.locator(each).bounding_box() for each in ("header nav", "header form"))
    assert menu
    assert search
    assert menu["x"] + menu["width"] <= search["x"]
    assert abs(menu["y"] + menu["height"] / 2 - search["y"] - search["height"] / 2) < menu["height"] / 2
