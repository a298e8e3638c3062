"""The link to an entry's original scrolls a real browser to that entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexer.model import Entry
from tests.browser.waiting import expect, new_profile
from tests.issues import retold

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.shared]
OTHER_HOSTS = re.compile(r"^(?!http://127\.)")
# The innermost element that holds the words, and whether it is in the window.
IN_VIEW = """words => {
  const holds = [...document.querySelectorAll("p, li, h2, h3, h4, blockquote")]
    .filter(element => element.textContent.replace(/\\s+/g, " ").includes(words));
  if (!holds.length) return false;
  const shortest = holds.reduce((a, b) => b.textContent.length <= a.textContent.length ? b : a);
  const box = shortest.getBoundingClientRect();
  return box.top > -5 && box.top < innerHeight;
}"""
TWELVE = [(13, n) for n in (5, 20, 100, 200, 223)] + [(10, n) for n in (14, 20, 21)] + [(8, n) for n in (9, 60)]
TWELVE += [(11, 19), (1, 30)]
LATE = """<script>
const main = document.querySelector("main"), text = main.innerHTML;
main.innerHTML = "";
// Chromium looks for the last time in the frame after 500 milliseconds that follow a frame. This waits for such frames.
const frames = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
addEventListener("load", () => frames(() => setTimeout(() => frames(() => { main.innerHTML = text; }), 1500)));
</script>"""


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """Return a page that reaches no other host."""
    context = new_profile(chromium, viewport={"width": 1000, "height": 700})
    context.route(OTHER_HOSTS, lambda route: route.abort())
    yield context.new_page()
    context.close()


def fragment(entry: Entry) -> str:
    return str(entry.original_url).partition("#")[2]


@pytest.mark.parametrize(("number", "n"), TWELVE)
def test_the_page_scrolls_to_the_entry(
    window: Page, site: Callable[[str], str], shared: Path, number: int, n: int
) -> None:
    entry = retold(number).entries[n - 1]
    html = (shared / "originals-html" / f"bpf-updates-{number:02d}.html").read_text(encoding="utf-8")
    window.goto(f"{site(html)}#{fragment(entry)}")
    window.wait_for_function(IN_VIEW, arg=entry.locator)
    assert window.evaluate("scrollY") > 0


def test_a_fragment_finds_nothing_in_a_text_that_a_script_puts_in_over_a_second_late(
    window: Page, site: Callable[[str], str], shared: Path
) -> None:
    entry = retold(13).entries[99]
    html = (shared / "originals-html" / "bpf-updates-13.html").read_text(encoding="utf-8")
    window.goto(f"{site(html.replace('</body>', LATE + '</body>'))}#{fragment(entry)}")
    expect(window.locator("main")).to_contain_text(entry.locator)
    window.wait_for_timeout(1000)
    assert window.evaluate("scrollY") == 0
