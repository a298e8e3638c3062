"""The search box of the manual, on a page of another site, searches an exported and a served archive."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.waiting import expect
from tests.docs.parts import DOCS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SNIPPET = re.search(
    r"^```html\n(?P<html><form.*?)^```", (DOCS / "publishing.md").read_text(encoding="utf-8"), re.M | re.S
)
PAGE = (
    "<!DOCTYPE html><html lang=en><link rel=icon href=data:,><title>Our newsletter</title><h1>Our newsletter</h1>{form}"
)


def box(action: str, inside: str = "") -> str:
    """Return a page of the newsletter's site with the manual's search box for a URL."""
    assert SNIPPET
    form = SNIPPET["html"].replace("https://example.org/archive/search.html", action)
    return PAGE.format(form=form.replace("<button>", f"{inside}<button>"))


def searched(page: Page, words: str) -> str:
    page.get_by_label("Search the back issues").fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name="Search").click()
    first = page.locator("article h2, article h3, .hit h2, .hit h3, main li h2, main li h3").first
    return first.inner_text()


def test_the_box_searches_an_exported_archive(page: Page, site: Callable[[str], str], below: str) -> None:
    page.goto(site(box(f"{below}/search.html")))
    assert "bpf_getsockops" in searched(page, "bpf_getsockops")
    assert page.url.startswith(f"{below}/search.html?q=bpf_getsockops")


def test_the_box_searches_a_served_archive(page: Page, site: Callable[[str], str], served: str) -> None:
    page.goto(site(box(f"{served}/")))
    assert "bpf_getsockops" in searched(page, "bpf_getsockops")
    assert page.url.startswith(f"{served}/?q=bpf_getsockops")


def test_a_hidden_field_is_a_filter(page: Page, site: Callable[[str], str], served: str) -> None:
    page.goto(site(box(f"{served}/", '<input type="hidden" name="kind" value="talk">')))
    searched(page, "xdp")
    assert "kind=talk" in page.url
    expect(page.locator("input[name=kind][value=talk]").first).to_be_checked()


def test_an_empty_box_is_not_sent(page: Page, site: Callable[[str], str], served: str) -> None:
    address = site(box(f"{served}/"))
    page.goto(address)
    page.get_by_role("button", name="Search").click()
    assert page.url == address
