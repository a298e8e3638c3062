"""The questions of the front page are answered within three clicks, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.waiting import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
NO_SCRIPT = pytest.param({"java_script_enabled": False}, id="no script")
NARROW = pytest.param({"viewport": {"width": 390, "height": 800}}, id="390 pixels")
windows = pytest.mark.parametrize("page", [{}, NO_SCRIPT, NARROW], indirect=True)
MOST_CLICKS = 3


@pytest.fixture
def click(page: Page, served: str) -> Callable[[Locator], None]:
    """Open the front page. Return a function that clicks a link on it, and fails if it is called too often."""
    page.goto(served)
    clicks = iter(range(MOST_CLICKS))

    def clicked(link: Locator) -> None:
        assert next(clicks, None) is not None, f"More than {MOST_CLICKS} clicks."
        with page.expect_navigation():
            link.click()

    return clicked


@windows
def test_what_was_new_in_a_version_for_a_topic_is_one_click_away(page: Page, click: Callable[[Locator], None]) -> None:
    click(page.get_by_role("link", name="what was new in v4.14 for XDP"))
    expect(page.locator(".chips")).to_contain_text("Kernel version: v4.14 (from your words)")
    expect(page.locator(".chips")).to_contain_text("Topic: XDP (from your words)")
    first = page.locator("ol.hits > li").first
    expect(first).to_contain_text("The XDP redirect series has been merged")
    expect(first).to_contain_text("landed in v4.14")
    click(first.get_by_role("heading").get_by_role("link"))
    expect(page.get_by_role("link", name="Read in BPF Updates 9")).to_be_visible()
    expect(page.locator(".out a[href*='git.kernel.org']").first).to_be_visible()


@windows
def test_the_features_of_a_version_lead_to_commits_and_entries(page: Page, click: Callable[[Locator], None]) -> None:
    click(page.locator(".tiles a", has_text="v4.14"))
    features = page.locator("#feature + table")
    assert features.locator("a[href*='git.kernel.org']").count() > 3
    click(features.locator("td:first-child a").first)
    expect(page.get_by_role("link", name="landed in v4.14")).to_be_visible()
    expect(page.locator(".briefs a.title").first).to_be_visible()


@windows
def test_whether_a_feature_landed_when_and_where_it_was_discussed(page: Page, click: Callable[[Locator], None]) -> None:
    click(page.get_by_role("link", name="did the ARM JIT land"))
    first = page.locator("ol.hits > li").first
    expect(first).to_contain_text("landed in v4.14")
    expect(first).to_contain_text("29 Aug 2017")
    click(first.get_by_role("heading").get_by_role("link"))
    expect(page.locator("h2:text-is('Outcome') + *")).to_contain_text("Merged in")
    expect(page.locator(".out").get_by_role("link", name="Commit 39c13c204bb1")).to_be_visible()
    discussion = page.get_by_role("link", name="Discussion on lore.kernel.org").first
    expect(discussion).to_have_attribute("href", re.compile("eBPF%20JIT%20compiler"))
    click(page.get_by_role("link", name="arm: eBPF JIT compiler", exact=True))
    expect(page.get_by_role("heading", name="Version 4")).to_be_visible()
    assert page.locator(".briefs").get_by_role("link", name="Discussion").count() >= 3
