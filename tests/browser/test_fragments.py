"""The link to an entry's original scrolls a real browser to that entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexer.model import Entry
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
addEventListener("load", () => setTimeout(() => { main.innerHTML = text; }, 1500));
</script>"""


def opened(chromium: Browser, address: str, wait: int = 900) -> Page:
    page = chromium.new_page(viewport={"width": 1000, "height": 700})
    page.route(OTHER_HOSTS, lambda route: route.abort())
    page.goto(address, wait_until="load")
    page.wait_for_timeout(wait)
    return page


def fragment(entry: Entry) -> str:
    return str(entry.original_url).partition("#")[2]


@pytest.mark.parametrize(("number", "n"), TWELVE)
def test_the_page_scrolls_to_the_entry(
    chromium: Browser, site: Callable[[str], str], shared: Path, number: int, n: int
) -> None:
    entry = retold(number).entries[n - 1]
    html = (shared / "originals-html" / f"bpf-updates-{number:02d}.html").read_text(encoding="utf-8")
    page = opened(chromium, f"{site(html)}#{fragment(entry)}")
    assert page.evaluate("scrollY") > 0
    assert page.evaluate(IN_VIEW, entry.locator)
    page.close()


def test_a_fragment_finds_nothing_in_a_text_that_a_script_puts_in_over_a_second_late(
    chromium: Browser, site: Callable[[str], str], shared: Path
) -> None:
    entry = retold(13).entries[99]
    html = (shared / "originals-html" / "bpf-updates-13.html").read_text(encoding="utf-8")
    page = opened(chromium, f"{site(html.replace('</body>', LATE + '</body>'))}#{fragment(entry)}", wait=2500)
    assert entry.locator in page.inner_text("main")
    assert page.evaluate("scrollY") == 0
    page.close()
