"""The search of an exported site compared with the server's: first hits, corrections, names, excluded words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from indexer.engines.local import open_catalog
from indexer.sources.archive import Archive
from indexer.views.examples import query_examples
from tests.browser.alike import compared, same
from tests.browser.waiting import expect, wait_for_counts
from webui.export.site import examples

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ENOUGH = 0.9  # of the searches have the same first hit
MOST_NAMES = 12
# Words whose correction, stem, other name or place side by side the search has to know.
TRICKY = (
    "sockmpa",
    "bpf_overide_function",
    "socket redirects",
    "sock map",
    "BPF_PROG_TYPE_SOCK_OPS",
    '"load averages"',
)


def test_samples_have_the_same_first_hit_as_on_the_server(disk: Page, exported: Path, archive: Archive) -> None:
    catalog = open_catalog(archive.data)
    samples = [each.query for rows in query_examples(catalog).values() for each in rows]
    names = [term.text for term in catalog.terms("identifier")]
    names = names[:: max(1, len(names) // MOST_NAMES)]
    understood = [query.text for query, _ in examples(catalog)]
    searches = [urlencode({"q": text}) for text in (*(text for text in samples if text in understood), *names, *TRICKY)]
    found = compared(disk, exported, archive.data, searches)
    assert same(found) >= ENOUGH, [each for each in found if each.served != each.exported]


def searched(page: Page, exported: Path, **args: str) -> list[str]:
    """Return the text above the hits of a search."""
    page.goto(f"{(exported / 'search.html').as_uri()}?{urlencode(args)}")
    wait_for_counts(page)
    return page.locator("p.notice").all_text_contents()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sockmpa", "sockmap"), ("xpd", "xdp"), ("xdpp", "xdp"), ("bfp_getsockops", "bpf_getsockops")],
)
def test_a_correction_is_reported(disk: Page, exported: Path, typed: str, meant: str) -> None:
    assert searched(disk, exported, q=typed) == [f"Showing results for {meant}; no entry contains {typed}."]


def test_an_entry_with_most_of_the_words_is_found_where_none_has_all(disk: Page, exported: Path) -> None:
    said = searched(disk, exported, q="bpf_getsockops suricata flamegraph")
    assert said == ["No entry contains all your words. Showing the closest matches."]
    expect(disk.locator("ol.hits li").first).to_be_visible()


def test_words_in_no_entry_find_nothing(disk: Page, exported: Path) -> None:
    searched(disk, exported, q="zzqqzz")
    expect(disk.get_by_role("heading", name="Nothing found")).to_be_visible()


def test_a_search_loads_only_the_parts_that_it_needs(disk: Page, exported: Path) -> None:
    loaded: list[str] = []
    disk.set_viewport_size({"width": 400, "height": 800})
    disk.on("request", lambda request: loaded.append(Path(request.url.partition("?")[0]).name))
    searched(disk, exported, q="bpf_getsockops")
    parts = [name for name in loaded if (exported / "search" / name).is_file()]
    assert sum((exported / "search" / name).stat().st_size for name in parts) < 300_000
    assert not [name for name in parts if name.startswith(("facet", "spelling", "places"))]


def test_filters_are_counted_once_they_are_unfolded(disk: Page, exported: Path) -> None:
    disk.set_viewport_size({"width": 400, "height": 800})
    searched(disk, exported, q="sockmap")
    disk.locator("#filters > summary").click()
    disk.locator("#kind-patch").check()
    disk.wait_for_url("**kind=patch**")


def test_an_entry_that_is_only_a_title_is_found_on_the_page_that_it_shares(disk: Page, exported: Path) -> None:
    searched(disk, exported, q="dev_map_alloc")
    disk.locator("ol.hits h2 a").first.click()
    disk.wait_for_url("**/together/bpf-updates/9/**#**")
    title = "[PATCH net-next] bpf: dev_map_alloc() shouldn't return NULL"
    expect(disk.locator("article:target h2")).to_have_text(title)
