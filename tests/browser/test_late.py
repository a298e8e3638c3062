"""Responses that arrive late or out of order undo nothing that was done meanwhile: no selection, focus or text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.waiting import Held, box_of, expect, suggested, wait_for_answer, wait_for_counts

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LEAVING = 150  # milliseconds from the loss of the focus until the suggestions close
NARROW = pytest.param({"viewport": {"width": 400, "height": 800}}, id="400 pixels")


def selected(page: Page) -> list[str]:
    return page.locator("[role=option][aria-selected=true]").all_text_contents()


def held_after_a_list(page: Page, served: str, first: str, more: str) -> Held:
    """Type words whose suggestions are shown, then more words. Return the requests for suggestions of those."""
    page.goto(f"{served}/?q=xdp")
    box_of(page).fill("")
    suggested(page, first)
    held = Held(page, "**/suggest?*")
    box_of(page).press_sequentially(more)
    return held


def test_a_list_from_which_one_selects_is_not_replaced(page: Page, served: str) -> None:
    held = held_after_a_list(page, served, "bpf_get", "sockops")
    late = held.wait("bpf_getsockops")
    box_of(page).press("ArrowDown")
    before = selected(page)
    assert before
    held.release(late)
    assert selected(page) == before
    expect(page.locator("#suggestions")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("shown", [False, True], ids=["before the first list", "between two lists"])
def test_suggestions_do_not_open_after_escape(page: Page, served: str, shown: bool) -> None:
    page.goto(f"{served}/?q=xdp")
    box_of(page).fill("")
    if shown:
        suggested(page, "so")
    held = Held(page, "**/suggest?*")
    box_of(page).press_sequentially("ck" if shown else "sock")
    late = held.wait("q=sock")
    box_of(page).dispatch_event("keydown", {"key": "Escape"})  # for which no browser clears the field
    held.release(late)
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_suggestions_do_not_open_over_the_hits(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    held = Held(page, "**/suggest?*")
    box_of(page).fill("sockmap")
    late = held.wait()
    box_of(page).press("Enter")
    wait_for_answer(page, "/?q=sockmap")
    held.release(late)
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_suggestions_do_not_open_after_going_back(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    box_of(page).fill("sockmap")
    box_of(page).press("Enter")
    wait_for_answer(page, "/?q=sockmap")
    held = Held(page, "**/suggest?*")
    box_of(page).fill("verifier")
    late = held.wait()
    page.go_back()
    wait_for_answer(page, "/?q=xdp")
    held.release(late)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box_of(page)).to_have_value("xdp")


def test_suggestions_stay_if_the_focus_comes_back_at_once(page: Page, served: str) -> None:
    page.clock.install()
    page.goto(served)
    suggested(page, "sock")
    page.clock.pause_at(page.evaluate("Date.now() + 60_000"))
    box_of(page).blur()
    box_of(page).focus()
    page.clock.run_for(LEAVING)
    expect(page.get_by_role("listbox")).to_be_visible()
    box_of(page).blur()
    page.clock.run_for(LEAVING)
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_suggestions_that_break_off_close_the_list(page: Page, served: str) -> None:
    held = held_after_a_list(page, served, "so", "ck")
    held.release(held.wait("q=sock"), body='{"sugges', content_type="application/json")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_results_that_arrive_out_of_order_are_those_of_the_last_filter(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    held = Held(page, "**/?*kind=*")
    page.locator("#kind-talk").check()
    first = held.wait("kind=talk")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    page.locator("#kind-patch").check()
    held.release(held.wait("kind=patch"))
    wait_for_answer(page, "/?kind=patch&kind=talk&q=xdp")
    held.release(first)
    wait_for_answer(page, "/?kind=patch&kind=talk&q=xdp")
    expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")


@pytest.fixture
def found(exported: Path) -> Callable[[str], str]:
    """Return a function that returns the URL of a search of the exported archive."""
    return lambda args: f"{(exported / 'search.html').as_uri()}?{args}"


def test_the_order_can_be_changed_while_filters_are_counted(page: Page, found: Callable[[str], str]) -> None:
    held = Held(page, "**/facet-kernel.js?*")
    page.goto(found("q=sockmap"), wait_until="commit")
    late = held.wait()
    page.locator("#sort").select_option("oldest")
    held.release(late)
    page.wait_for_url("**/search.html?q=sockmap&sort=oldest")
    wait_for_counts(page)
    expect(page.locator("#sort")).to_have_value("oldest")


@pytest.mark.parametrize("page", [NARROW], indirect=True)
def test_filters_that_are_not_counted_yet_apply_to_the_next_search(page: Page, found: Callable[[str], str]) -> None:
    page.goto(found("kind=talk&q=kernel:4.15+xdp"))
    wait_for_counts(page)
    page.locator("#sort").select_option("oldest")
    page.wait_for_url("**/search.html?kernel=v4.15&kind=talk&q=xdp&sort=oldest")
    wait_for_counts(page)
    page.locator("#filters > summary").click()
    page.locator("#kind-talk").uncheck()
    page.wait_for_url("**/search.html?kernel=v4.15&q=xdp&sort=oldest")


def test_words_that_are_typed_while_results_are_loaded_stay(page: Page, found: Callable[[str], str]) -> None:
    held = Held(page, "**/records-*.js?*")
    page.goto(found("q=bpf_getsockops"), wait_until="commit")
    late = held.wait()
    page.locator("#q").fill("verifier")
    for route in dict.fromkeys([late, *held.routes]):
        held.release(route)
    wait_for_counts(page)
    expect(page.locator("#q")).to_have_value("verifier")
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    expect(page.locator("#q")).to_have_value("verifier")


def test_the_focus_stays_where_one_moved_it_while_filters_are_counted(page: Page, found: Callable[[str], str]) -> None:
    start, counts = Held(page, "**/start.js?*"), Held(page, "**/facet-kernel.js?*")
    page.goto(found("q=sockmap"), wait_until="commit")
    early = start.wait()
    page.locator("#q").focus()
    start.release(early)
    late = counts.wait()
    expect(page.locator("#q")).to_be_focused()
    page.locator("#sort").focus()
    counts.release(late)
    wait_for_counts(page)
    expect(page.locator("#sort")).to_be_focused()


def test_notices_are_in_the_order_of_the_words(page: Page, found: Callable[[str], str]) -> None:
    held = Held(page, "**/spelling-s.js?*")
    page.goto(found("q=sockmpa+bfp_getsockops"), wait_until="commit")
    late = held.wait()
    page.wait_for_timeout(300)  # for the other word, which could be reported first
    held.release(late)
    wait_for_counts(page)
    said = page.locator("p.notice").all_text_contents()
    assert [each.split()[3].rstrip(";") for each in said if each.startswith("Showing results for")] == [
        "sockmap",
        "bpf_getsockops",
    ]


def test_a_failure_is_no_longer_reported_once_a_search_succeeds(disk: Page, found: Callable[[str], str]) -> None:
    disk.route("**/records-*.js?*", lambda route: route.abort(), times=1)
    disk.goto(found("q=bpf_getsockops"))
    expect(disk.get_by_role("alert")).to_contain_text("could not be loaded")
    disk.locator("#q").press("Enter")
    wait_for_counts(disk)
    expect(disk.locator("ol.hits li").first).to_be_visible()
    expect(disk.get_by_role("alert")).to_have_count(0)
