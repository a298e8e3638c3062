"""Waiting for what the scripts of a page show: results and suggestions of the last input, however slow the machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

PATIENCE = 120_000  # milliseconds; only a test that would fail anyway waits that long
SETTLED = "() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))"
SHOWN = "#suggestions:not([hidden])[aria-busy=false]"


def expect(actual: Page | Locator) -> Any:
    """Return the assertions that wait until they hold. Playwright is imported late: other tests run without it."""
    from playwright import sync_api

    sync_api.expect.set_options(timeout=PATIENCE)
    return sync_api.expect(actual)


def new_profile(chromium: Browser, **settings: object) -> BrowserContext:
    """Return a new browser profile, whose pages wait patiently."""
    context = chromium.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    return context


def wait_for_answer(page: Page, address: str) -> None:
    """Wait for the URL and its results on a served page."""
    page.wait_for_url(re.compile(re.escape(address) + "$"))
    page.locator(f'link[rel=canonical][href$="{address}"]').wait_for(state="attached")


def wait_for_counts(page: Page) -> None:
    """Wait for the results of the URL, and for their filters if these are unfolded, in an exported site."""
    page.locator("#answer[aria-busy=false]").wait_for()


def box_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search", exact=True)


def suggested(page: Page, words: str) -> Locator:
    """Type words into the search box. Return the suggestions for all of them, never those for the first letters."""
    box_of(page).press_sequentially(words)
    page.locator(SHOWN).wait_for()
    return page.locator(SHOWN).get_by_role("option")


class Held:
    """Requests of a page for a URL pattern, held back until they are released."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(pattern, lambda route: self.routes.append(route))

    def wait(self, words: str = "") -> Route:
        """Wait for a request with words in its URL, and return it."""
        for _ in range(PATIENCE // 20):
            for route in self.routes:
                if words in route.request.url:
                    return route
            self.page.wait_for_timeout(20)
        raise AssertionError(f"There was no request with {words} among {self.routes}.")

    def release(self, route: Route, **answer: object) -> None:
        """Answer a request, or let the server do it, and wait until the page has read the answer."""
        with self.page.expect_event("requestfinished", lambda request: request.url == route.request.url):
            if answer:
                route.fulfill(**answer)  # type: ignore[arg-type]
            else:
                route.continue_()
        self.page.evaluate(SETTLED)
