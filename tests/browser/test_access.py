"""What keeps people from using a page, beyond axe-core: colours, zoom, targets, focus, motion, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.browser.waiting import expect, suggested
from tests.pages import PAGE_TYPES, PageType

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FORCED = pytest.param({"forced_colors": "active"}, id="forced colours")
STILL = pytest.param({"reduced_motion": "reduce"}, id="reduced motion")
# 400 % of a window of 1280 by 1024 pixels leaves 320 by 256.
ZOOMED = pytest.param({"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}, id="400 %")
each_type = pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.name)
# Links in a sentence and on a line of a list may be smaller, as WCAG 2.2 (2.5.8) has it.
CONTROLS = "button, summary, input, select, nav a, .links a, .chips a, .inline a, th a"
SMALL = """(controls) => [...document.querySelectorAll(controls)]
  .filter((each) => each.checkVisibility() && !each.closest("[hidden]"))
  .map((each) => [each.outerHTML.slice(0, 80), (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height < 23.5)
  .map(([html]) => html)"""


@pytest.mark.parametrize("page", [FORCED, {"color_scheme": "dark"}, {"color_scheme": "light"}], indirect=True)
def test_the_selected_suggestion_differs_from_the_others(page: Page, served: str) -> None:
    page.goto(served)
    options = suggested(page, "bpf_")
    page.keyboard.press("ArrowDown")
    colours = options.evaluate_all("found => found.map((each) => getComputedStyle(each).backgroundColor)")
    assert len(colours) > 1
    assert colours[0] not in colours[1:]


@each_type
def test_every_control_is_24_pixels_high(page: Page, served: str, kind: PageType) -> None:
    page.goto(served + kind.path)
    assert page.evaluate(SMALL, CONTROLS) == []


@pytest.mark.parametrize("page", [ZOOMED], indirect=True)
@each_type
def test_nothing_scrolls_sideways_at_400_percent(page: Page, served: str, kind: PageType) -> None:
    page.goto(served + kind.path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("h1")).to_have_count(1)


def test_the_focus_goes_from_the_box_over_filters_to_hits(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.locator("#q").focus()
    visited = []
    for _ in range(200):
        page.keyboard.press("Tab")
        visited.append(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        if page.evaluate("document.activeElement.closest('.hits') !== null"):
            break
    assert visited == sorted(visited)
    assert page.evaluate("document.activeElement.closest('.hits') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_a_skip_link_leads_past_the_filters(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    page.get_by_role("link", name="Skip the filters").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#results:focus")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("#results :focus")).to_have_count(1)


@pytest.mark.parametrize("page", [STILL], indirect=True)
def test_nothing_moves_where_motion_is_reduced(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=xdp")
    moving = page.evaluate("""[...document.querySelectorAll("*")].filter((each) => {
      const style = getComputedStyle(each);
      return style.transitionDuration !== "0s" || style.animationName !== "none";
    }).length""")
    assert moving == 0


def test_a_search_on_paper_has_its_query_and_hits_and_no_buttons(page: Page, served: str) -> None:
    page.goto(f"{served}/?q=bpf_getsockops&kernel=v4.15")
    page.emulate_media(media="print")
    expect(page.locator("button:visible, select:visible, nav:visible, .side:visible")).to_have_count(0)
    expect(page.locator("#q")).to_be_visible()
    expect(page.locator("#q")).to_have_value("bpf_getsockops")
    expect(page.locator(".hits h2").first).to_be_visible()


@pytest.mark.parametrize("page", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_a_citation_is_copied_and_that_is_announced(page: Page, served: str) -> None:
    page.goto(f"{served}/entry/{pages.STORY}")
    page.get_by_text("BibTeX", exact=True).click()
    expect(page.locator("#status")).to_have_text("Copied as BibTeX.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{bpf-updates/13/new-helper-function")
    assert page.locator("#status").get_attribute("role") == "status"


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_a_table_is_sorted_without_a_script(page: Page, served: str) -> None:
    page.goto(f"{served}/author/")
    page.get_by_role("link", name="Name", exact=True).click()
    page.wait_for_url("**/author/?sort=name")
    names = page.locator("tbody td:first-child").all_text_contents()
    assert names == sorted(names, key=str.casefold)
