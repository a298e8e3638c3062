"""axe-core finds nothing on any type of page: wide and narrow, light and dark, with suggestions, in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.waiting import box_of, expect, suggested
from tests.pages import PAGE_TYPES, PageType

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NARROW = pytest.param({"viewport": {"width": 320, "height": 640}}, id="320 pixels")
DARK = pytest.param({"color_scheme": "dark"}, id="dark")
FORCED = pytest.param({"forced_colors": "active"}, id="forced colours")
LIGHT = pytest.param({"color_scheme": "light"}, id="light")
each_type = pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.name)
# The recommendations of WCAG 2.2 at the levels A and AA, and what axe-core calls good practice beside them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"]}


def violations(page: Page, within: str | None = None) -> list[str]:
    """Return axe-core's findings: the rule and the elements that break it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs axe-core")
    found = axe.Axe().run(page, within, options=OPTIONS).response
    assert len(found["passes"]) > 5  # it looked
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("page", [LIGHT], indirect=True)
@each_type
def test_axe_finds_no_violation_light_dark_and_narrow(page: Page, served: str, kind: PageType) -> None:
    page.goto(served + kind.path)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert violations(page) == []


@pytest.mark.parametrize("page", [FORCED], indirect=True)
@each_type
def test_axe_finds_no_violation_in_forced_colours(page: Page, served: str, kind: PageType) -> None:
    page.goto(served + kind.path)
    assert violations(page) == []


@pytest.mark.parametrize("page", [LIGHT, DARK], indirect=True)
def test_axe_finds_no_violation_while_names_are_suggested(page: Page, served: str) -> None:
    page.goto(served)
    suggested(page, "bpf_")
    box_of(page).press("ArrowDown")
    assert violations(page, "main .box") == []  # what lies under the list is cut by it


@pytest.mark.parametrize("page", [NARROW], indirect=True)
@each_type
def test_nothing_is_wider_than_a_narrow_window(page: Page, served: str, kind: PageType) -> None:
    page.goto(served + kind.path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_issue_on_paper_has_its_entries_and_neither_forms_nor_navigation(page: Page, served: str) -> None:
    page.goto(f"{served}/issue/bpf-updates/13")
    page.emulate_media(media="print")
    expect(page.locator("form:visible, nav:visible, button:visible, footer:visible")).to_have_count(0)
    assert page.locator(".briefs .title:visible").count() > 50
    expect(page.locator("h1")).to_be_visible()
